using System.Runtime.CompilerServices;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Guerdon.Storage;
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
        NpgsqlConnection connection, PriceBook prices, [EnumeratorCancellation] CancellationToken ct)
    {
        var rows = connection.StreamAsync(ReadSql, row => (CorrectionOf(row), row.Bytes("digest")), [], ct);
        await foreach (var (row, digest) in rows)
        {
            var name = $"wallet_id={row.Wallet.Value}, request_id={row.Request.Value}, version={row.Version}";
            if (!row.Digest().AsSpan().SequenceEqual(digest))
                yield return new("metering.correction", name, "its digest does not match its content");
            else if (prices.FindRow(row.Priced.PriceId) is not { } price)
                yield return new("metering.correction", name, $"its price row {row.Priced.PriceId} is missing");
            else if (Cost.Of(price, row.Usage, row.Priced.TokenValueNanos) is var cost && cost != row.Priced.Cost)
                yield return new("metering.correction", name,
                    $"by its price row it costs {cost.Charge.Milli} milli-tokens");
        }
    }

    private static CorrectionRow CorrectionOf(Row row) => new()
    {
        Wallet = row.Id<WalletId>("wallet_id"), StartedAt = row.Get<DateTime>("started_at"),
        Request = row.Id<RequestId>("request_id"), Version = row.Int4("version"),
        Reconciliation = row.Id<ReconciliationId>("reconciliation_id"), Report = row.Id<ReportId>("report_id"),
        Provider = row.Text("provider"),
        Usage = UsageColumns.Of(row) with { Reasoning = row.Bigint("reasoning") },
        Priced = new(
            row.Uuid("price_id"), row.Bigint("token_value_nanos"),
            new(new(row.Bigint("cost_nanos")), row.Tokens("cost_milli"))),
        Charged = row.Tokens("charged_milli"), DeltaMilli = row.Bigint("delta_milli"),
        SettledBy = row.UuidOrNull("settled_by"), Reason = row.Text("reason"),
    };
}
