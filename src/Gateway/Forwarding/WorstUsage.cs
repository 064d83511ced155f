using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Readings;
using Guerdon.Gateway.Admission;
using Guerdon.Pricing.Costing;
using Guerdon.Relay.Answers;

namespace Guerdon.Gateway.Forwarding;

/// <summary>
/// The most that a call can still cost once nobody listens to its provider any more: its hold, or less where the
/// provider has told the input. The usage report corrects it.
/// </summary>
internal static class WorstUsage
{
    /// <param name="reading">What the answer said until then.</param>
    /// <param name="call">What was asked.</param>
    /// <param name="hold">What is held for it.</param>
    public static MeasuredUsage Of(in UsageReading reading, in CallFacts call, Hold hold)
    {
        // The input it told is not final where the provider runs tools by itself, since
        // they make it grow while it works.
        var isTold = reading is { HasInput: true } && !call.ReadsBeyondBody && call.BuiltInTools == 0
            && reading.Input + reading.CacheRead + reading.CacheWrite > 0;
        var (price, value, media) = (hold.Call.Price, hold.Call.TokenValueNanos, MediaRules.MayUse(call));
        Usage[] inputs = isTold
            ? [UsageRules.InputOf(call.Api.Dialect, reading)]
            : [.. Inputs(hold.Call.InputBound, media)];
        var dearest = inputs.SelectMany(input => WithOutput(input, hold.OutputCap + hold.Call.BesideCap, media))
            .MaxBy(usage => Cost.Of(price, usage, value).Charge.Milli);
        return new MeasuredUsage(dearest, IsEstimate: true);
    }

    // In any one class that it can fall in, since only that is sure to cover every mix (as in Cost.AtMost).
    private static IEnumerable<Usage> Inputs(long tokens, Media media)
    {
        yield return new Usage(tokens, 0, 0, 0, 0, 0);
        yield return new Usage(0, 0, tokens, 0, 0, 0);
        yield return new Usage(0, 0, 0, tokens, 0, 0);
        if ((media & Media.AudioInput) != 0) yield return new Usage(tokens, 0, 0, 0, 0, 0) { AudioInput = tokens };
        if ((media & Media.ImageInput) != 0) yield return new Usage(tokens, 0, 0, 0, 0, 0) { ImageInput = tokens };
    }

    private static IEnumerable<Usage> WithOutput(Usage input, long tokens, Media media)
    {
        yield return input with { Output = tokens };
        if ((media & Media.AudioOutput) != 0) yield return input with { Output = tokens, AudioOutput = tokens };
        if ((media & Media.ImageOutput) != 0) yield return input with { Output = tokens, ImageOutput = tokens };
    }
}
