using Guerdon.Pricing.Costing;

namespace Guerdon.Pricing.Proposals;

/// <summary>One figure of a price, before and after.</summary>
/// <param name="Figure">Which, such as <c>input</c>, <c>tier output</c> or <c>web search fee</c>.</param>
/// <param name="Unit"><c>nanosPerMillion</c>, <c>nanos</c> or <c>tokens</c>.</param>
/// <param name="Was">In that unit; null where there was none.</param>
/// <param name="Becomes">In that unit; null where there is none any more.</param>
/// <param name="ChangePpm">By how many millionths it rises, rounded to the nearest, halves away from zero; null where
/// there was nothing, or 0, before.</param>
internal sealed record Change(string Figure, string Unit, long? Was, long? Becomes, long? ChangePpm);

/// <summary>What two prices differ in.</summary>
internal static class PriceChanges
{
    public const string Rate = "nanosPerMillion", Money = "nanos", Count = "tokens";

    /// <summary>Every figure that differs; for a model without a price so far, every figure.</summary>
    public static IReadOnlyList<Change> Between(Price? was, Price becomes)
    {
        var before = was is null ? [] : Figures(was).ToDictionary(f => f.Figure, f => f.Value);
        return
        [
            .. Figures(becomes)
                .Where(f => before.GetValueOrDefault(f.Figure) != f.Value)
                .Select(f => Of(f, before.GetValueOrDefault(f.Figure))),
        ];
    }

    /// <summary>Whether a call costs the same by both, and is bounded the same. Who says so is no part of it.</summary>
    public static bool AreSame(Price a, Price b) =>
        (a with { Id = b.Id, Model = b.Model, EffectiveFrom = b.EffectiveFrom, Source = b.Source }) == b;

    /// <summary>Every figure of a price, in the order that people read them.</summary>
    public static IEnumerable<(string Figure, string Unit, long? Value)> Figures(Price price) =>
    [
        .. Of(price.Base, ""), ("over", Count, price.TierOver), .. Of(price.Tier, "tier "),
        ("context", Count, price.ContextTokens), ("max output", Count, price.MaxOutputTokens),
        ("per request", Money, price.PerRequest.Nanos), ("training", Rate, price.Training),
        .. Enum.GetValues<Media>().Where(kind => kind != Media.None)
            .Select(kind => (NameOf(kind), Rate, price.Base.Of(kind))),
        .. FeesOf(price),
    ];

    /// <summary>What the provider's own tools cost by the use.</summary>
    public static IEnumerable<(string Figure, string Unit, long? Value)> FeesOf(Price price) =>
        Enum.GetValues<HostedTool>().Select(tool => ($"{HostedTools.NameOf(tool)} fee", Money, price.Fees.Of(tool)));

    /// <summary>What people call a kind of media.</summary>
    public static string NameOf(Media kind) => kind switch
    {
        Media.AudioInput => "audio input",
        Media.ImageInput => "image input",
        Media.AudioOutput => "audio output",
        _ => "image output",
    };

    private static (string, string, long?)[] Of(Rates? rates, string prefix) =>
    [
        (prefix + "input", Rate, rates?.Input), (prefix + "cached input", Rate, rates?.CachedInput),
        (prefix + "cache write 5m", Rate, rates?.CacheWrite5m), (prefix + "cache write 1h", Rate, rates?.CacheWrite1h),
        (prefix + "output", Rate, rates?.Output),
    ];

    private static Change Of((string Figure, string Unit, long? Value) figure, long? was) =>
        new(figure.Figure, figure.Unit, was, figure.Value,
            was > 0 && figure.Value is { } becomes ? RisePpm(was.Value, becomes) : null);

    internal static long RisePpm(long was, long becomes)
    {
        var rise = (Int128)becomes - was;
        var ppm = (Int128.Abs(rise) * 2_000_000 + was) / ((Int128)2 * was);
        return (long)Int128.Min(ppm, long.MaxValue) * (rise < 0 ? -1 : 1);
    }
}
