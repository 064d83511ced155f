using System.Collections.Frozen;
using Guerdon.Ledger.Accounts;

namespace Guerdon.Ledger.Transfers;

/// <summary>Between which accounts a kind of transfer moves. 0 stands for no account of this wallet.</summary>
/// <param name="From">The payer's account.</param>
/// <param name="To">The receiver's account; in the other wallet where <paramref name="TwoWallets"/>.</param>
/// <param name="TwoWallets">It leaves one wallet's chain and enters another's.</param>
/// <param name="LastFirst">Lots are taken in reverse of the spending order, so that what lapses first is spent
/// first.</param>
internal readonly record struct Route(
    AccountKind From, AccountKind To, bool TwoWallets = false, bool LastFirst = false)
{
    /// <summary>It opens a lot, whose terms it brings.</summary>
    public static bool OpensLot(TransferKind kind) => kind is TransferKind.Grant or TransferKind.Award;

    public bool UsesEscrow => From == AccountKind.Escrow || To == AccountKind.Escrow;

    /// <returns>Null for a number that is no kind.</returns>
    public static Route? Of(TransferKind kind) => Routes.TryGetValue(kind, out var route) ? route : null;

    // Added, not set: a kind that is there twice ends the program, and does not replace the first.
    private static readonly FrozenDictionary<TransferKind, Route> Routes = new Dictionary<TransferKind, Route>
    {
        { TransferKind.Fund, new(AccountKind.Available, AccountKind.Available, TwoWallets: true) },
        { TransferKind.Grant, new(AccountKind.Available, AccountKind.Available, TwoWallets: true) },
        { TransferKind.Draw, new(AccountKind.Available, AccountKind.Escrow) },
        { TransferKind.Settle, new(AccountKind.Escrow, AccountKind.Spent) },
        { TransferKind.Return, new(AccountKind.Escrow, AccountKind.Available, LastFirst: true) },
        { TransferKind.Spend, new(AccountKind.Available, AccountKind.Spent) },
        { TransferKind.Expire, new(AccountKind.Available, AccountKind.Expired) },
        { TransferKind.Refund, new(AccountKind.Spent, AccountKind.Available, LastFirst: true) },
        { TransferKind.Revoke, new(AccountKind.Available, AccountKind.Available, TwoWallets: true) },
        { TransferKind.Award, new(AccountKind.Available, AccountKind.Unvested, TwoWallets: true) },
        { TransferKind.Vest, new(AccountKind.Unvested, AccountKind.Available) },
        { TransferKind.Forfeit, new(AccountKind.Unvested, AccountKind.Available, TwoWallets: true) },
        { TransferKind.Lock, new(AccountKind.Available, AccountKind.Locked) },
        { TransferKind.Unlock, new(AccountKind.Locked, AccountKind.Available, LastFirst: true) },
        { TransferKind.Convert, new(AccountKind.Locked, AccountKind.Converted) },
        { TransferKind.Reconvert, new(AccountKind.Converted, AccountKind.Available, LastFirst: true) },
        { TransferKind.Lapse, new(AccountKind.Available, AccountKind.Expired) },
    }.ToFrozenDictionary();
}
