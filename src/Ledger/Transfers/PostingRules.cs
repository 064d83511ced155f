using Guerdon.Kernel;
using Guerdon.Ledger.Accounts;

namespace Guerdon.Ledger.Transfers;

/// <summary>A part of a transfer: so much out of one lot.</summary>
internal readonly record struct Part(int Lot, long AmountMilli);

/// <summary>Decides a transfer from states already read. No I/O, so a test reaches every branch.</summary>
internal static class PostingRules
{
    private const int MaxKeyLength = 200;

    /// <summary>Whether a transfer is well formed, whatever the balances.</summary>
    public static Refused? CheckForm(Transfer t)
    {
        if (Route.Of(t.Kind) is not { } route) return Invalid($"{(short)t.Kind} is not a kind of transfer.");
        if (t.Amount.Milli < 1) return Invalid($"The amount must be at least 1 milli-token, not {t.Amount.Milli}.");
        if (t.AtLeast is { } least && (least.Milli < 0 || least > t.Amount))
            return Invalid($"AtLeast must lie between 0 and the amount, not at {least.Milli} milli-tokens.");
        if (t.Key.Length is 0 or > MaxKeyLength)
            return Invalid($"The key must have 1 to {MaxKeyLength} characters, not {t.Key.Length}.");
        if (CheckParties(t, route) is { } party) return party;
        if (Route.OpensLot(t.Kind) != t.NewLot is not null)
            return Invalid($"{t.Kind} {Needs(Route.OpensLot(t.Kind))} the terms of a new lot.");
        if (t.Lot is null && NeedsLot(t.Kind)) return Invalid($"{t.Kind} needs the lot it takes from.");
        if (t.Corrects is null && (t.Kind is TransferKind.Refund or TransferKind.Reconvert))
            return Invalid($"{t.Kind} needs the transfer it corrects.");
        if (t.Evidence is { Length: not 32 }) return Invalid("Evidence is a SHA-256 digest of 32 bytes.");
        return null;
    }

    private static Refused? CheckParties(Transfer t, Route route)
    {
        if (route.TwoWallets != t.To.HasValue)
            return Invalid($"{t.Kind} {Needs(route.TwoWallets)} a receiving wallet.");
        if (t.To == t.Wallet) return Invalid("A wallet cannot pay itself.");
        if (route.UsesEscrow != t.Holder.HasValue) return Invalid($"{t.Kind} {Needs(route.UsesEscrow)} a holder.");
        return null;
    }

    /// <summary>Which lots pay how much, or why none does.</summary>
    /// <param name="payer">The paying wallet as it stands.</param>
    /// <param name="t">A transfer that passed <see cref="CheckForm"/>.</param>
    /// <param name="at">The instant it will be booked at.</param>
    public static Result<List<Part>> Allocate(WalletState payer, Transfer t, DateTime at)
    {
        var route = Route.Of(t.Kind)!.Value;
        if (t.Wallet == WalletId.Treasury) return new List<Part> { new(0, t.Amount.Milli) }; // it owes what it issues

        if (t.Kind == TransferKind.Expire && !payer.IsExpired(t.Lot!.Value, at))
            return LedgerRefusals.LotNotExpired.With($"Lot {t.Lot} of {t.Wallet} has not expired at {at:O}.");

        var lots = payer.InSpendingOrder(t.Asset, route.From, t.Holder is { } h && route.From == AccountKind.Escrow
            ? h.Value : default);
        // Only free tokens expire under one's hand: what is in escrow was set aside in time and may still be spent.
        if (route.From == AccountKind.Available && t.Kind is not TransferKind.Expire and not TransferKind.Revoke)
            lots.RemoveAll(l => payer.IsExpired(l.Lot, at));
        if (t.Lot is { } only) lots.RemoveAll(l => l.Lot != only);
        if (route.LastFirst) lots.Reverse();

        return Take(lots, t, route.From);
    }

    private static Result<List<Part>> Take(
        List<(int Lot, long AmountMilli)> lots, Transfer t, AccountKind from)
    {
        var parts = new List<Part>(lots.Count);
        var wanted = t.Amount.Milli;
        foreach (var (lot, amount) in lots)
        {
            if (wanted == 0) break;
            var taken = Math.Min(amount, wanted);
            parts.Add(new(lot, taken));
            wanted -= taken;
        }

        var there = t.Amount.Milli - wanted;
        return there >= (t.AtLeast ?? t.Amount).Milli
            ? parts
            : LedgerRefusals.InsufficientTokens.With(
                $"{t.Wallet} has {new Tokens(there)} {from.ToString().ToLowerInvariant()} of the "
                + $"{t.AtLeast ?? t.Amount} tokens that {t.Kind} {t.Key} needs.");
    }

    private static bool NeedsLot(TransferKind kind) =>
        kind is TransferKind.Expire or TransferKind.Vest or TransferKind.Forfeit or TransferKind.Lapse;

    private static string Needs(bool yes) => yes ? "needs" : "does not take";

    private static Refused Invalid(string detail) => LedgerRefusals.InvalidTransfer.With(detail);
}
