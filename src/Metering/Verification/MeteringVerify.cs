using System.Runtime.CompilerServices;
using Dapper;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering.Reconciliation;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
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
        await connection.ExecuteAsync(new CommandDefinition(
            "set local statement_timeout = 0", transaction: snapshot, cancellationToken: ct));

        var prices = new PriceBook(db);
        await prices.ReloadAsync(ct);
        await foreach (var finding in RecordsAsync(connection, prices, progress, ct)) yield return finding;
        await foreach (var finding in CorrectionVerify.RunAsync(connection, prices, ct)) yield return finding;

        foreach (var (sql, table) in Checks)
        {
            var rows = await connection.QueryAsync<(string Row, string Problem)>(
                new CommandDefinition(sql, transaction: snapshot, cancellationToken: ct));
            foreach (var (row, problem) in rows) yield return new(table, row, problem);
        }
    }

    private static async IAsyncEnumerable<Finding> RecordsAsync(
        NpgsqlConnection connection, PriceBook prices, IProgress<long>? progress,
        [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(ReadSql, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        for (long count = 1; await reader.ReadAsync(ct); count++)
        {
            var record = Read(reader);
            if (count % 10_000 == 0) progress?.Report(count);
            var row = $"wallet_id={record.Wallet.Value}, request_id={record.Id.Value}";
            if (!RecordDigest.Of(record).AsSpan().SequenceEqual(reader.GetFieldValue<byte[]>(DigestColumn)))
                yield return new("metering.request", row, "its digest does not match its content");
            else if (CostProblem(record, prices) is { } problem)
                yield return new("metering.request", row, problem);
        }
    }

    private static string? CostProblem(RequestRecord record, PriceBook prices)
    {
        if (record.Parts.Count > 0) return PartsProblem(record, prices);
        if (record.PriceId is not { } id)
            return record.Outcome == Outcome.Lost && record.Cost.Charge < record.Held // or more, where a stop says so
                ? "it is not charged at its hold" : null;
        if (prices.FindRow(id) is not { } price) return $"its price row {id} is missing";

        if (record.Source == Source.Tuning && price.Training is null) return $"its price row {id} has no training rate";
        var cost = record.Source == Source.Tuning
            ? Cost.OfTraining(price, record.Usage.Input, record.TokenValueNanos)
            : Cost.Of(price, record.Usage, record.TokenValueNanos);
        return cost == record.Cost ? null : $"by its price row it costs {cost.Charge.Milli} milli-tokens";
    }

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

    private const int DigestColumn = 30;

    private static RequestRecord Read(NpgsqlDataReader r) => new()
    {
        Wallet = new(r.GetGuid(0)), Id = new(r.GetGuid(1)), StartedAt = r.GetDateTime(2), EndedAt = r.GetDateTime(3),
        Source = (Source)r.GetInt16(4), Holder = r.IsDBNull(5) ? null : new HolderId(r.GetGuid(5)),
        KeyId = r.IsDBNull(6) ? null : r.GetGuid(6), Model = r.GetString(7), Provider = r.GetString(8),
        PriceId = r.IsDBNull(9) ? null : r.GetGuid(9), TokenValueNanos = r.GetInt64(10),
        Usage = new(r.GetInt64(11), r.GetInt64(12), r.GetInt64(13), r.GetInt64(14), r.GetInt64(15), r.GetInt64(16))
        {
            AudioInput = r.GetInt64(31), ImageInput = r.GetInt64(32), AudioOutput = r.GetInt64(33),
            ImageOutput = r.GetInt64(34),
        },
        Cost = new(new(r.GetInt64(17)), new(r.GetInt64(18))), Charged = new(r.GetInt64(19)), Held = new(r.GetInt64(20)),
        AskedCap = r.IsDBNull(21) ? null : r.GetInt64(21), SentCap = r.IsDBNull(22) ? null : r.GetInt64(22),
        State = (RecordState)r.GetInt16(23), Outcome = (Outcome)r.GetInt16(24), HttpStatus = r.GetInt16(25),
        FirstByteUs = r.GetInt32(26), DurationUs = r.GetInt64(27), RequestBytes = r.GetInt32(28),
        ResponseBytes = r.GetInt64(29), Parts = r.IsDBNull(35) ? [] : PartRows.FromJson(r.GetString(35)),
    };
}
