using Guerdon.Kernel;
using Guerdon.Ledger.Accounts;

namespace Guerdon.Ledger.Transfers;

/// <summary>What a transfer does, which also says between which accounts it moves. Stored and never reused.</summary>
public enum TransferKind : short
{
    /// <summary>Available to available of another wallet, outside lots: the treasury funds a pool.</summary>
    Fund = 1,

    /// <summary>Available of a pool to available of a wallet, as a new lot.</summary>
    Grant = 2,

    /// <summary>Available to escrow, lots that expire first going first.</summary>
    Draw = 3,

    /// <summary>Escrow to spent: what requests turned out to cost.</summary>
    Settle = 4,

    /// <summary>Escrow to available, lots that expire last being returned first.</summary>
    Return = 5,

    /// <summary>Available to spent, without escrow: usage measured elsewhere.</summary>
    Spend = 6,

    /// <summary>Available to expired: what is left of one lot after its date.</summary>
    Expire = 7,

    /// <summary>Spent to available: a settlement was too high. Names what it corrects.</summary>
    Refund = 8,

    /// <summary>Available back to the available of the wallet that granted it: a grant is revoked.</summary>
    Revoke = 9,

    /// <summary>Available of a pool to unvested of a wallet, as a new lot: a grant that vests.</summary>
    Award = 10,

    /// <summary>Unvested to available: an instalment of one lot.</summary>
    Vest = 11,

    /// <summary>Unvested back to the available of the wallet that awarded it.</summary>
    Forfeit = 12,

    /// <summary>Available to locked: a conversion is asked for.</summary>
    Lock = 13,

    /// <summary>Locked to available: it was declined, withdrawn or has lapsed.</summary>
    Unlock = 14,

    /// <summary>Locked to converted: it is paid out.</summary>
    Convert = 15,

    /// <summary>Converted to available: it was paid out by mistake. Names what it corrects.</summary>
    Reconvert = 16,

    /// <summary>Available to expired before the lot's date: what passes a plan's rollover cap.</summary>
    Lapse = 17,
}

/// <summary>The terms a lot is granted on; they never change.</summary>
/// <param name="TaxClass">Payroll's class of this grant, such as <c>work_compute</c>.</param>
/// <param name="Source">The rule that produced it, readable by the person: <c>plan allowance-2026, 2026-11</c>.</param>
/// <param name="ExpiresAt">From this instant it cannot be drawn; null: never.</param>
public sealed record LotTerms(string TaxClass, string Source, DateTimeOffset? ExpiresAt);

/// <summary>
/// A move of a positive amount of one asset. Posting it again with the same <see cref="Key"/> and content is safe:
/// the first result comes back and nothing moves.
/// </summary>
public sealed record Transfer
{
    public required TransferKind Kind { get; init; }

    /// <summary>The wallet it moves in; where two are involved, the one that pays.</summary>
    public required WalletId Wallet { get; init; }

    /// <summary>The wallet that receives, for <see cref="TransferKind.Fund"/>, Grant, Award, Revoke and Forfeit
    /// only.</summary>
    public WalletId? To { get; init; }

    /// <summary>Whose escrow, for Draw, Settle and Return only.</summary>
    public HolderId? Holder { get; init; }

    public Asset Asset { get; init; } = Asset.Compute;

    /// <summary>How much, at least one milli-token.</summary>
    public required Tokens Amount { get; init; }

    /// <summary>
    /// Where set, take what there is up to <see cref="Amount"/>, but refuse below this (0: take nothing).
    /// </summary>
    public Tokens? AtLeast { get; init; }

    /// <summary>Idempotency key, unique in each wallet it touches, 1 to 200 characters.</summary>
    public required string Key { get; init; }

    /// <summary>The new lot's terms, for Grant and Award only.</summary>
    public LotTerms? NewLot { get; init; }

    /// <summary>
    /// The one lot to take from. Expire, Vest, Forfeit and Lapse need it; null elsewhere: lots in spending order.
    /// </summary>
    public int? Lot { get; init; }

    /// <summary>The earlier transfer that this one puts right.</summary>
    public TransferId? Corrects { get; init; }

    /// <summary>
    /// The id of what it is booked for: a flush of requests, a reconciliation, a conversion, a run, a tuning job. Null
    /// where that has no id of its own. Part of the chain; not of what tells two requests under one key apart.
    /// </summary>
    public Guid? SourceId { get; init; }

    /// <summary>
    /// SHA-256 of the documents it was booked from (request rows, a grant line), or null. Part of the chain.
    /// </summary>
    public byte[]? Evidence { get; init; }
}

/// <summary>What became of a transfer.</summary>
/// <param name="Id">The transfer's id; of the first posting where it is a repeat.</param>
/// <param name="Moved">What moved: the amount, or less where <see cref="Transfer.AtLeast"/> allowed it.</param>
/// <param name="AvailableAfter">Available in the paying wallet after it, all unexpired lots.</param>
/// <param name="Replayed">True where the same transfer was posted earlier and nothing moved now.</param>
/// <param name="Refused">Why nothing moved, or null.</param>
public sealed record Posted(
    TransferId Id, Tokens Moved, Tokens AvailableAfter, bool Replayed, Refused? Refused)
{
    public bool Done => Refused is null;
}
