using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Readings;
using Guerdon.Pricing.Costing;

namespace Guerdon.Relay.Answers;

/// <summary>What an estimate may go by where the answer does not say.</summary>
/// <param name="TextBytes">Bytes of the request, images taken out.</param>
/// <param name="Images">Pictures in the request.</param>
/// <param name="InputBound">What was held for input: an estimate does not pass it.</param>
/// <param name="OutputCap">What was held for output.</param>
public readonly record struct EstimateBasis(long TextBytes, int Images, long InputBound, long OutputCap)
{
    /// <summary>What output is that nobody tells apart: the media that was asked for, or none, which is text.</summary>
    public Media OutputAs { get; init; }

    public static EstimateBasis Of(in CallFacts call, long inputBound, long outputCap) => new(
        call.BodyBytes - call.ImageBytes, call.Images, inputBound, outputCap)
    {
        OutputAs = MediaRules.OutputAs(call),
    };
}

/// <summary>Usage as it is priced.</summary>
/// <param name="Usage">Each token in one class.</param>
/// <param name="IsEstimate">Some of it is not the provider's count.</param>
public readonly record struct MeasuredUsage(Usage Usage, bool IsEstimate);

/// <summary>Turns what an answer said into usage with each token in one class, and fills what it left out.</summary>
public static class UsageRules
{
    // Both rules of thumb are the providers' own: a token is about four bytes of English, a picture about 1,500.
    private const int BytesPerToken = 4;
    private const int TokensPerImage = 1_500;

    public static MeasuredUsage Final(Dialect dialect, in UsageReading reading, in EstimateBasis basis)
    {
        // A count of nothing for something is a count that was never made.
        var hasOutput = basis.OutputCap == 0 // embeddings generate nothing, and say nothing of it
            || (reading.HasOutput && (reading.Output > 0 || reading.DeliveredBytes == 0));
        var saysNothing = reading.Input == 0 && reading.CacheRead == 0 && reading.CacheWrite == 0;
        var hasInput = reading.HasInput && !saysNothing;

        var input = hasInput ? dialect.InputOf(reading) : new Usage(EstimateInput(basis), 0, 0, 0, 0, 0);
        var output = hasOutput ? reading.Output : EstimateOutput(reading, basis);
        var usage = input with { Output = output, Reasoning = Math.Min(reading.Reasoning, output) };
        if (hasInput) usage = WithInputMedia(usage, reading);
        usage = WithOutputMedia(usage, reading, hasOutput && reading.TellsOutput ? Media.None : basis.OutputAs);
        return reading.Notes is { Iterations.Length: > 0 }
            ? OfRuns(dialect, reading, hasOutput ? 0 : output, !hasOutput)
            : new MeasuredUsage(usage, !hasInput || !hasOutput);
    }

    // Iterations are counted instead of the totals beside them, because those leave some of it out.
    private static MeasuredUsage OfRuns(Dialect dialect, in UsageReading reading, long leastOutput, bool isOpen)
    {
        var usage = default(Usage);
        foreach (var run in dialect.RunsOf(reading)) usage = usage.Plus(run.Usage);
        usage = usage with { Output = Math.Max(usage.Output, leastOutput) };
        return new MeasuredUsage(usage, IsEstimate: usage.Total == 0 || isOpen);
    }

    /// <summary>The input that an answer told, with its media told apart.</summary>
    public static Usage InputOf(Dialect dialect, in UsageReading reading) =>
        WithInputMedia(dialect.InputOf(reading), reading);

    // Parts larger than the whole are cut to it, because some of what is told apart may have come from the cache.
    private static Usage WithInputMedia(in Usage usage, in UsageReading reading)
    {
        var audio = Math.Min(reading.AudioInput, usage.Input);
        return usage with { AudioInput = audio, ImageInput = Math.Min(reading.ImageInput, usage.Input - audio) };
    }

    // Reasoning is left out of the media, since it is text whatever else the answer is made of.
    private static Usage WithOutputMedia(in Usage usage, in UsageReading reading, Media all)
    {
        var said = usage.Output - usage.Reasoning;
        if (all == Media.AudioOutput) return usage with { AudioOutput = said };
        if (all == Media.ImageOutput) return usage with { ImageOutput = said };
        var audio = Math.Min(reading.AudioOutput, said);
        return usage with { AudioOutput = audio, ImageOutput = Math.Min(reading.ImageOutput, said - audio) };
    }

    private static long EstimateInput(in EstimateBasis basis)
    {
        var tokens = CeilDiv(basis.TextBytes) + (long)basis.Images * TokensPerImage;
        return Math.Max(1, Math.Min(tokens, basis.InputBound));
    }

    // At least one token, because the model has at least begun, and never less than a placeholder, since that is a
    // count that was reached.
    private static long EstimateOutput(in UsageReading reading, in EstimateBasis basis)
    {
        var tokens = Math.Max(CeilDiv(reading.DeliveredBytes), reading.Output);
        return Math.Max(1, Math.Min(tokens, basis.OutputCap));
    }

    private static long CeilDiv(long bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;
}
