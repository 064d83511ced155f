using Npgsql;
using NpgsqlTypes;
using Stipend.Kernel;
using Stipend.Ledger;

namespace Stipend.Metering.Requests;

/// <summary>
/// A group of records on its way into the journal and the ledger, in one commit: their rows, the sums that pages read,
/// and one transfer per wallet whose evidence is the digest of the wallet's rows.
/// </summary>
internal sealed class Flush
{
    private static readonly string CopySql = Sql.Read("Metering/Requests/CopyRequests.sql");
    private static readonly string AddDayTotalsSql = Sql.Read("Metering/Rollups/AddDayTotals.sql");

    private readonly List<(RequestRecord Record, byte[] Digest)> rows;

    /// <param name="id">Names the transfers; a flush that is tried again keeps its id and is booked once.</param>
    /// <param name="kind">Settle takes from the records' escrow, Spend from what is available.</param>
    /// <param name="records">Of any wallets; those of one wallet have one holder.</param>
    public Flush(Guid id, TransferKind kind, IEnumerable<RequestRecord> records)
    {
        Id = id;
        rows = [.. records.Select(r => (r, RecordDigest.Of(r)))];
        rows.Sort((a, b) => (a.Record.Wallet.Value, a.Record.Id.Value)
            .CompareTo((b.Record.Wallet.Value, b.Record.Id.Value)));
        Transfers = [.. SumByWallet(kind)];
    }

    public Guid Id { get; }

    public IReadOnlyList<Transfer> Transfers { get; }

    /// <summary>What is written beside its transfers.</summary>
    public InSameCommit With(params Func<NpgsqlBatchCommand>[] more) =>
        new() { Copy = CopyRowsAsync, Commands = [AddDayTotals, .. more] };

    /// <summary>The key of a flush's transfers, by which verify finds the rows they were booked from.</summary>
    public static string KeyOf(Guid id) => $"flush:{id:N}";

    private IEnumerable<Transfer> SumByWallet(TransferKind kind)
    {
        for (var first = 0; first < rows.Count;)
        {
            var wallet = rows[first].Record.Wallet;
            var behind = first;
            long sum = 0;
            while (behind < rows.Count && rows[behind].Record.Wallet == wallet)
                sum = checked(sum + rows[behind++].Record.Charged.Milli);

            if (sum > 0)
            {
                yield return new Transfer
                {
                    Kind = kind, Wallet = wallet, Amount = new(sum), Key = KeyOf(Id),
                    Holder = kind == TransferKind.Settle ? rows[first].Record.Holder : null,
                    Evidence = RecordDigest.OfFlush(rows[first..behind].Where(IsCharged).Select(r => r.Digest)),
                };
            }

            first = behind;
        }
    }

    private static bool IsCharged((RequestRecord Record, byte[] Digest) row) => row.Record.Charged.Milli > 0;

    private async Task CopyRowsAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync(CopySql, ct);
        foreach (var (r, digest) in rows)
        {
            await copy.StartRowAsync(ct);
            await Uuid(r.Wallet.Value);
            await Uuid(r.Id.Value);
            await Time(r.StartedAt);
            await Time(r.EndedAt);
            await Small((short)r.Source);
            await Uuid(r.Holder?.Value);
            await Uuid(r.KeyId);
            await Text(r.Model);
            await Text(r.Provider);
            await Uuid(r.PriceId);
            await Long(r.TokenValueNanos);
            await Long(r.Usage.Input);
            await Long(r.Usage.CachedInput);
            await Long(r.Usage.CacheWrite5m);
            await Long(r.Usage.CacheWrite1h);
            await Long(r.Usage.Output);
            await Long(r.Usage.Reasoning);
            await Long(r.Cost.Money.Nanos);
            await Long(r.Cost.Charge.Milli);
            await Long(r.Charged.Milli);
            await Long(r.Held.Milli);
            await Long(r.AskedCap);
            await Long(r.SentCap);
            await Small((short)r.State);
            await Small((short)r.Outcome);
            await Small(r.HttpStatus);
            await Int(r.FirstByteUs);
            await Long(r.DurationUs);
            await Int(r.RequestBytes);
            await Long(r.ResponseBytes);
            await Uuid(r.Charged.Milli > 0 ? Id : null);
            await copy.WriteAsync(digest, NpgsqlDbType.Bytea, ct);
        }

        await copy.CompleteAsync(ct);

        Task Uuid(Guid? value) => Write(value, NpgsqlDbType.Uuid);
        Task Long(long? value) => Write(value, NpgsqlDbType.Bigint);
        Task Int(int value) => copy.WriteAsync(value, NpgsqlDbType.Integer, ct);
        Task Small(short value) => copy.WriteAsync(value, NpgsqlDbType.Smallint, ct);
        Task Text(string value) => copy.WriteAsync(value, NpgsqlDbType.Text, ct);
        Task Time(DateTime value) => copy.WriteAsync(value, NpgsqlDbType.TimestampTz, ct);
        Task Write<T>(T? value, NpgsqlDbType type) where T : struct =>
            value is { } known ? copy.WriteAsync(known, type, ct) : copy.WriteNullAsync(ct);
    }

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
