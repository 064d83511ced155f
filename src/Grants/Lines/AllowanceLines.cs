using Guerdon.Grants.Plans;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.Plans;

namespace Guerdon.Grants.Lines;

/// <summary>Decides a person's allowance of a period, with the tiers unlocked for them.</summary>
internal static class AllowanceLines
{
    private const string TierPrefix = GrantKind.Tier + ":";

    public static Outcome For(GrantTerms terms, AllowanceTerms allowance, Person person, PersonHistory history)
    {
        var due = terms.Plan.Tiers.Where(t => history.Tiers.Contains(t.Name) && !history.Has(TierPrefix + t.Name));
        if (history.Has(GrantKind.Allowance) && !due.Any()) return new Outcome([], null, HadBefore: true);
        if (Why(terms, allowance, person) is { } why) return Outcome.Skip(why);

        var rate = RateOf(terms.Plan, person.Currency)!.Value;
        var pay = allowance.Share.Basis == PayBasis.Base ? person.BasePayCents : person.TotalPayCents;
        if (AllowanceRules.OfYear(allowance.Share, pay, rate, Currencies.PerUnit(person.Currency)) is not { } year)
            return Outcome.Skip("The allowance would pass a billion USD a year; pay or rate must be wrong.");

        var part = new Part(terms, allowance, person, pay, rate, year, history);
        var lines = new List<GrantLine>(1);
        if (!history.Has(GrantKind.Allowance))
        {
            if (part.Of(part.Whole, GrantKind.Allowance, terms.Span.Term, "") is not { } line)
                return Outcome.Skip($"The share of {LineText.Money(pay, person.Currency)} comes to nothing.");
            lines.Add(line);
        }

        foreach (var tier in due)
        {
            var adds = new Usd((long)((Int128)part.Whole.Nanos * tier.AddsPpm / Factors.One));
            if (part.Of(adds, GrantKind.Tier, $"{tier.Name}/{terms.Span.Term}", Of(tier)) is { } line) lines.Add(line);
        }

        return new Outcome(lines, null, HadBefore: false);

        static string Of(TierTerms tier) => $"The tier {tier.Name}, unlocked by reviewed evidence, adds "
            + $"{LineText.Percent(tier.AddsPpm)} of it. ";
    }

    private static string? Why(GrantTerms terms, AllowanceTerms allowance, Person person)
    {
        if (LineText.Lapsed(terms, allowance.Tokens, terms.Span.First.First, terms.Span.Months) is { } lapsed)
            return lapsed;

        var tenure = Math.Max(terms.Plan.Eligible.MinTenureDays, terms.Phase?.Eligible.MinTenureDays ?? 0);
        var from = person.HiredOn.AddDays(tenure);
        if (tenure > 0 && from > terms.Period.First)
            return $"The allowance begins after {tenure} days, on {from.Iso()}.";
        return RateOf(terms.Plan, person.Currency) is null
            ? $"Pay is in {person.Currency}; the plan's rates do not say what one is worth in USD."
            : null;
    }

    private static long? RateOf(Plan plan, string currency) =>
        currency == "USD" ? Usd.Dollar
        : plan.RateNanos.TryGetValue(currency, out var rate) ? rate : null;

    private sealed class Part
    {
        private readonly GrantTerms _terms;
        private readonly AllowanceTerms _allowance;
        private readonly Person _person;
        private readonly (long Cents, long RateNanos) _pay;
        private readonly int _employed;
        private readonly string _words;

        public Part(
            GrantTerms terms, AllowanceTerms allowance, Person person, long payCents, long rateNanos, Usd year,
            PersonHistory history)
        {
            (_terms, _allowance, _person, _pay) = (terms, allowance, person, (payCents, rateNanos));
            var span = terms.Span;
            // Not from the span's first day: whoever was there then has been granted it, so only those
            // who came later are counted.
            _employed = person.DaysEmployed(terms.Period.First, span.Last);

            var plain = AllowanceRules.OfMonths(year, span.First.Month, span.Months);
            var factors = allowance.Factors.Of(person, history.LastUsedMilli, history.LastGrantedMilli);
            var baseline = new Usd(allowance.BaselineNanos * span.Months);
            var times = factors.Times(plain);
            Whole = times > baseline ? times : baseline;
            _words = $"{Share()} {LineText.Money(payCents, person.Currency)}"
                + $"{LineText.Rate(person.Currency, rateNanos)} is {year.Cents} USD a year, {plain.Cents} USD for "
                + $"{span.Term}. "
                + (factors.AreOne ? "" : $"Times {factors}: {times.Cents} USD. ")
                + (times < baseline ? $"Nobody gets less than the baseline of {baseline.Cents} USD. " : "");
        }

        /// <summary>For who is employed all of the span.</summary>
        public Usd Whole { get; }

        public GrantLine? Of(Usd whole, string kind, string term, string why)
        {
            var (span, tokens) = (_terms.Span, _allowance.Tokens);
            var amount = AllowanceRules.ForDays(whole, _employed, span.Days, _terms.TokenValueNanos);
            if (amount.Tokens == Kernel.Tokens.Zero) return null;

            var from = _person.HiredOn > _terms.Period.First ? _person.HiredOn : _terms.Period.First;
            var lot = LineText.Lot(_terms, kind, term, tokens, span.First.First, span.Months);
            var text = _words + why
                + (_employed < span.Days
                    ? $"Employed on {_employed} of {span.Days} days: {amount.Money.Cents} USD. " : "")
                + LineText.Tokens(_terms, amount, tokens, lot, from);
            return new GrantLine(
                _terms.Plan.Name, kind, term, _person.Id, amount, _pay.Cents, _person.Currency, _pay.RateNanos,
                _terms.TokenValueNanos, lot, text)
            {
                Asset = tokens.Tax.Asset, VestFrom = tokens.Vesting is null ? null : from, Attempt = _terms.Attempt,
            };
        }

        private string Share() =>
            $"{LineText.Percent(_allowance.Share.Ppm)} "
            + (_allowance.Share.Mode == ShareMode.OnTop ? "on top of " : "of the total made with ")
            + (_allowance.Share.Basis == PayBasis.Base ? "base pay" : "total pay");
    }
}
