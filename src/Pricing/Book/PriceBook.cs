using Guerdon.Kernel;
using Guerdon.Pricing.Costing;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Pricing.Book;

/// <summary>A row of the book, as it was found.</summary>
/// <param name="Price">The row.</param>
/// <param name="IsExact">It is the name's own. False: the name has a date, or <c>-latest</c>, and no row; this is the
/// undated name's, which may be another price.</param>
public readonly record struct FoundPrice(Price Price, bool IsExact);

/// <summary>
/// The price book in memory: what models cost and what a compute token is worth, at any instant. Reading never waits;
/// <see cref="ReloadAsync"/> replaces all of it at once.
/// </summary>
public sealed class PriceBook
{
    private readonly NpgsqlDataSource? _db;
    private readonly Lock _gate = new();
    private volatile PriceSnapshot _snapshot = PriceSnapshot.Empty;
    private long _begun; // readings, and the newest of them that is in place
    private long _inPlace;

    private static readonly string ReadPrices = Sql.Read("Pricing/Book/ReadBook.sql");
    private const string ReadValues = "select effective_from, nanos from pricing.v_token_value";

    /// <summary>A book that knows no price until it is first loaded.</summary>
    public PriceBook(NpgsqlDataSource db) => _db = db;

    internal PriceBook(PriceSnapshot fixedSnapshot) => _snapshot = fixedSnapshot;

    /// <summary>
    /// The row that held at an instant, or null where the model is unknown or was not yet priced. A dated name
    /// (<c>gpt-4o-2024-08-06</c>, <c>claude-sonnet-4-5-20250929</c>, <c>…-latest</c>) that has no row of its own finds
    /// the undated one; a tuned model (<c>ft:base:…</c>) finds <c>ft:base</c>. Allocates nothing.
    /// </summary>
    public Price? Find(ReadOnlySpan<char> model, DateTimeOffset at) =>
        _snapshot.Find(model, ServiceTier.Standard, at)?.Price;

    /// <summary>
    /// The row of a tier that held at an instant, by the rules of the other <c>Find</c>, and whether it is the name's
    /// own. Null where the model has no row for the tier, though it may have one for another.
    /// </summary>
    public FoundPrice? Find(ReadOnlySpan<char> model, ServiceTier tier, DateTimeOffset at) =>
        _snapshot.Find(model, tier, at);

    /// <summary>Whether a row is a name's own: not merely that of the undated name. A tuned model's is that of all
    /// models tuned from its base.</summary>
    public static bool IsOwn(string model, Price price) =>
        price.Model == model || PriceSnapshot.Untuned(model).SequenceEqual(price.Model);

    /// <summary>A row by its id, as a priced record names it, whether it still holds or not.</summary>
    public Price? FindRow(Guid id) => _snapshot.FindRow(id);

    /// <summary>Every model's row for standard service at an instant, by provider and model.</summary>
    public IReadOnlyList<Price> Current(DateTimeOffset at) =>
        [.. _snapshot.Current(at).Where(price => price.ServiceTier == ServiceTier.Standard)];

    /// <summary>Every row at an instant, by provider, model and tier.</summary>
    public IReadOnlyList<Price> CurrentOfAllTiers(DateTimeOffset at) => _snapshot.Current(at);

    /// <summary>Whether a token had a value at an instant: before the first one nothing can be granted.</summary>
    public bool HasTokenValueAt(DateTimeOffset at) => _snapshot.HasTokenValueAt(at);

    /// <summary>What one compute token was worth at an instant, in nano-USD.</summary>
    /// <exception cref="InvalidOperationException">No value held then: the book was never loaded.</exception>
    public long TokenValueAt(DateTimeOffset at) => _snapshot.TokenValueAt(at);

    /// <summary>Reads the whole book again. Readers see the old one until it is complete.</summary>
    public async Task ReloadAsync(CancellationToken ct)
    {
        if (_db is null) return;
        var reading = Interlocked.Increment(ref _begun);
        await using var connection = await _db.OpenConnectionAsync(ct);
        var prices = await connection.ReadAsync(ReadPrices, PriceOf, [], ct);
        var values = await connection.ReadAsync(
            ReadValues, row => new TokenWorth(row.Instant("effective_from"), row.Bigint("nanos")), [], ct);
        var read = new PriceSnapshot(prices, values);
        lock (_gate)
        {
            // A reading that began earlier may end later. It must not replace a newer one,
            // whose prices it has not seen.
            if (reading < _inPlace) return;
            (_snapshot, _inPlace) = (read, reading);
        }
    }

    private static Price PriceOf(Row row)
    {
        Rates RatesOf(string tier) => new(
            row.Bigint($"{tier}input_rate"), row.Bigint($"{tier}cached_input_rate"),
            row.Bigint($"{tier}cache_write_5m_rate"), row.Bigint($"{tier}cache_write_1h_rate"),
            row.Bigint($"{tier}output_rate"));
        var tierOver = row.BigintOrNull("tier_over");
        var below = RatesOf("") with
        {
            AudioInput = row.BigintOrNull("audio_input_rate"),
            ImageInput = row.BigintOrNull("image_input_rate"),
            AudioOutput = row.BigintOrNull("audio_output_rate"),
            ImageOutput = row.BigintOrNull("image_output_rate"),
        };
        return new Price(
            row.Uuid("id"), row.Text("model"), row.Text("provider"), row.Instant("effective_from"), below, tierOver,
            tierOver is null ? null : RatesOf("tier_"), row.Bigint("context_tokens"), row.Bigint("max_output_tokens"),
            new Usd(row.Bigint("per_request_nanos")), row.Text("source"))
        {
            Training = row.BigintOrNull("training_rate"), ServiceTier = (ServiceTier)row.Smallint("service_tier"),
            Fees = new Fees
            {
                WebSearch = row.BigintOrNull("web_search_fee"), WebFetch = row.BigintOrNull("web_fetch_fee"),
                CodeExecution = row.BigintOrNull("code_execution_fee"),
                FileSearch = row.BigintOrNull("file_search_fee"),
                GroundedPrompt = row.BigintOrNull("grounded_prompt_fee"),
                MapsPrompt = row.BigintOrNull("maps_prompt_fee"),
                ImageGeneration = row.BigintOrNull("image_generation_fee"),
            },
        };
    }
}
