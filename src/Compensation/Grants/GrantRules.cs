using System.Globalization;
using Stipend.Kernel;
using Stipend.Ledger;
using Stipend.People;

namespace Stipend.Compensation;

/// <summary>A plan as it is run for a period.</summary>
/// <param name="Plan">The version in effect.</param>
/// <param name="Version">Its number.</param>
/// <param name="Period">The month.</param>
/// <param name="TokenValueNanos">What one token is worth at the month's first instant, in nano-USD.</param>
/// <param name="Now">No grant is made that would have expired by now.</param>
internal sealed record GrantTerms(Plan Plan, int Version, Period Period, long TokenValueNanos, DateTimeOffset Now);

/// <summary>What a plan means for one person: grants, a reason why not, or neither where all was granted
/// before.</summary>
internal sealed record Outcome(IReadOnlyList<GrantLine> Lines, string? Skipped, bool HadBefore)
{
    public static Outcome Skip(string reason) => new([], reason, false);
}

/// <summary>Decides one person's grants. No I/O, so that a check, a rehearsal and a run cannot differ.</summary>
internal static class GrantRules
{
    private const string Once = "once";

    /// <param name="terms">The plan and the month.</param>
    /// <param name="person">Anybody.</param>
    /// <param name="has">Whether a kind of grant was made to them for this month, or at all where it comes
    /// once.</param>
    public static Outcome For(GrantTerms terms, Person person, Predicate<string> has)
    {
        var (plan, period) = (terms.Plan, terms.Period);
        if (person.DaysEmployed(period.First, period.Last) == 0) return Outcome.Skip($"Not employed in {period}.");
        if (plan.Eligible.Excludes(person) is { } reason) return Outcome.Skip(reason);

        var lines = new List<GrantLine>(2);
        var skipped = (string?)null;
        var hadBefore = false;
        if (plan.Allowance is { } allowance)
        {
            if (has(GrantKind.Allowance)) hadBefore = true;
            else if (Allowance(terms, allowance, person) is var (line, why) && line is not null) lines.Add(line);
            else skipped = why;
        }

        if (plan.SigningBonus is { } bonus && IsNew(person, bonus, period))
        {
            if (has(GrantKind.SigningBonus)) hadBefore = true;
            else if (Lapsed(terms, bonus.ExpiresAfterMonths) is { } why) skipped ??= why;
            else lines.Add(SigningBonus(terms, bonus, person));
        }

        return new Outcome(lines, skipped, hadBefore);
    }

    // Hired within the month, or so many days before it began.
    private static bool IsNew(Person person, SigningBonusTerms bonus, Period period) =>
        person.HiredOn >= period.First.AddDays(-bonus.WithinDaysOfHire);

    private static (GrantLine? Line, string? Skipped) Allowance(
        GrantTerms terms, AllowanceTerms allowance, Person person)
    {
        var (plan, period) = (terms.Plan, terms.Period);
        if (Lapsed(terms, allowance.ExpiresAfterMonths) is { } lapsed) return (null, lapsed);

        var tenureFrom = person.HiredOn.AddDays(plan.Eligible.MinTenureDays);
        if (plan.Eligible.MinTenureDays > 0 && tenureFrom > period.First)
            return (null, $"The allowance begins after {plan.Eligible.MinTenureDays} days, on {Text(tenureFrom)}.");
        if (RateOf(plan, person.Currency) is not { } rate)
            return (null, $"Pay is in {person.Currency}; the plan's rates do not say what one is worth in USD.");

        var pay = allowance.Basis == PayBasis.Base ? person.BasePayCents : person.TotalPayCents;
        if (AllowanceRules.OfYear(allowance, pay, rate) is not { } year)
            return (null, "The allowance would pass a billion USD a year; pay or rate must be wrong.");
        var month = AllowanceRules.OfMonth(year, period.Month);
        var employed = person.DaysEmployed(period.First, period.Last);
        var amount = AllowanceRules.ForDays(month, employed, period.Days, terms.TokenValueNanos);
        if (amount.Tokens == Tokens.Zero)
            return (null, $"The share of {Money(pay, person.Currency)} comes to nothing.");

        var lot = Lot(terms, GrantKind.Allowance, allowance.TaxClass, allowance.ExpiresAfterMonths);
        var words = $"{ShareText(allowance)} {Money(pay, person.Currency)}{RateText(person.Currency, rate)} is "
            + $"{year} USD a year, {month} USD for {period}. "
            + (employed < period.Days ? $"Employed on {employed} of {period.Days} days: {amount.Money} USD. " : "")
            + TokensText(terms, amount, lot);
        return (new GrantLine(
            plan.Name, GrantKind.Allowance, period.ToString(), person.Id, amount, pay, person.Currency, rate,
            terms.TokenValueNanos, lot, words), null);
    }

    private static GrantLine SigningBonus(GrantTerms terms, SigningBonusTerms bonus, Person person)
    {
        var amount = AllowanceRules.ForDays(new Usd(bonus.AmountNanos), 1, 1, terms.TokenValueNanos);
        var lot = Lot(terms, GrantKind.SigningBonus, bonus.TaxClass, bonus.ExpiresAfterMonths);
        var words = $"A signing bonus of {amount.Money} USD, once, for joining on {Text(person.HiredOn)}. "
            + TokensText(terms, amount, lot);
        return new GrantLine(
            terms.Plan.Name, GrantKind.SigningBonus, Once, person.Id, amount, 0, "USD", AllowanceRules.NanosPerUsd,
            terms.TokenValueNanos, lot, words);
    }

    private static LotTerms Lot(GrantTerms terms, string kind, string taxClass, int? months) => new(
        taxClass, $"plan {terms.Plan.Name} v{terms.Version}, {kind}, {terms.Period}",
        months is { } n ? terms.Period.EndAfter(n) : null);

    private static string? Lapsed(GrantTerms terms, int? months) =>
        months is { } n && terms.Period.EndAfter(n) is var end && end <= terms.Now
            ? $"Tokens for {terms.Period} would have expired on {Text(DateOnly.FromDateTime(end.UtcDateTime))}."
            : null;

    private static long? RateOf(Plan plan, string currency) =>
        currency == "USD" ? AllowanceRules.NanosPerUsd
        : plan.RateNanos.TryGetValue(currency, out var rate) ? rate : null;

    private static string ShareText(AllowanceTerms terms) =>
        $"{Decimals.Format(terms.SharePpm, 4, 0)}% "
        + (terms.Mode == ShareMode.OnTop ? "on top of " : "of the total made with ")
        + (terms.Basis == PayBasis.Base ? "base pay" : "total pay");

    private static string TokensText(GrantTerms terms, GrantAmount amount, LotTerms lot) =>
        $"One token is worth {new Usd(terms.TokenValueNanos)} USD: {amount.Tokens} tokens, "
        + (lot.ExpiresAt is { } end
            ? $"to be used before {Text(DateOnly.FromDateTime(end.UtcDateTime))}."
            : "without expiry.");

    private static string RateText(string currency, long rate) =>
        currency == "USD" ? "" : $", at {Decimals.Format(rate, 9, 0)} USD each,";

    private static string Money(long cents, string currency) => $"{Decimals.Format(cents, 2, 2)} {currency}";

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
