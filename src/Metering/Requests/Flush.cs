using Guerdon.Ledger.Transfers;
using Npgsql;

namespace Guerdon.Metering.Requests;

/// <summary>
/// Records that are booked as they are written, in one commit: their rows, the sums that pages read, and one transfer
/// per wallet whose evidence is the digest of the wallet's rows. So are imports, tuning jobs and what a dead node left;
/// what the gateway meters is booked later, a batch at a time (<see cref="BatchAppend"/>).
/// </summary>
internal sealed class Flush
{
    private readonly List<JournalRow> _rows;

    /// <param name="id">Names the transfers; a flush that is tried again keeps its id and is booked once.</param>
    /// <param name="kind">Settle takes from the records' escrow, Spend from what is available.</param>
    /// <param name="records">Of any wallets; those of one wallet have one holder.</param>
    public Flush(Guid id, TransferKind kind, IEnumerable<RequestRecord> records)
    {
        Id = id;
        _rows = [.. records.Select(r => new JournalRow(r, RecordDigest.Of(r), r.Charged.Milli > 0 ? id : null))];
        _rows.Sort(JournalRow.InOrder);
        Transfers = [.. SumByWallet(kind)];
    }

    public Guid Id { get; }

    /// <summary>How many records.</summary>
    public int Records => _rows.Count;

    public IReadOnlyList<Transfer> Transfers { get; }

    /// <summary>What is written beside its transfers.</summary>
    public InSameCommit With(params Func<NpgsqlBatchCommand>[] more)
    {
        var rows = new JournalRows(_rows);
        return new() { Copy = rows.CopyAsync, Commands = [.. rows.Commands(), .. more] };
    }

    /// <summary>The key of the transfers that book a flush or a batch.</summary>
    public static string KeyOf(Guid id) => $"flush:{id:N}";

    private IEnumerable<Transfer> SumByWallet(TransferKind kind)
    {
        for (var first = 0; first < _rows.Count;)
        {
            var wallet = _rows[first].Record.Wallet;
            var after = first;
            long sum = 0;
            while (after < _rows.Count && _rows[after].Record.Wallet == wallet)
                sum = checked(sum + _rows[after++].Record.Charged.Milli);

            if (sum > 0)
            {
                yield return new Transfer
                {
                    Kind = kind, Wallet = wallet, Amount = new(sum), Key = KeyOf(Id), SourceId = Id,
                    Holder = kind == TransferKind.Settle ? _rows[first].Record.Holder : null,
                    Evidence = RecordDigest.OfFlush(_rows[first..after].Where(r => r.IsCharged).Select(r => r.Digest)),
                };
            }

            first = after;
        }
    }
}
