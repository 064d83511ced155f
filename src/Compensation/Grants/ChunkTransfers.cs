using System.Globalization;
using Stipend.Kernel;
using Stipend.Ledger;

namespace Stipend.Compensation;

/// <summary>The transfers of one chunk of lines. The same lines always make the same transfers, so a repeat is
/// safe.</summary>
internal static class ChunkTransfers
{
    public static IReadOnlyList<Transfer> Of(RunId run, int chunk, PoolId pool, IReadOnlyList<KeptLine> lines)
    {
        var wallet = new WalletId(pool.Value);
        var total = lines.Aggregate(Tokens.Zero, (sum, line) => sum + line.Grant.Amount.Tokens);
        return [Fund(run, chunk, wallet, total), .. lines.Select(line => Grant(wallet, line))];
    }

    private static Transfer Fund(RunId run, int chunk, WalletId pool, Tokens total) => new()
    {
        Kind = TransferKind.Fund,
        Wallet = WalletId.Treasury,
        To = pool,
        Amount = total,
        Key = $"fund:{run}:{chunk.ToString(CultureInfo.InvariantCulture)}",
    };

    private static Transfer Grant(WalletId pool, KeptLine line) => new()
    {
        Kind = TransferKind.Grant,
        Wallet = pool,
        To = new WalletId(line.Grant.Person.Value),
        Amount = line.Grant.Amount.Tokens,
        Key = line.Grant.Key,
        NewLot = line.Grant.Terms,
        Evidence = line.Evidence,
    };
}
