using System.Text.Json.Serialization;
using Guerdon.Kernel;
using Guerdon.Pricing.Costing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Pricing.Book;

/// <summary>The prices that hold now, and what a compute token is worth now. Anyone signed in may know them.</summary>
internal static class ListPrices
{
    /// <param name="At">The instant they were read for.</param>
    /// <param name="TokenValueNanos">Nano-USD that one compute token is worth.</param>
    /// <param name="Prices">By provider and model.</param>
    public sealed record Reply(DateTimeOffset At, long TokenValueNanos, IReadOnlyList<Row> Prices);

    /// <summary>One row of the book, as <see cref="Price"/>. A dated name that was asked for finds the
    /// undated row.</summary>
    public sealed record Row(
        Guid Id, string Model, string Provider, DateTimeOffset EffectiveFrom, RatesRow Base, long? TierOverTokens,
        RatesRow? Tier, long ContextTokens, long MaxOutputTokens, long PerRequestNanos, string Source,
        long? TrainingNanosPerMillion = null)
    {
        /// <summary>How calls are served that it holds for.</summary>
        [JsonConverter(typeof(JsonStringEnumConverter<ServiceTier>))]
        public ServiceTier ServiceTier { get; init; } = ServiceTier.Standard;

        /// <summary>What the provider's own tools cost; absent: it prices none.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public FeesRow? Fees { get; init; }
    }

    /// <summary>Fees in nano-USD for each use: 10,000,000 is 0.01 USD. Absent: not priced.</summary>
    public sealed record FeesRow
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public long? WebSearchNanos { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public long? WebFetchNanos { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public long? CodeExecutionNanos { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public long? FileSearchNanos { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public long? GroundedPromptNanos { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public long? MapsPromptNanos { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public long? ImageGenerationNanos { get; init; }
    }

    /// <summary>Rates in nano-USD per million tokens: 75,000,000 is 0.075 USD per million.</summary>
    public sealed record RatesRow(
        long InputNanosPerMillion, long CachedInputNanosPerMillion, long CacheWrite5mNanosPerMillion,
        long CacheWrite1hNanosPerMillion, long OutputNanosPerMillion)
    {
        /// <summary>Of audio in the input. Absent, as the other three: it has no price of its own.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public long? AudioInputNanosPerMillion { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public long? ImageInputNanosPerMillion { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public long? AudioOutputNanosPerMillion { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public long? ImageOutputNanosPerMillion { get; init; }
    }

    internal static Ok<Reply> All(PriceBook book, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return TypedResults.Ok(new Reply(now, book.TokenValueAt(now), [.. book.CurrentOfAllTiers(now).Select(RowOf)]));
    }

    internal static Results<Ok<Row>, ProblemHttpResult> One(string model, PriceBook book, TimeProvider clock) =>
        book.Find(model, clock.GetUtcNow()) is { } price
            ? TypedResults.Ok(RowOf(price))
            : PricingRefusals.UnknownModel.ToProblem($"No price holds for the model '{model}'.");

    internal static Row RowOf(Price price) => new(
        price.Id, price.Model, price.Provider, price.EffectiveFrom, RowOf(price.Base), price.TierOver,
        price.Tier is null ? null : RowOf(price.Tier), price.ContextTokens, price.MaxOutputTokens,
        price.PerRequest.Nanos, price.Source, price.Training)
    {
        ServiceTier = price.ServiceTier, Fees = price.Fees == Fees.None ? null : RowOf(price.Fees),
    };

    private static FeesRow RowOf(Fees fees) => new()
    {
        WebSearchNanos = fees.WebSearch, WebFetchNanos = fees.WebFetch, CodeExecutionNanos = fees.CodeExecution,
        FileSearchNanos = fees.FileSearch, GroundedPromptNanos = fees.GroundedPrompt,
        MapsPromptNanos = fees.MapsPrompt, ImageGenerationNanos = fees.ImageGeneration,
    };

    private static RatesRow RowOf(Rates rates) =>
        new(rates.Input, rates.CachedInput, rates.CacheWrite5m, rates.CacheWrite1h, rates.Output)
        {
            AudioInputNanosPerMillion = rates.AudioInput, ImageInputNanosPerMillion = rates.ImageInput,
            AudioOutputNanosPerMillion = rates.AudioOutput, ImageOutputNanosPerMillion = rates.ImageOutput,
        };

    internal static Price PriceOf(Row row) => new(
        row.Id, row.Model, row.Provider, row.EffectiveFrom, RatesOf(row.Base), row.TierOverTokens,
        row.Tier is null ? null : RatesOf(row.Tier), row.ContextTokens, row.MaxOutputTokens,
        new Usd(row.PerRequestNanos), row.Source)
    {
        Training = row.TrainingNanosPerMillion, ServiceTier = row.ServiceTier,
        Fees = row.Fees is null ? Fees.None : FeesOf(row.Fees),
    };

    private static Fees FeesOf(FeesRow fees) => new()
    {
        WebSearch = fees.WebSearchNanos, WebFetch = fees.WebFetchNanos, CodeExecution = fees.CodeExecutionNanos,
        FileSearch = fees.FileSearchNanos, GroundedPrompt = fees.GroundedPromptNanos,
        MapsPrompt = fees.MapsPromptNanos, ImageGeneration = fees.ImageGenerationNanos,
    };

    private static Rates RatesOf(RatesRow rates) => new(
        rates.InputNanosPerMillion, rates.CachedInputNanosPerMillion, rates.CacheWrite5mNanosPerMillion,
        rates.CacheWrite1hNanosPerMillion, rates.OutputNanosPerMillion)
    {
        AudioInput = rates.AudioInputNanosPerMillion, ImageInput = rates.ImageInputNanosPerMillion,
        AudioOutput = rates.AudioOutputNanosPerMillion, ImageOutput = rates.ImageOutputNanosPerMillion,
    };
}
