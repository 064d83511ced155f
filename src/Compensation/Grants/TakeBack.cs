using Stipend.Kernel;
using Stipend.Ledger;

namespace Stipend.Compensation;

/// <summary>What goes back from a wallet goes through the pool to the treasury, which issued it, in one
/// posting.</summary>
internal static class TakeBack
{
    /// <param name="kind">Revoke: what is available; Forfeit: what has not vested.</param>
    /// <param name="wallet">Whose.</param>
    /// <param name="asset">Which tokens.</param>
    /// <param name="lot">The grant.</param>
    /// <param name="amount">How much.</param>
    /// <param name="pool">Which budget had paid.</param>
    /// <param name="key">Idempotency key, unique among all wallets.</param>
    /// <param name="corrects">The grant's transfer, where it is put right.</param>
    public static Transfer[] Of(
        TransferKind kind, WalletId wallet, Asset asset, int lot, Tokens amount, PoolId pool, string key,
        TransferId? corrects)
    {
        var purse = new WalletId(pool.Value);
        return
        [
            new Transfer
            {
                Kind = kind, Wallet = wallet, To = purse, Asset = asset, Lot = lot, Amount = amount, Key = key,
                Corrects = corrects,
            },
            new Transfer
            {
                Kind = TransferKind.Fund, Wallet = purse, To = WalletId.Treasury, Asset = asset, Amount = amount,
                Key = $"return:{key}", Corrects = corrects,
            },
        ];
    }
}
