using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Metering.Requests;

/// <summary>A record on its way into the journal.</summary>
/// <param name="Record">What it says.</param>
/// <param name="Digest">Of all that it says.</param>
/// <param name="SettledBy">The flush or batch that books it; null where nothing was charged.</param>
internal readonly record struct JournalRow(RequestRecord Record, byte[] Digest, Guid? SettledBy)
{
    public bool IsCharged => Record.Charged.Milli > 0;

    /// <summary>By wallet, then by request: the order of evidence.</summary>
    public static int InOrder(JournalRow a, JournalRow b) => (a.Record.Wallet.Value, a.Record.Id.Value)
        .CompareTo((b.Record.Wallet.Value, b.Record.Id.Value));
}

/// <summary>
/// Records as they are written in one commit: their rows by <c>COPY</c>, their parts, and the sums that pages read.
/// </summary>
/// <param name="rows">Of any wallets.</param>
internal sealed class JournalRows(IReadOnlyList<JournalRow> rows)
{
    private static readonly string CopySql = Sql.Read("Metering/Requests/CopyRequests.sql");
    private static readonly string AddDayTotalsSql = Sql.Read("Metering/Rollups/AddDayTotals.sql");
    private const short CopyColumns = 36;
    private const int SendBytes = 96 * 1_024;

    public async Task CopyAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync(CopySql, ct);
        var to = new BinaryRows();
        foreach (var row in rows)
        {
            Add(to, row);
            if (to.Bytes > SendBytes) await to.SendAsync(copy, ct);
        }

        to.End();
        await to.SendAsync(copy, ct);
    }

    /// <summary>What is written beside the rows.</summary>
    public IReadOnlyList<Func<NpgsqlBatchCommand>> Commands() =>
        // Few requests have parts, so the others pay nothing for them.
        rows.Any(r => r.Record.Parts.Count > 0) ? [AddDayTotals, AppendParts] : [AddDayTotals];

    // The columns must be in the order of CopyRequests.sql.
    private static void Add(BinaryRows to, JournalRow row)
    {
        var r = row.Record;
        to.Row(CopyColumns);
        to.Add(r.Wallet.Value);
        to.Add(r.Id.Value);
        to.Add(r.StartedAt);
        to.Add(r.EndedAt);
        to.Add((short)r.Source);
        to.Add(r.Holder?.Value);
        to.Add(r.KeyId);
        to.Add(r.Model);
        to.Add(r.Provider);
        to.Add(r.PriceId);
        to.Add(r.TokenValueNanos);
        to.Add(r.Usage.Input);
        to.Add(r.Usage.CachedInput);
        to.Add(r.Usage.CacheWrite5m);
        to.Add(r.Usage.CacheWrite1h);
        to.Add(r.Usage.Output);
        to.Add(r.Usage.Reasoning);
        to.Add(r.Cost.Money.Nanos);
        to.Add(r.Cost.Charge.Milli);
        to.Add(r.Charged.Milli);
        to.Add(r.Held.Milli);
        to.Add(r.AskedCap);
        to.Add(r.SentCap);
        to.Add((short)r.State);
        to.Add((short)r.Outcome);
        to.Add(r.HttpStatus);
        to.Add(r.FirstByteUs);
        to.Add(r.DurationUs);
        to.Add(r.RequestBytes);
        to.Add(r.ResponseBytes);
        to.Add(row.SettledBy);
        to.Add(row.Digest);
        to.Add(r.Usage.AudioInput);
        to.Add(r.Usage.ImageInput);
        to.Add(r.Usage.AudioOutput);
        to.Add(r.Usage.ImageOutput);
    }

    private NpgsqlBatchCommand AppendParts() => PartRows.Append([.. rows.Select(r => r.Record)]);

    private NpgsqlBatchCommand AddDayTotals()
    {
        var totals = rows
            .GroupBy(
                r => (Wallet: r.Record.Wallet.Value, Day: DateOnly.FromDateTime(r.Record.StartedAt), r.Record.Model))
            .Select(g => (g.Key, Rows: g.Select(r => r.Record).ToList())).ToList();
        var command = new NpgsqlBatchCommand(AddDayTotalsSql);
        command.Parameters.Add(Columns.Of(NpgsqlDbType.Uuid, totals, t => t.Key.Wallet));
        command.Parameters.Add(Columns.Of(NpgsqlDbType.Date, totals, t => t.Key.Day));
        command.Parameters.Add(Columns.Of(NpgsqlDbType.Text, totals, t => t.Key.Model));
        command.Parameters.Add(Columns.Of(NpgsqlDbType.Bigint, totals, t => (long)t.Rows.Count));
        Add(r => r.Usage.TotalInput);
        Add(r => r.Usage.Output);
        Add(r => r.Cost.Money.Nanos);
        Add(r => r.Charged.Milli);
        return command;

        void Add(Func<RequestRecord, long> figure) => command.Parameters.Add(
            Columns.Of(NpgsqlDbType.Bigint, totals, t => t.Rows.Sum(figure)));
    }
}
