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
    private static readonly string AppendSql = Sql.Read("Metering/Requests/AppendRequests.sql");
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

    public IReadOnlyList<Func<NpgsqlBatchCommand>> Commands => [AppendRows, AddDayTotals];

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

    private NpgsqlBatchCommand AppendRows()
    {
        var command = new NpgsqlBatchCommand(AppendSql);
        Add(NpgsqlDbType.Uuid, r => r.Wallet.Value);
        Add(NpgsqlDbType.Uuid, r => r.Id.Value);
        Add(NpgsqlDbType.TimestampTz, r => r.StartedAt);
        Add(NpgsqlDbType.TimestampTz, r => r.EndedAt);
        Add(NpgsqlDbType.Smallint, r => (short)r.Source);
        Add(NpgsqlDbType.Uuid, r => r.Holder?.Value);
        Add(NpgsqlDbType.Uuid, r => r.KeyId);
        Add(NpgsqlDbType.Text, r => r.Model);
        Add(NpgsqlDbType.Text, r => r.Provider);
        Add(NpgsqlDbType.Uuid, r => r.PriceId);
        Add(NpgsqlDbType.Bigint, r => r.TokenValueNanos);
        Add(NpgsqlDbType.Bigint, r => r.Usage.Input);
        Add(NpgsqlDbType.Bigint, r => r.Usage.CachedInput);
        Add(NpgsqlDbType.Bigint, r => r.Usage.CacheWrite5m);
        Add(NpgsqlDbType.Bigint, r => r.Usage.CacheWrite1h);
        Add(NpgsqlDbType.Bigint, r => r.Usage.Output);
        Add(NpgsqlDbType.Bigint, r => r.Usage.Reasoning);
        Add(NpgsqlDbType.Bigint, r => r.Cost.Money.Nanos);
        Add(NpgsqlDbType.Bigint, r => r.Cost.Charge.Milli);
        Add(NpgsqlDbType.Bigint, r => r.Charged.Milli);
        Add(NpgsqlDbType.Bigint, r => r.Held.Milli);
        Add(NpgsqlDbType.Bigint, r => r.AskedCap);
        Add(NpgsqlDbType.Bigint, r => r.SentCap);
        Add(NpgsqlDbType.Smallint, r => (short)r.State);
        Add(NpgsqlDbType.Smallint, r => (short)r.Outcome);
        Add(NpgsqlDbType.Smallint, r => r.HttpStatus);
        Add(NpgsqlDbType.Integer, r => r.FirstByteUs);
        Add(NpgsqlDbType.Bigint, r => r.DurationUs);
        Add(NpgsqlDbType.Integer, r => r.RequestBytes);
        Add(NpgsqlDbType.Bigint, r => r.ResponseBytes);
        Add(NpgsqlDbType.Uuid, r => r.Charged.Milli > 0 ? Id : (Guid?)null);
        command.Parameters.Add(Columns.Of(NpgsqlDbType.Bytea, rows, r => r.Digest));
        return command;

        void Add<T>(NpgsqlDbType type, Func<RequestRecord, T> column) =>
            command.Parameters.Add(Columns.Of(type, rows, row => column(row.Record)));
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
