using System.Runtime.CompilerServices;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering.Reconciliation;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Metering.Verification;

/// <summary>
/// Recomputes the request journal, in one snapshot, and compares it with the ledger:
/// <list type="number">
/// <item>each record's digest, and its cost from price row, usage and token value; that of several parts from each
/// part's row, and their usage against its own;</item>
/// <item>each flush: what its records were charged and their digests, against the ledger's transfer;</item>
/// <item>each correction: its digest and cost, the request it puts right, and the ledger's transfers, both ways;</item>
/// <item>openings compared with the requests they became, and open holds with the holder's escrow;</item>
/// <item>the sums that pages read.</item>
/// </list>
/// </summary>
internal static class MeteringVerify
{
    private static readonly string ReadSql = Sql.Read("Metering/Verification/VerifyRequests.sql");

    private static readonly (string Sql, string Table)[] Checks =
    [
        (Sql.Read("Metering/Requests/VerifyFlushes.sql"), "metering.request"),
        (Sql.Read("Metering/Verification/VerifyParts.sql"), "metering.request_part"),
        (Sql.Read("Metering/Verification/VerifyOpenings.sql"), "metering.opening"),
        (Sql.Read("Metering/Verification/VerifyHolds.sql"), "metering.opening"),
        (Sql.Read("Metering/Rollups/VerifyDayTotals.sql"), "metering.day_total"),
        (Sql.Read("Metering/UsageImports/VerifyImported.sql"), "metering.imported"),
        (Sql.Read("Metering/Reconciliation/VerifyCorrections.sql"), "metering.correction"),
    ];

    /// <param name="db">Read only.</param>
    /// <param name="progress">Records checked so far.</param>
    /// <param name="ct">Stops it.</param>
    public static async IAsyncEnumerable<Finding> RunAsync(
        NpgsqlDataSource db, IProgress<long>? progress, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var snapshot =
            await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        await Db.WithoutTimeLimitAsync(connection, ct);

        var prices = new PriceBook(db);
        await prices.ReloadAsync(ct);
        await foreach (var finding in RecordsAsync(connection, prices, progress, ct)) yield return finding;
        await foreach (var finding in CorrectionVerify.RunAsync(connection, prices, ct)) yield return finding;

        foreach (var (sql, table) in Checks)
        {
            var odd = await connection.ReadAsync(
                sql, row => new Finding(table, row.Text("row"), row.Text("problem")), [], ct);
            foreach (var finding in odd) yield return finding;
        }
    }

    private static async IAsyncEnumerable<Finding> RecordsAsync(
        NpgsqlConnection connection, PriceBook prices, IProgress<long>? progress,
        [EnumeratorCancellation] CancellationToken ct)
    {
        var records = connection.StreamAsync(ReadSql, row => (RecordOf(row), row.Bytes("digest")), [], ct);
        long count = 0;
        await foreach (var (record, digest) in records)
        {
            if (++count % 10_000 == 0) progress?.Report(count);
            var row = $"wallet_id={record.Wallet.Value}, request_id={record.Id.Value}";
            if (!RecordDigest.Of(record).AsSpan().SequenceEqual(digest))
                yield return new("metering.request", row, "its digest does not match its content");
            else if (CostProblem(record, prices) is { } problem)
                yield return new("metering.request", row, problem);
        }
    }

    private static string? CostProblem(RequestRecord record, PriceBook prices)
    {
        if (record.Parts.Count > 0) return PartsProblem(record, prices);
        if (record.PriceId is not { } id) return HoldProblem(record);
        if (prices.FindRow(id) is not { } price) return $"its price row {id} is missing";

        if (record.Source == Source.Tuning && price.Training is null) return $"its price row {id} has no training rate";
        var cost = record.Source == Source.Tuning
            ? Cost.OfTraining(price, record.Usage.Input, record.TokenValueNanos)
            : Cost.Of(price, record.Usage, record.TokenValueNanos);
        return cost == record.Cost ? null : $"by its price row it costs {cost.Charge.Milli} milli-tokens";
    }

    // Rows of before this was worked out have no token value and no cost in money.
    private static string? HoldProblem(RequestRecord record) =>
        record.Outcome == Outcome.Lost && record.Cost.Charge < record.Held // or more, where a stop says so
            ? "it is not charged at its hold"
        : record.TokenValueNanos > 0 && Cost.OfCharge(record.Cost.Charge, record.TokenValueNanos) is var cost
            && cost != record.Cost ? $"at its token value it costs {cost.Money.Nanos} nano-USD" : null;

    private static string? PartsProblem(RequestRecord record, PriceBook prices)
    {
        Int128 femto = 0;
        var usage = default(Usage);
        foreach (var part in record.Parts)
        {
            if (prices.FindRow(part.PriceId) is not { } price) return $"a part's price row {part.PriceId} is missing";
            if (part.CostFemto != part.CostBy(price)) return $"its part '{part.Name}' costs something else by its row";
            femto += part.CostFemto;
            usage = usage.Plus(part.Usage);
        }

        if (usage != record.Usage) return "its usage is not the sum of its parts";
        return Cost.OfFemto(femto, record.TokenValueNanos) == record.Cost ? null
            : "its cost is not the sum of its parts";
    }

    private static RequestRecord RecordOf(Row row) => new()
    {
        Wallet = row.Id<WalletId>("wallet_id"), Id = row.Id<RequestId>("request_id"),
        StartedAt = row.Get<DateTime>("started_at"), EndedAt = row.Get<DateTime>("ended_at"),
        Source = (Source)row.Smallint("source"), Holder = row.IdOrNull<HolderId>("holder"),
        KeyId = row.UuidOrNull("key_id"), Model = row.Text("model"), Provider = row.Text("provider"),
        PriceId = row.UuidOrNull("price_id"), TokenValueNanos = row.Bigint("token_value_nanos"),
        Usage = UsageColumns.WithMedia(row) with { Reasoning = row.Bigint("reasoning") },
        Cost = new(new(row.Bigint("cost_nanos")), row.Tokens("cost_milli")), Charged = row.Tokens("charged_milli"),
        Held = row.Tokens("held_milli"), AskedCap = row.BigintOrNull("asked_cap"),
        SentCap = row.BigintOrNull("sent_cap"), State = (RecordState)row.Smallint("state"),
        Outcome = (Outcome)row.Smallint("outcome"), HttpStatus = row.Smallint("http_status"),
        FirstByteUs = row.Int4("first_byte_us"), DurationUs = row.Bigint("duration_us"),
        RequestBytes = row.Int4("request_bytes"), ResponseBytes = row.Bigint("response_bytes"),
        Parts = row.TextOrNull("parts") is { } parts ? PartRows.FromJson(parts) : [],
    };
}
