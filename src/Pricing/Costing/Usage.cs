namespace Stipend.Pricing;

/// <summary>
/// What one call used, in tokens, each token in exactly one class: providers that count cached input inside input
/// have it taken out on the way in.
/// </summary>
/// <param name="Input">Input read at the full price.</param>
/// <param name="CachedInput">Input served from the provider's cache.</param>
/// <param name="CacheWrite5m">Input written to a cache for five minutes (or of unstated length).</param>
/// <param name="CacheWrite1h">Input written to a cache for an hour.</param>
/// <param name="Output">Everything generated, reasoning included.</param>
/// <param name="Reasoning">The part of <paramref name="Output"/> that was reasoning; told apart, not priced
/// apart.</param>
public readonly record struct Usage(
    long Input, long CachedInput, long CacheWrite5m, long CacheWrite1h, long Output, long Reasoning)
{
    /// <summary>All input of the call: what long-context tiers look at.</summary>
    public long TotalInput => checked(Input + CachedInput + CacheWrite5m + CacheWrite1h);

    public long Total => checked(TotalInput + Output);
}
