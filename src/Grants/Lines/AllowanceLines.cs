using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.People.Spans;
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
        var paidBp = allowance.PartTime == PartTimeRule.FullTime ? person.PartTimeBp : Standing.FullTimeBp;
        if (AllowanceRules.OfYear(allowance.Share, pay, rate, Currencies.PerUnit(person.Currency), paidBp)
            is not { } year)
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
        if (allowance.UnpaidLeave == UnpaidLeaveRule.ByDays
            && person.DaysEmployed(terms.Period.First, terms.Span.Last) is var employed
            && person.DaysOnUnpaidLeave(terms.Period.First, terms.Span.Last) == employed)
            return $"On unpaid leave on all {Wording.Count(employed, "day")} of employment in {terms.Span.Term}.";
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
        private readonly int _employed, _away;
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
            _away = allowance.UnpaidLeave == UnpaidLeaveRule.ByDays
                ? person.DaysOnUnpaidLeave(terms.Period.First, span.Last) : 0;

            var plain = AllowanceRules.OfMonths(year, span.First.Month, span.Months);
            var factors = allowance.Factors.Of(person, history.LastUsedMilli, history.LastGrantedMilli);
            var baseline = new Usd(allowance.BaselineNanosOf(person.PartTimeBp) * span.Months);
            var times = factors.Times(plain);
            Whole = times > baseline ? times : baseline;
            _words = $"{Share()} {LineText.Money(payCents, person.Currency)}"
                + $"{LineText.Rate(person.Currency, rateNanos)}{PartTime()} is {year.Cents} USD a year, {plain.Cents} USD for "
                + $"{span.Term}. "
                + (factors.AreOne ? "" : $"Times {factors}: {times.Cents} USD. ")
                + (times < baseline
                    ? $"Nobody {OfTime()}gets less than the baseline of {baseline.Cents} USD. " : "");
        }

        /// <summary>For who is employed all of the span.</summary>
        public Usd Whole { get; }

        public GrantLine? Of(Usd whole, string kind, string term, string why)
        {
            var (span, tokens) = (_terms.Span, _allowance.Tokens);
            var amount = AllowanceRules.ForDays(whole, _employed - _away, span.Days, _terms.TokenValueNanos);
            if (amount.Tokens == Kernel.Tokens.Zero) return null;

            var from = _person.HiredOn > _terms.Period.First ? _person.HiredOn : _terms.Period.First;
            var lot = LineText.Lot(_terms, kind, term, tokens, span.First.First, span.Months);
            var text = _words + why + Days(span.Days, amount.Money)
                + LineText.Tokens(_terms, amount, tokens, lot, from);
            return new GrantLine(
                _terms.Plan.Name, kind, term, _person.Id, amount, _pay.Cents, _person.Currency, _pay.RateNanos,
                _terms.TokenValueNanos, lot, text)
            {
                Asset = tokens.Tax.Asset, VestFrom = tokens.Vesting is null ? null : from, Attempt = _terms.Attempt,
            };
        }

        // Which of the days count, where not all do.
        private string Days(int all, Usd money)
        {
            if (_employed - _away == all) return "";
            var employed = _employed < all ? $"Employed on {_employed} of {all} days" : "";
            if (_away == 0) return $"{employed}: {money.Cents} USD. ";
            return (employed.Length > 0 ? $"{employed}. " : "")
                + $"On unpaid leave on {_away} of {(employed.Length > 0 ? "them" : $"{all} days")}, so that "
                + $"{_employed - _away} of {all} days count: {money.Cents} USD. ";
        }

        // As pay has it, it is in the pay.
        private string PartTime() => _person.PartTimeBp == Standing.FullTimeBp ? ""
            : _allowance.PartTime == PartTimeRule.FullTime ? $", as for full time (paid is {OfTimeBp()} of it),"
            : $", for {OfTimeBp()} of full time,";

        private string OfTime() => _allowance.PartTime == PartTimeRule.ProRata
            && _person.PartTimeBp != Standing.FullTimeBp ? $"on {OfTimeBp()} of full time " : "";

        private string OfTimeBp() => $"{Decimals.Format(_person.PartTimeBp, 2, 0)}%";

        private string Share() =>
            $"{LineText.Percent(_allowance.Share.Ppm)} "
            + (_allowance.Share.Mode == ShareMode.OnTop ? "on top of " : "of the total made with ")
            + (_allowance.Share.Basis == PayBasis.Base ? "base pay" : "total pay");
    }
}
