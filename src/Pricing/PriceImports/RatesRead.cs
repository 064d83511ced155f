using Guerdon.Pricing.Costing;

namespace Guerdon.Pricing.PriceImports;

/// <summary>Rates as a list has them, in nano-USD per million tokens; null where it is blank.</summary>
internal readonly record struct RatesRead(
    long Input, long? CachedInput, long? CacheWrite5m, long? CacheWrite1h, long Output)
{
    /// <summary>
    /// With its blanks filled. What a list leaves blank is never free: cached input and cache writes cost as much as
    /// input, an hour's write as much as a five-minute one.
    /// </summary>
    public Rates Filled()
    {
        var write5m = CacheWrite5m ?? Input;
        return new Rates(Input, CachedInput ?? Input, write5m, CacheWrite1h ?? write5m, Output);
    }

    /// <summary>With its blanks filled, above the threshold. Lists rarely price cache writes there. They rise as input
    /// does, so a blank follows input.</summary>
    /// <param name="below">The filled rates below the threshold.</param>
    public Rates FilledAbove(Rates below)
    {
        var input = Input;
        // Rounded up: a doubt must never be at our cost. What would not fit is an outlier in any case.
        long Follow(long rate) => below.Input == 0
            ? Math.Max(rate, input)
            : (long)Int128.Min(long.MaxValue, ((Int128)rate * input + below.Input - 1) / below.Input);

        return new Rates(
            Input, CachedInput ?? Input, CacheWrite5m ?? Follow(below.CacheWrite5m),
            CacheWrite1h ?? Follow(below.CacheWrite1h), Output);
    }
}
