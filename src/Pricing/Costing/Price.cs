using Guerdon.Kernel;

namespace Guerdon.Pricing.Costing;

/// <summary>Prices of one tier, in nano-USD per million tokens (0.075 USD per million is 75,000,000).</summary>
public sealed record Rates(long Input, long CachedInput, long CacheWrite5m, long CacheWrite1h, long Output)
{
    /// <summary>The most that one input token can cost, whatever class it falls in.</summary>
    public long DearestInput => Math.Max(Math.Max(Input, CachedInput), Math.Max(CacheWrite5m, CacheWrite1h));

    /// <summary>Of the audio in the input. Null, here and below: no price of its own, it costs what text costs.
    /// Only a price's base has any: where a call is at its tier, media stay at these.</summary>
    public long? AudioInput { get; init; }

    public long? ImageInput { get; init; }
    public long? AudioOutput { get; init; }
    public long? ImageOutput { get; init; }

    /// <summary>The price of its own that one kind of media has.</summary>
    public long? Of(Media kind) => kind switch
    {
        Media.AudioInput => AudioInput,
        Media.ImageInput => ImageInput,
        Media.AudioOutput => AudioOutput,
        Media.ImageOutput => ImageOutput,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "One kind of media has a price."),
    };

    /// <summary>The kinds of media that have a price of their own.</summary>
    public Media Priced =>
        (AudioInput is null ? 0 : Media.AudioInput) | (ImageInput is null ? 0 : Media.ImageInput)
        | (AudioOutput is null ? 0 : Media.AudioOutput) | (ImageOutput is null ? 0 : Media.ImageOutput);
}

/// <summary>A row of the price book: one model's prices from a date on. Never changed; a new price
/// is a new row.</summary>
/// <param name="Id">The row, stored with each request that was priced by it.</param>
/// <param name="Model">The name callers use.</param>
/// <param name="Provider">Who serves it, as in the price list: <c>openai</c>, <c>anthropic</c>.</param>
/// <param name="EffectiveFrom">The first instant it holds.</param>
/// <param name="Base">Prices up to <paramref name="TierOver"/> input tokens.</param>
/// <param name="TierOver">Above this many input tokens the whole request is at <paramref name="Tier"/>;
/// null: no tier.</param>
/// <param name="Tier">Prices of the whole request above the threshold.</param>
/// <param name="ContextTokens">The model's window.</param>
/// <param name="MaxOutputTokens">The most it can generate in one call; the window where the list has none.</param>
/// <param name="PerRequest">A fee for each call on top of its tokens.</param>
/// <param name="Source">Where the price was read.</param>
public sealed record Price(
    Guid Id, string Model, string Provider, DateTimeOffset EffectiveFrom, Rates Base, long? TierOver, Rates? Tier,
    long ContextTokens, long MaxOutputTokens, Usd PerRequest, string Source)
{
    /// <summary>A million trained tokens in nano-USD, where the model can be tuned; null: not priced.</summary>
    public long? Training { get; init; }

    /// <summary>How calls are served that it holds for. A model has rows of its own for each tier
    /// that is priced.</summary>
    public ServiceTier ServiceTier { get; init; } = ServiceTier.Standard;

    /// <summary>What the provider's own tools cost when this model uses them.</summary>
    public Fees Fees { get; init; } = Fees.None;

    /// <summary>One use of a tool; null: not priced.</summary>
    public Usd? FeeOf(HostedTool tool) => Fees.Of(tool) is { } nanos ? new Usd(nanos) : null;

    /// <summary>The prices that a call with this much input is charged at, all of it.</summary>
    public Rates RatesFor(long totalInput) => TierOver is { } over && totalInput > over ? Tier! : Base;
}
