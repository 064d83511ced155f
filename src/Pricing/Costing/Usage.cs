namespace Guerdon.Pricing.Costing;

/// <summary>
/// What one call used, in tokens, each token in exactly one class: providers that count cached input inside input
/// have it taken out on the way in.
/// </summary>
/// <param name="Input">Input read at the full price.</param>
/// <param name="CachedInput">Input served from the provider's cache.</param>
/// <param name="CacheWrite5m">Input written to a cache for five minutes (or of unstated length).</param>
/// <param name="CacheWrite1h">Input written to a cache for an hour.</param>
/// <param name="Output">Everything generated, reasoning included.</param>
/// <param name="Reasoning">The part of <paramref name="Output"/> that was reasoning; told apart,
/// not priced apart.</param>
public readonly record struct Usage(
    long Input, long CachedInput, long CacheWrite5m, long CacheWrite1h, long Output, long Reasoning)
{
    /// <summary>The part of <see cref="Input"/> that was audio; like the other three told apart because some models
    /// price it apart.</summary>
    public long AudioInput { get; init; }

    /// <summary>The part of <see cref="Input"/> that was pictures.</summary>
    public long ImageInput { get; init; }

    /// <summary>The part of <see cref="Output"/> that was audio.</summary>
    public long AudioOutput { get; init; }

    /// <summary>The part of <see cref="Output"/> that was pictures.</summary>
    public long ImageOutput { get; init; }

    /// <summary>Input at the full price that is neither audio nor picture.</summary>
    public long TextInput => Input - AudioInput - ImageInput;

    /// <summary>Output that is neither audio nor picture.</summary>
    public long TextOutput => Output - AudioOutput - ImageOutput;

    /// <summary>Both together, class by class.</summary>
    public Usage Plus(in Usage other) => checked(new Usage(
        Input + other.Input, CachedInput + other.CachedInput, CacheWrite5m + other.CacheWrite5m,
        CacheWrite1h + other.CacheWrite1h, Output + other.Output, Reasoning + other.Reasoning)
    {
        AudioInput = AudioInput + other.AudioInput, ImageInput = ImageInput + other.ImageInput,
        AudioOutput = AudioOutput + other.AudioOutput, ImageOutput = ImageOutput + other.ImageOutput,
    });

    public bool HasMedia => (AudioInput | ImageInput | AudioOutput | ImageOutput) != 0;

    /// <summary>All input of the call: what long-context tiers look at.</summary>
    public long TotalInput => checked(Input + CachedInput + CacheWrite5m + CacheWrite1h);

    public long Total => checked(TotalInput + Output);
}
