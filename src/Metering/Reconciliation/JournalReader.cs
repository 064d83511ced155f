using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Book;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Metering.Reconciliation;

/// <summary>Reads what was booked of a provider in the time of some buckets.</summary>
internal sealed class JournalReader(NpgsqlConnection connection, PriceBook book, string provider)
{
    /// <summary>The most estimated calls of one comparison.</summary>
    public const int MostEstimates = 50_000;

    private static readonly string ExactSql = Sql.Read("Metering/Reconciliation/BookedExact.sql");
    private static readonly string EstimatesSql = Sql.Read("Metering/Reconciliation/BookedEstimates.sql");
    private static readonly string OpenSql = Sql.Read("Metering/Reconciliation/OpenCalls.sql");
    private static readonly string CostsSql = Sql.Read("Metering/Reconciliation/BookedCosts.sql");

    /// <returns>Null where more calls were estimated than one comparison takes.</returns>
    public async Task<Journal?> ReadAsync(IReadOnlyList<Span> spans, CancellationToken ct)
    {
        var (starts, ends) = (spans.Select(s => s.StartsAt).ToArray(), spans.Select(s => s.EndsAt).ToArray());
        var end = ends[^1];
        var exact = await connection.ReadAsync(
            ExactSql,
            row => new ExactUse(
                ModelOf(row.Text("model"), end), row.Int4("first"), row.Int4("last"), row.Bigint("calls"),
                UsageColumns.Of(row), row.Bigint("cost_nanos")),
            [provider, starts, ends], ct);

        // A lost call has no provider: it is of this one where its model is.
        var estimates = (await connection.ReadAsync(
            EstimatesSql,
            row => row.Text("provider").Length > 0 || IsProviders(row.Text("model"), end) ? EstimateOf(row, end) : null,
            [provider, starts, ends, MostEstimates + 1], ct)).OfType<Estimate>().ToList();
        if (estimates.Count > MostEstimates) return null;

        var open = await connection.ReadAsync(
            OpenSql, row => new OpenUse(row.Text("model"), row.Int4("place"), row.Bigint("calls")), [starts, end], ct);
        return new(
            exact, estimates,
            [
                .. open.Where(use => IsProviders(use.Model, end))
                    .Select(use => use with { Model = ModelOf(use.Model, end) }),
            ]);
    }

    /// <summary>What calls cost as they are known now, by model and place.</summary>
    public async Task<Dictionary<(string Model, int Place), long>> CostsAsync(
        IReadOnlyList<ReportBucket> buckets, CancellationToken ct)
    {
        var (starts, ends) = (buckets.Select(s => s.StartsAt).ToArray(), buckets.Select(s => s.EndsAt).ToArray());
        var costs = new Dictionary<(string, int), long>();
        var rows = await connection.ReadAsync(
            CostsSql, row => (Model: row.Text("model"), Place: row.Int4("place"), Nanos: row.Bigint("cost_nanos")),
            [provider, starts, ends], ct);
        foreach (var (model, place, nanos) in rows)
        {
            var key = (ModelOf(model, ends[^1]), place);
            costs[key] = costs.GetValueOrDefault(key) + nanos;
        }

        return costs;
    }

    /// <summary>The name that the price book has for a model, so that a dated one meets the undated.</summary>
    public string ModelOf(string named, DateTime at) => book.Find(named, at)?.Model ?? named;

    private bool IsProviders(string model, DateTime at) => book.Find(model, at)?.Provider == provider;

    private Estimate EstimateOf(Row row, DateTime at) => new()
    {
        First = row.Int4("first"), Last = row.Int4("last"), Wallet = row.Id<WalletId>("wallet_id"),
        Id = row.Id<RequestId>("request_id"), StartedAt = row.Get<DateTime>("started_at"), Called = row.Text("model"),
        Model = ModelOf(row.Text("model"), at), PriceId = row.UuidOrNull("price_id"),
        TokenValueNanos = row.Bigint("token_value_nanos"),
        Booked = UsageColumns.Of(row) with { Reasoning = row.Bigint("reasoning") },
        BookedCost = row.Tokens("cost_milli"), Held = row.Tokens("held_milli"),
        SettledBy = row.UuidOrNull("settled_by"), Version = row.Int4("version"),
        Now = UsageColumns.Of(row, "now_"), NowCostNanos = row.Bigint("now_cost_nanos"),
        NowCharged = row.Tokens("now_charged_milli"),
    };
}
