using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;

namespace Guerdon.Grants.Lines;

/// <summary>What goes back from a wallet goes through the pool to the treasury, which issued it, in
/// one posting.</summary>
/// <param name="Wallet">Whose.</param>
/// <param name="Asset">Which tokens.</param>
/// <param name="Lot">The grant.</param>
/// <param name="Pool">Which budget had paid.</param>
/// <param name="Corrects">The grant's transfer, where it is put right.</param>
internal readonly record struct PoolReturn(WalletId Wallet, Asset Asset, int Lot, PoolId Pool, TransferId? Corrects)
{
    /// <param name="kind">Revoke: what is available; Forfeit: what has not vested.</param>
    /// <param name="amount">How much.</param>
    /// <param name="key">Idempotency key, unique among all wallets.</param>
    public Transfer[] Of(TransferKind kind, Tokens amount, string key)
    {
        var pool = new WalletId(Pool.Value);
        return
        [
            new Transfer
            {
                Kind = kind, Wallet = Wallet, To = pool, Asset = Asset, Lot = Lot, Amount = amount, Key = key,
                Corrects = Corrects,
            },
            new Transfer
            {
                Kind = TransferKind.Fund, Wallet = pool, To = WalletId.Treasury, Asset = Asset, Amount = amount,
                Key = $"return:{key}", Corrects = Corrects,
            },
        ];
    }
}
