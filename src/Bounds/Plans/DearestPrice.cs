using Guerdon.Kernel;
using Guerdon.Pricing.Costing;

namespace Guerdon.Bounds.Plans;

/// <summary>A row that no answer is charged by, for holding: in all it costs as much as the more expensive of two.
/// </summary>
public static class DearestPrice
{
    public static Price Of(Price one, Price other)
    {
        long? over = one.TierOver is null || other.TierOver is null
            ? one.TierOver ?? other.TierOver
            : Math.Min(one.TierOver.Value, other.TierOver.Value);
        return one with
        {
            Base = Of(one.Base, other.Base),
            TierOver = over,
            Tier = over is null ? null : Of(one.Tier ?? one.Base, other.Tier ?? other.Base),
            PerRequest = new Usd(Math.Max(one.PerRequest.Nanos, other.PerRequest.Nanos)),
            Fees = Of(one.Fees, other.Fees),
        };
    }

    private static Rates Of(Rates one, Rates other) => new(
        Math.Max(one.Input, other.Input), Math.Max(one.CachedInput, other.CachedInput),
        Math.Max(one.CacheWrite5m, other.CacheWrite5m), Math.Max(one.CacheWrite1h, other.CacheWrite1h),
        Math.Max(one.Output, other.Output))
    {
        AudioInput = Most(one.AudioInput, other.AudioInput), ImageInput = Most(one.ImageInput, other.ImageInput),
        AudioOutput = Most(one.AudioOutput, other.AudioOutput), ImageOutput = Most(one.ImageOutput, other.ImageOutput),
    };

    private static Fees Of(Fees one, Fees other) => new()
    {
        WebSearch = Most(one.WebSearch, other.WebSearch), WebFetch = Most(one.WebFetch, other.WebFetch),
        CodeExecution = Most(one.CodeExecution, other.CodeExecution),
        FileSearch = Most(one.FileSearch, other.FileSearch),
        GroundedPrompt = Most(one.GroundedPrompt, other.GroundedPrompt),
        MapsPrompt = Most(one.MapsPrompt, other.MapsPrompt),
        ImageGeneration = Most(one.ImageGeneration, other.ImageGeneration),
    };

    private static long? Most(long? one, long? other) =>
        one is null || other is null ? one ?? other : Math.Max(one.Value, other.Value);
}
