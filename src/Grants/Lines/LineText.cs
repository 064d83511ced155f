using Guerdon.Kernel;
using Guerdon.Ledger.Transfers;
using Guerdon.Plans;

namespace Guerdon.Grants.Lines;

/// <summary>What every grant's line says of its tokens: the lot's terms, and words for the person.</summary>
internal static class LineText
{
    /// <summary>The lot that a grant opens.</summary>
    /// <param name="terms">The plan and the month.</param>
    /// <param name="kind">What the grant is for.</param>
    /// <param name="term">Which one.</param>
    /// <param name="rules">Expiry, tax class, vesting.</param>
    /// <param name="from">The first day it is for; vesting counts from it.</param>
    /// <param name="months">How many months it is for: they count as the first of those it lasts.</param>
    public static LotTerms Lot(
        GrantTerms terms, string kind, string term, TokenRules rules, DateOnly from, int months) =>
        new(rules.Tax.Name, GrantSource.Of(terms, kind, term),
            EndOf(terms, rules, from, months) is { } end ? terms.StartOf(end) : null);

    /// <summary>Why a grant would be of no use any more, or null.</summary>
    public static string? Lapsed(GrantTerms terms, TokenRules rules, DateOnly from, int months) =>
        EndOf(terms, rules, from, months) is { } end && terms.StartOf(end) <= terms.Now
            ? $"Tokens for {terms.Period} would have expired on {end.Iso()}."
            : null;

    /// <summary>The tokens and their date, in words. The line itself has what one is worth, exact.</summary>
    public static string Tokens(GrantTerms terms, GrantAmount amount, TokenRules rules, LotTerms lot, DateOnly from) =>
        $"At {Decimals.Format(terms.TokenValueNanos, 3, 2)} USD a million tokens that is {amount.Tokens} tokens, "
        + (rules.Vesting is { } vesting ? $"which vest from {from.Iso()} on ({vesting.Name}), " : "")
        + (lot.ExpiresAt is { } end
            ? $"to be used before {ZoneDays.DayOf(end, terms.Plan.TimeZone).Iso()}."
            : "without expiry.")
        + (rules.Clawback is { } back
            ? $" {(back.ProRata ? "A part for the days that are left" : "All of it")} is clawed back from a leaver "
              + $"within {back.Months} months."
            : "");

    public static string Percent(int ppm) => $"{Decimals.Format(ppm, 4, 0)}%";

    public static string Rate(string currency, long rate) =>
        currency == "USD" ? "" : $", at {Decimals.Format(rate, 9, 0)} USD each,";

    public static string Money(long cents, string currency) => $"{Currencies.Format(cents, currency)} {currency}";


    // The first day on which it has lapsed. With vesting the months count from the last instalment, since nothing may
    // lapse before it vests.
    private static DateOnly? EndOf(GrantTerms terms, TokenRules rules, DateOnly from, int months)
    {
        if (rules.ExpiresAfterMonths is not { } lasts) return null;
        if (rules.Vesting is { } vesting) return First(terms.LastVesting(vesting, from)).AddMonths(lasts);
        return First(from).AddMonths(Math.Max(lasts, months));

        static DateOnly First(DateOnly day) => new Period(day).First;
    }
}
