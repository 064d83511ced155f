using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering.Requests;
using Guerdon.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Metering.Reconciliation;

/// <summary>What a flush charged a wallet: its transfer, and what of it is spent, in the order it goes back.</summary>
internal sealed record Flushed(TransferId Transfer, IReadOnlyList<(int Lot, long SpentMilli)> Lots);

/// <summary>
/// The transfers of a reconciliation. For each wallet and flush, its corrections together: what is too much goes back
/// into the lots that it came from; what is missing is spent from what the wallet has. Each names the transfer it puts
/// right, and its evidence is the digest of its rows.
/// </summary>
internal static class CorrectionTransfers
{
    private static readonly string FlushLotsSql = Sql.Read("Metering/Reconciliation/FlushLots.sql");

    /// <summary>Begins the keys.</summary>
    public static string KeyOf(ReconciliationId id, Guid flush) => $"correction:{id.Value:N}:{flush:N}";

    /// <param name="rows">In the order of wallets and request ids.</param>
    /// <param name="flushes">All that the rows name.</param>
    public static IReadOnlyList<Transfer> Of(
        IReadOnlyList<CorrectionRow> rows, IReadOnlyDictionary<(WalletId, Guid), Flushed> flushes) =>
    [
        .. from row in rows
        where row.SettledBy is not null
        group row by (row.Wallet, Flush: row.SettledBy!.Value, row.Reconciliation) into own
        from transfer in OfFlush(own.Key.Wallet, KeyOf(own.Key.Reconciliation, own.Key.Flush),
            own.Aggregate(0L, (sum, r) => checked(sum + r.DeltaMilli)), flushes[(own.Key.Wallet, own.Key.Flush)],
            RecordDigest.OfFlush(own.Select(r => r.Digest())))
        select transfer with { SourceId = own.Key.Reconciliation.Value }
    ];

    private static IEnumerable<Transfer> OfFlush(
        WalletId wallet, string key, long deltaMilli, Flushed flushed, byte[] evidence)
    {
        if (deltaMilli > 0)
            yield return new()
            {
                Kind = TransferKind.Spend, Wallet = wallet, Amount = new(deltaMilli), Key = key,
                Corrects = flushed.Transfer, Evidence = evidence,
            };

        var left = -deltaMilli;
        foreach (var (lot, spent) in flushed.Lots)
        {
            if (left <= 0) break;
            var back = Math.Min(left, spent);
            left -= back;
            if (back > 0)
                yield return new()
                {
                    Kind = TransferKind.Refund, Wallet = wallet, Amount = new(back), Key = $"{key}:{lot}", Lot = lot,
                    Corrects = flushed.Transfer, Evidence = evidence,
                };
        }

        if (left > 0) throw new InvalidOperationException($"{key} would give {wallet} back more than was spent.");
    }

    public static async Task<Dictionary<(WalletId, Guid), Flushed>> FlushesAsync(
        NpgsqlConnection connection, IReadOnlyList<Correction> corrections, CancellationToken ct)
    {
        var wanted = corrections.Where(c => c.Call.SettledBy is not null)
            .Select(c => (c.Call.Wallet, Flush: c.Call.SettledBy!.Value)).Distinct().ToList();
        var lots = await connection.ReadAsync(
            FlushLotsSql,
            row => (Flush: (row.Id<WalletId>("wallet_id"), row.Uuid("flush")),
                Transfer: row.Id<TransferId>("transfer_id"), Lot: (row.Int4("lot"), row.Bigint("spent_milli"))),
            [
                Columns.Of(NpgsqlDbType.Uuid, wanted, w => w.Wallet.Value),
                Columns.Of(NpgsqlDbType.Uuid, wanted, w => w.Flush),
                Columns.Of(NpgsqlDbType.Text, wanted, w => Flush.KeyOf(w.Flush)),
            ], ct);
        return lots.GroupBy(l => l.Flush).ToDictionary(
            of => of.Key, of => new Flushed(of.First().Transfer, [.. of.Select(l => l.Lot)]));
    }
}
