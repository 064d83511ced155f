using Guerdon.Kernel;
using Guerdon.Ledger.Transfers;
using Guerdon.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Metering.Requests;

/// <summary>
/// A group of records on its way into the journal and the ledger, in one commit: their rows, the sums that pages read,
/// and one transfer per wallet whose evidence is the digest of the wallet's rows.
/// </summary>
internal sealed class Flush
{
    private static readonly string CopySql = Sql.Read("Metering/Requests/CopyRequests.sql");
    private const short CopyColumns = 36;
    private const int SendBytes = 96 * 1_024;
    private static readonly string AddDayTotalsSql = Sql.Read("Metering/Rollups/AddDayTotals.sql");

    private readonly List<(RequestRecord Record, byte[] Digest)> _rows;

    /// <param name="id">Names the transfers; a flush that is tried again keeps its id and is booked once.</param>
    /// <param name="kind">Settle takes from the records' escrow, Spend from what is available.</param>
    /// <param name="records">Of any wallets; those of one wallet have one holder.</param>
    public Flush(Guid id, TransferKind kind, IEnumerable<RequestRecord> records)
    {
        Id = id;
        _rows = [.. records.Select(r => (r, RecordDigest.Of(r)))];
        _rows.Sort((a, b) => (a.Record.Wallet.Value, a.Record.Id.Value)
            .CompareTo((b.Record.Wallet.Value, b.Record.Id.Value)));
        Transfers = [.. SumByWallet(kind)];
    }

    public Guid Id { get; }

    public IReadOnlyList<Transfer> Transfers { get; }

    /// <summary>What is written beside its transfers.</summary>
    public InSameCommit With(params Func<NpgsqlBatchCommand>[] more) =>
        new()
        {
            Copy = CopyRowsAsync,
            Commands = _rows.Exists(r => r.Record.Parts.Count > 0)
                ? [AddDayTotals, AppendParts, .. more] : [AddDayTotals, .. more],
        };

    /// <summary>The key of a flush's transfers.</summary>
    public static string KeyOf(Guid id) => $"flush:{id:N}";

    private IEnumerable<Transfer> SumByWallet(TransferKind kind)
    {
        for (var first = 0; first < _rows.Count;)
        {
            var wallet = _rows[first].Record.Wallet;
            var end = first;
            long sum = 0;
            while (end < _rows.Count && _rows[end].Record.Wallet == wallet)
                sum = checked(sum + _rows[end++].Record.Charged.Milli);

            if (sum > 0)
            {
                yield return new Transfer
                {
                    Kind = kind, Wallet = wallet, Amount = new(sum), Key = KeyOf(Id), SourceId = Id,
                    Holder = kind == TransferKind.Settle ? _rows[first].Record.Holder : null,
                    Evidence = RecordDigest.OfFlush(_rows[first..end].Where(IsCharged).Select(r => r.Digest)),
                };
            }

            first = end;
        }
    }

    private static bool IsCharged((RequestRecord Record, byte[] Digest) row) => row.Record.Charged.Milli > 0;

    private async Task CopyRowsAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync(CopySql, ct);
        var to = new BinaryRows();
        foreach (var (record, digest) in _rows)
        {
            Add(to, record, digest);
            if (to.Bytes > SendBytes) await to.SendAsync(copy, ct);
        }

        to.End();
        await to.SendAsync(copy, ct);
    }

    // The columns must be in the order of CopyRequests.sql.
    private void Add(BinaryRows to, RequestRecord r, byte[] digest)
    {
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
        to.Add(r.Charged.Milli > 0 ? Id : null);
        to.Add(digest);
        to.Add(r.Usage.AudioInput);
        to.Add(r.Usage.ImageInput);
        to.Add(r.Usage.AudioOutput);
        to.Add(r.Usage.ImageOutput);
    }

    // A statement of its own, so that requests without parts (nearly all of them) pay nothing for it.
    private NpgsqlBatchCommand AppendParts() => PartRows.Append([.. _rows.Select(r => r.Record)]);

    private NpgsqlBatchCommand AddDayTotals()
    {
        var totals = _rows
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
