using System.Globalization;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;

namespace Guerdon.Grants.Runs;

/// <summary>The transfers of one chunk of lines. The same lines always make the same transfers, so a
/// repeat is safe.</summary>
internal static class ChunkTransfers
{
    /// <summary>The treasury funds the pool with the chunk's total, and the pool grants it all on.</summary>
    /// <param name="run">The run.</param>
    /// <param name="chunk">Its number in the run.</param>
    /// <param name="pool">Whose budget pays.</param>
    /// <param name="lines">All of one asset.</param>
    public static IReadOnlyList<Transfer> Of(RunId run, int chunk, PoolId pool, IReadOnlyList<StoredLine> lines)
    {
        var wallet = new WalletId(pool.Value);
        return [Fund(run, chunk, wallet, lines), .. lines.Select(line => Grant(run, wallet, line))];
    }

    private static Transfer Fund(RunId run, int chunk, WalletId pool, IReadOnlyList<StoredLine> lines) => new()
    {
        Kind = TransferKind.Fund,
        Wallet = WalletId.Treasury,
        To = pool,
        Asset = lines[0].Grant.Asset,
        Amount = lines.Aggregate(Tokens.Zero, (sum, line) => sum + line.Grant.Amount.Tokens),
        Key = $"fund:{run}:{chunk.ToString(CultureInfo.InvariantCulture)}",
        SourceId = run.Value,
    };

    private static Transfer Grant(RunId run, WalletId pool, StoredLine line) => new()
    {
        Kind = line.Grant.VestFrom is null ? TransferKind.Grant : TransferKind.Award,
        Wallet = pool,
        To = new WalletId(line.Grant.Person.Value),
        Asset = line.Grant.Asset,
        Amount = line.Grant.Amount.Tokens,
        Key = line.Grant.Key,
        SourceId = run.Value,
        NewLot = line.Grant.Terms,
        Evidence = line.Evidence,
    };
}
