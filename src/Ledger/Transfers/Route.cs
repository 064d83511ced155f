namespace Stipend.Ledger.Transfers;

/// <summary>Between which accounts a kind of transfer moves. 0 stands for no account of this wallet.</summary>
/// <param name="From">The payer's account.</param>
/// <param name="To">The receiver's account; in the other wallet where <paramref name="TwoWallets"/>.</param>
/// <param name="TwoWallets">It leaves one wallet's chain and enters another's.</param>
/// <param name="LastFirst">Lots are taken in reverse of the spending order, so that what lapses first is spent
/// first.</param>
internal readonly record struct Route(
    AccountKind From, AccountKind To, bool TwoWallets = false, bool LastFirst = false)
{
    public bool UsesEscrow => From == AccountKind.Escrow || To == AccountKind.Escrow;

    /// <returns>Null for a number that is no kind.</returns>
    public static Route? Of(TransferKind kind) => kind switch
    {
        TransferKind.Fund => new(AccountKind.Available, AccountKind.Available, TwoWallets: true),
        TransferKind.Grant => new(AccountKind.Available, AccountKind.Available, TwoWallets: true),
        TransferKind.Draw => new(AccountKind.Available, AccountKind.Escrow),
        TransferKind.Settle => new(AccountKind.Escrow, AccountKind.Spent),
        TransferKind.Return => new(AccountKind.Escrow, AccountKind.Available, LastFirst: true),
        TransferKind.Spend => new(AccountKind.Available, AccountKind.Spent),
        TransferKind.Expire => new(AccountKind.Available, AccountKind.Expired),
        TransferKind.Refund => new(AccountKind.Spent, AccountKind.Available, LastFirst: true),
        TransferKind.Revoke => new(AccountKind.Available, AccountKind.Available, TwoWallets: true),
        _ => null,
    };
}
