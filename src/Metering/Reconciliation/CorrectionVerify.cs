using Guerdon.Kernel;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Npgsql;

namespace Guerdon.Metering.Reconciliation;

/// <summary>Recomputes each correction's digest, and its cost from price row, usage and token value.</summary>
internal static class CorrectionVerify
{
    private const string ReadSql = """
        select wallet_id, started_at, request_id, version, reconciliation_id, report_id, provider, price_id,
               token_value_nanos, input, cached_input, cache_write_5m, cache_write_1h, output, reasoning, cost_nanos,
               cost_milli, charged_milli, delta_milli, settled_by, reason, digest
          from metering.correction
        """;

    public static async IAsyncEnumerable<Finding> RunAsync(
        NpgsqlConnection connection, PriceBook prices,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(ReadSql, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var row = Read(reader);
            var name = $"wallet_id={row.Wallet.Value}, request_id={row.Request.Value}, version={row.Version}";
            if (!row.Digest().AsSpan().SequenceEqual(reader.GetFieldValue<byte[]>(21)))
                yield return new("metering.correction", name, "its digest does not match its content");
            else if (prices.FindRow(row.Priced.PriceId) is not { } price)
                yield return new("metering.correction", name, $"its price row {row.Priced.PriceId} is missing");
            else if (Cost.Of(price, row.Usage, row.Priced.TokenValueNanos) is var cost && cost != row.Priced.Cost)
                yield return new("metering.correction", name,
                    $"by its price row it costs {cost.Charge.Milli} milli-tokens");
        }
    }

    private static CorrectionRow Read(NpgsqlDataReader r) => new()
    {
        Wallet = new(r.GetGuid(0)), StartedAt = r.GetDateTime(1), Request = new(r.GetGuid(2)), Version = r.GetInt32(3),
        Reconciliation = new(r.GetGuid(4)), Report = new(r.GetGuid(5)), Provider = r.GetString(6),
        Usage = new()
        {
            Input = r.GetInt64(9), CachedInput = r.GetInt64(10), CacheWrite5m = r.GetInt64(11),
            CacheWrite1h = r.GetInt64(12), Output = r.GetInt64(13), Reasoning = r.GetInt64(14),
        },
        Priced = new(r.GetGuid(7), r.GetInt64(8), new(new(r.GetInt64(15)), new(r.GetInt64(16)))),
        Charged = new(r.GetInt64(17)), DeltaMilli = r.GetInt64(18), SettledBy = r.IsDBNull(19) ? null : r.GetGuid(19),
        Reason = r.GetString(20),
    };
}
