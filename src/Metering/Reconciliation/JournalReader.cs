using Guerdon.Kernel;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
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
        var exact = new List<ExactUse>();
        await using (var command = ReportStore.Command(connection, ExactSql, provider, starts, ends))
        await using (var r = await command.ExecuteReaderAsync(ct))
            while (await r.ReadAsync(ct))
                exact.Add(new(
                    ModelOf(r.GetString(0), ends[^1]), r.GetInt32(1), r.GetInt32(2), r.GetInt64(3), UsageAt(r, 4),
                    r.GetInt64(9)));

        var estimates = new List<Estimate>();
        await using (var command =
            ReportStore.Command(connection, EstimatesSql, provider, starts, ends, MostEstimates + 1))
        await using (var r = await command.ExecuteReaderAsync(ct))
            while (await r.ReadAsync(ct))
                if (EstimateOf(r, ends[^1]) is { } call) estimates.Add(call);
        if (estimates.Count > MostEstimates) return null;

        var open = new List<OpenUse>();
        await using (var command = ReportStore.Command(connection, OpenSql, starts, ends[^1]))
        await using (var r = await command.ExecuteReaderAsync(ct))
            while (await r.ReadAsync(ct))
                if (IsProviders(r.GetString(0), ends[^1]))
                    open.Add(new(ModelOf(r.GetString(0), ends[^1]), r.GetInt32(1), r.GetInt64(2)));
        return new(exact, estimates, open);
    }

    /// <summary>What calls cost as they are known now, by model and place.</summary>
    public async Task<Dictionary<(string Model, int Place), long>> CostsAsync(
        IReadOnlyList<ReportBucket> buckets, CancellationToken ct)
    {
        var (starts, ends) = (buckets.Select(s => s.StartsAt).ToArray(), buckets.Select(s => s.EndsAt).ToArray());
        var costs = new Dictionary<(string, int), long>();
        await using var command = ReportStore.Command(connection, CostsSql, provider, starts, ends);
        await using var r = await command.ExecuteReaderAsync(ct);
        while (await r.ReadAsync(ct))
        {
            var key = (ModelOf(r.GetString(0), ends[^1]), r.GetInt32(1));
            costs[key] = costs.GetValueOrDefault(key) + r.GetInt64(2);
        }

        return costs;
    }

    /// <summary>The name that the price book has for a model, so that a dated one meets the undated.</summary>
    public string ModelOf(string named, DateTime at) => book.Find(named, at)?.Model ?? named;

    private bool IsProviders(string model, DateTime at) => book.Find(model, at)?.Provider == provider;

    private Estimate? EstimateOf(NpgsqlDataReader r, DateTime at)
    {
        var called = r.GetString(5);
        if (r.GetString(6).Length == 0 && !IsProviders(called, at)) return null;
        var held = new Tokens(r.GetInt64(16));
        return new()
        {
            First = r.GetInt32(0), Last = r.GetInt32(1), Wallet = new(r.GetGuid(2)), Id = new(r.GetGuid(3)),
            StartedAt = r.GetDateTime(4), Called = called, Model = ModelOf(called, at),
            PriceId = r.IsDBNull(7) ? null : r.GetGuid(7),
            TokenValueNanos = r.GetInt64(8), Booked = UsageAt(r, 9) with { Reasoning = r.GetInt64(14) },
            BookedCost = new(r.GetInt64(15)), Held = held, SettledBy = r.IsDBNull(17) ? null : r.GetGuid(17),
            Version = r.GetInt32(18), Now = UsageAt(r, 19), NowCostNanos = r.GetInt64(24),
            NowCharged = new(r.GetInt64(25)),
        };
    }

    // Each statement that reads usage must select these five columns in this order.
    private static Usage UsageAt(NpgsqlDataReader r, int first) => new()
    {
        Input = r.GetInt64(first), CachedInput = r.GetInt64(first + 1), CacheWrite5m = r.GetInt64(first + 2),
        CacheWrite1h = r.GetInt64(first + 3), Output = r.GetInt64(first + 4),
    };
}
