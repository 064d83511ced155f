using Stipend.Ledger;

namespace Stipend.Compensation;

/// <summary>One side of an entry of the general ledger; a debit is positive.</summary>
/// <param name="Account">Its name there.</param>
/// <param name="Commodity">One of <see cref="GlRules"/>'s.</param>
/// <param name="Amount">Milli-tokens, or nano-USD.</param>
internal readonly record struct GlPosting(string Account, string Commodity, long Amount);

/// <summary>An entry of the general ledger: its postings of each commodity add up to nothing.</summary>
internal sealed record GlEntry(DateOnly Day, GlRow Row, IReadOnlyList<GlPosting> Postings);

/// <summary>Which accounts a transfer of tokens debits and credits (docs/adr/0020-general-ledger.md). No I/O.</summary>
internal static class GlRules
{
    public const string Compute = "CTOK", Reward = "RTOK", Usd = "USD";

    /// <param name="row">What moved, valued.</param>
    /// <param name="accounts">Their names.</param>
    /// <param name="rateNanos">Nano-USD that a unit of the payout's currency is worth; 1 where there is no
    /// payout.</param>
    /// <returns>Balanced in each commodity; empty where nothing of it concerns the general ledger.</returns>
    public static IReadOnlyList<GlPosting> Of(GlRow row, GlAccounts accounts, long rateNanos)
    {
        var postings = new List<GlPosting>(5);
        var commodity = row.Asset == Asset.Compute ? Compute : Reward;
        var (from, to) = TokenAccounts(row, accounts);
        if (from != to)
        {
            postings.Add(new(to, commodity, row.AmountMilli));
            postings.Add(new(from, commodity, -row.AmountMilli));
        }

        if (GlRows.Convertible.Contains(row.TaxClass)) Pay(row, accounts, rateNanos, postings);
        else if (row.UsedChangeNanos != 0)
        {
            postings.Add(new(accounts.ComputeCost, Usd, row.UsedChangeNanos));
            postings.Add(new(accounts.Clearing, Usd, -row.UsedChangeNanos));
        }

        return postings;
    }

    // What is earned is owed; what is converted is payroll's to pay, at what was promised for it. The rest is cost.
    private static void Pay(GlRow row, GlAccounts accounts, long rateNanos, List<GlPosting> postings)
    {
        var owed = row.EarnedChangeNanos - row.UsedChangeNanos;
        var payable = row.Payout is not { } payout ? row.UsedChangeNanos : row.To == AccountKind.Converted
            ? payout.NanosOf(row.AmountMilli, rateNanos) : -payout.NanosOf(row.AmountMilli, rateNanos);
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
