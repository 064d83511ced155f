using Guerdon.Ledger;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;
using Guerdon.Payroll.Settings;

namespace Guerdon.Payroll.GeneralLedger;

/// <summary>One side of an entry of the general ledger; a debit is positive.</summary>
/// <param name="Account">Its name there.</param>
/// <param name="Commodity">One of <see cref="GlRules"/>'s.</param>
/// <param name="Amount">Milli-tokens, or nano-USD.</param>
internal readonly record struct GlPosting(string Account, string Commodity, long Amount);

/// <summary>An entry of the general ledger: its postings of each commodity add up to nothing.</summary>
/// <param name="Day">Where pay is run.</param>
/// <param name="At">When it happened.</param>
/// <param name="Source">The transfer that it books; of a new measure of what is owed, the version of the terms or
/// settings that changed the rate.</param>
/// <param name="Wallet">Whose; null where it is many people's.</param>
/// <param name="Lot">Which of the wallet's; 0: none.</param>
/// <param name="Kind">What happened, in lower case.</param>
internal sealed record GlEntry(
    DateOnly Day, DateTimeOffset At, string Source, WalletId? Wallet, int Lot, string Kind, string TaxClass,
    string CostCentre, IReadOnlyList<GlPosting> Postings)
{
    /// <summary>The entry of a transfer.</summary>
    public static GlEntry Of(DateOnly day, GlRow row, IReadOnlyList<GlPosting> postings) => new(
        day, row.At, $"{row.Transfer}", row.Wallet, row.Lot, row.Kind.ToString().ToLowerInvariant(), row.TaxClass,
        row.CostCentre, postings);
}

/// <summary>Which accounts a transfer of tokens debits and credits (docs/adr/0020-general-ledger.md). No I/O.</summary>
internal static class GlRules
{
    public const string Compute = "CTOK", Reward = "RTOK", Usd = "USD";

    /// <param name="row">What moved, valued.</param>
    /// <param name="accounts">Their names.</param>
    /// <param name="rateNanos">Nano-USD that a unit of the payout's currency is worth; 1 where
    /// there is no payout.</param>
    /// <param name="owedAt">The rate at which the tokens can be cashed; null: their grant's value.</param>
    /// <param name="undoneAt">The same when the conversion was made that is reversed.</param>
    /// <returns>Balanced in each commodity; empty where nothing of it concerns the general ledger.</returns>
    public static IReadOnlyList<GlPosting> Of(
        GlRow row, GlAccounts accounts, long rateNanos, LiabilityRate? owedAt, LiabilityRate? undoneAt)
    {
        var postings = new List<GlPosting>(5);
        var commodity = row.Asset == Asset.Compute ? Compute : Reward;
        var (from, to) = TokenAccounts(row, accounts);
        if (from != to)
        {
            postings.Add(new(to, commodity, row.AmountMilli));
            postings.Add(new(from, commodity, -row.AmountMilli));
        }

        if (GlRows.Convertible.Contains(row.TaxClass))
        {
            var owed = row.Held.ChangeNanos(owedAt);
            Pay(accounts, owed, PayableOf(row, rateNanos, owed, undoneAt), postings);
        }
        else if (row.UsedChangeNanos != 0)
        {
            postings.Add(new(accounts.ComputeCost, Usd, row.UsedChangeNanos));
            postings.Add(new(accounts.Clearing, Usd, -row.UsedChangeNanos));
        }

        return postings;
    }

    /// <summary>What is owed is measured again: at a new rate it is more, or less.</summary>
    public static IReadOnlyList<GlPosting> Remeasured(long changeNanos, GlAccounts accounts) =>
    [
        new(accounts.CompensationCost, Usd, changeNanos), new(accounts.AccruedLiability, Usd, -changeNanos),
    ];

    // What is converted is payroll's to pay, at what was promised for it, or at what was owed where no money was. What
    // is reversed is what was booked then, whatever the rates have done since.
    private static long PayableOf(GlRow row, long rateNanos, long owed, LiabilityRate? undoneAt) => row switch
    {
        { Payout: { } payout, To: AccountKind.Converted } => payout.NanosOf(row.AmountMilli, rateNanos),
        { Payout: { } payout } => -payout.NanosOf(row.AmountMilli, rateNanos),
        { Undone: { } undone } => undone.Held.ChangeNanos(undoneAt),
        { Kind: TransferKind.Convert or TransferKind.Reconvert } => -owed,
        _ => 0,
    };

    // What is neither owed nor payable must be cost, since the three balance: vesting raises it,
    // and forfeiture lowers it.
    private static void Pay(GlAccounts accounts, long owed, long payable, List<GlPosting> postings)
    {
        Add(accounts.CompensationCost, checked(owed + payable));
        Add(accounts.AccruedLiability, -owed);
        Add(accounts.PayrollPayable, -payable);

        void Add(string account, long nanos)
        {
            if (nanos != 0) postings.Add(new(account, Usd, nanos));
        }
    }

    private static (string From, string To) TokenAccounts(GlRow row, GlAccounts accounts)
    {
        if (row.Kind != TransferKind.Fund) return (Of(row.From), Of(row.To));
        return (OfBudget(row.Wallet), OfBudget(row.Other!.Value));

        string OfBudget(WalletId wallet) => wallet == WalletId.Treasury ? accounts.Issued : accounts.Pools;

        string Of(AccountKind account) => account switch
        {
            0 => accounts.Pools,
            AccountKind.Unvested => accounts.Unvested,
            AccountKind.Spent => accounts.Spent,
            AccountKind.Expired => accounts.Expired,
            AccountKind.Converted => accounts.Converted,
            _ => accounts.Held,
        };
    }
}
