using Guerdon.Kernel;

namespace Guerdon.Pricing.Costing;

/// <summary>What a call cost.</summary>
/// <param name="Money">In nano-USD, rounded up once.</param>
/// <param name="Charge">In compute tokens at the value given, rounded up once from the exact cost,
/// not from Money.</param>
public readonly record struct Costing(Usd Money, Tokens Charge);

/// <summary>What calls cost: exact integers, rounded up once, in money and in compute tokens.</summary>
public static class Cost
{
    private const long Million = 1_000_000;

    /// <summary>Cost of a call. The whole call is at the long-context prices where its input passes the
    /// threshold, but for media, whose own prices have no tier.</summary>
    /// <param name="price">The row that held when the call began.</param>
    /// <param name="usage">Each token in one class.</param>
    /// <param name="tokenValueNanos">Nano-USD that one compute token is worth.</param>
    /// <exception cref="OverflowException">The cost passes 9.2 billion USD.</exception>
    public static Costing Of(Price price, Usage usage, long tokenValueNanos)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokenValueNanos, 1);
        return Round(Scaled(price, usage), tokenValueNanos);
    }

    /// <summary>Cost of a call of several parts, each at its own row, rounded up once over all of them.</summary>
    /// <exception cref="OverflowException">The cost passes 9.2 billion USD.</exception>
    public static Costing Of(ReadOnlySpan<CostPart> parts, long tokenValueNanos)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokenValueNanos, 1);
        Int128 scaled = 0;
        foreach (var part in parts) scaled += FemtoOf(part);
        return Round(scaled, tokenValueNanos);
    }

    /// <summary>The cost of parts whose exact costs were added up: rounded up once.</summary>
    /// <exception cref="OverflowException">The cost passes 9.2 billion USD.</exception>
    public static Costing OfFemto(Int128 femto, long tokenValueNanos) => Round(femto, tokenValueNanos);

    /// <summary>The cost of which only the charge is known, such as a hold: its worth, rounded up to a whole nano-USD,
    /// so that what is charged is never worth more than what it is said to have cost.</summary>
    /// <exception cref="OverflowException">The cost passes 9.2 billion USD.</exception>
    public static Costing OfCharge(Tokens charge, long tokenValueNanos)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokenValueNanos, 1);
        return new(new Usd(checked((long)CeilDiv((Int128)charge.Milli * tokenValueNanos, 1_000))), charge);
    }

    /// <summary>The exact cost of a part in millionths of a nano-USD (10^-15 USD), which adds up.</summary>
    public static Int128 FemtoOf(in CostPart part) => part.Tool is { } tool
        ? Scaled(part.Price, tool, part.Uses) : Scaled(part.Price, part.Usage);

    /// <summary>The most a call of several parts can cost, rounded up once over all of them.</summary>
    public static Costing AtMost(ReadOnlySpan<CostBound> bounds, long tokenValueNanos)
    {
        Int128 scaled = 0;
        foreach (var bound in bounds) scaled += Scaled(bound);
        return Round(scaled, tokenValueNanos);
    }

    /// <summary>
    /// The most a call can cost: every token at the most expensive class that it can fall in, in the tier that the
    /// bound falls in. A call that stays within both bounds, and uses no other media, never costs more.
    /// </summary>
    public static Costing AtMost(
        Price price, long inputBound, long outputCap, long tokenValueNanos, Media media = Media.None)
    {
        return Round(Scaled(CostBound.OfTokens(price, inputBound, outputCap, media)), tokenValueNanos);
    }

    /// <summary>Cost of tuning a model: every token that it was trained on, each time it was.</summary>
    /// <exception cref="InvalidOperationException">The row has no training rate.</exception>
    public static Costing OfTraining(Price price, long trainedTokens, long tokenValueNanos)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokenValueNanos, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(trainedTokens);
        var rate = price.Training ?? throw new InvalidOperationException($"{price.Model} has no training rate.");
        return Round((Int128)trainedTokens * rate, tokenValueNanos);
    }

    /// <summary>How many output tokens an amount covers beside the input's worst case; negative where
    /// not even that.</summary>
    public static long AffordableOutput(
        Price price, long inputBound, Tokens funds, long tokenValueNanos, Media media = Media.None)
    {
        var (dearest, output) = Dearest(price, inputBound, media);
        var input = (Int128)inputBound * dearest + (Int128)price.PerRequest.Nanos * Million;
        // m milli-tokens pay for a scaled cost c exactly when ceil(c / (1000 v)) <= m, that is c <= 1000 v m; so the
        // division is left out.
        var left = (Int128)funds.Milli * tokenValueNanos * 1_000 - input;
        if (left < 0) return -1;
        if (output == 0) return long.MaxValue;
        return (long)Int128.Min(left / output, long.MaxValue);
    }

    private static (long Input, long Output) Dearest(Price price, long inputBound, Media media)
    {
        var (rates, below) = (price.RatesFor(inputBound), price.Base);
        var input = Math.Max(rates.DearestInput, below.DearestInput);
        var output = Math.Max(rates.Output, below.Output);
        if (media == Media.None) return (input, output);
        return (Math.Max(input, Math.Max(Own(Media.AudioInput), Own(Media.ImageInput))),
            Math.Max(output, Math.Max(Own(Media.AudioOutput), Own(Media.ImageOutput))));

        long Own(Media kind) => (media & kind) == 0 ? 0 : below.Of(kind) ?? 0;
    }

    private static Int128 Scaled(Price price, in Usage usage)
    {
        var rates = price.RatesFor(usage.TotalInput);
        var media = price.Base;
        return (Int128)usage.TextInput * rates.Input
            + (Int128)usage.CachedInput * rates.CachedInput
            + (Int128)usage.CacheWrite5m * rates.CacheWrite5m
            + (Int128)usage.CacheWrite1h * rates.CacheWrite1h
            + (Int128)usage.TextOutput * rates.Output
            + (Int128)usage.AudioInput * (media.AudioInput ?? rates.Input)
            + (Int128)usage.ImageInput * (media.ImageInput ?? rates.Input)
            + (Int128)usage.AudioOutput * (media.AudioOutput ?? rates.Output)
            + (Int128)usage.ImageOutput * (media.ImageOutput ?? rates.Output)
            + (Int128)price.PerRequest.Nanos * Million;
    }

    private static Int128 Scaled(Price price, HostedTool tool, long uses) =>
        (Int128)uses * (price.Fees.Of(tool) ?? 0) * Million;

    private static Int128 Scaled(in CostBound bound)
    {
        if (bound.Tool is { } tool) return Scaled(bound.Price, tool, bound.Uses);
        var (input, output) = Dearest(bound.Price, bound.Input, bound.Media);
        return (Int128)bound.Input * input + (Int128)bound.Output * output
            + (Int128)bound.Price.PerRequest.Nanos * Million;
    }

    // Scaled cost is nano-USD times a million. Milli-tokens are nano-USD * 1000 / value, so scaled / (1000 * value).
    // Both round up from the same exact number, so that splitting a call never makes it cheaper.
    private static Costing Round(Int128 scaled, long tokenValueNanos) => new(
        new Usd(checked((long)CeilDiv(scaled, Million))),
        new Tokens(checked((long)CeilDiv(scaled, (Int128)1_000 * tokenValueNanos))));

    private static Int128 CeilDiv(Int128 value, Int128 by) => (value + by - 1) / by;
}
