using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.Plans;

namespace Guerdon.Grants.Lines;

/// <summary>What a plan means for one person: grants, a reason why not, or neither where all was
/// granted before.</summary>
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
    /// <param name="history">What they had before.</param>
    public static Outcome For(GrantTerms terms, Person person, PersonHistory history)
    {
        var (plan, period) = (terms.Plan, terms.Period);
        if (person.DaysEmployed(period.First, period.Last) == 0) return Outcome.Skip($"Not employed in {period}.");
        if (plan.Eligible.Excludes(person) is { } reason) return Outcome.Skip(reason);
        if (terms.Phase?.Eligible.Excludes(person) is not null)
            return Outcome.Skip($"The phase {terms.Phase!.Name} does not reach them yet.");

        var decided = new Decided();
        if (plan.Allowance is { } allowance) decided.Add(AllowanceLines.For(terms, allowance, person, history));
        if (plan.Match is { } match && history.LastGrantedMilli > 0 && !history.Has(GrantKind.Match))
            decided.Add(Match(terms, match, person, history), null);
        if (plan.SigningBonus is { } bonus && IsNew(person, bonus, period))
        {
            if (history.Has(GrantKind.SigningBonus)) decided.HadBefore = true;
            else decided.Add(SigningBonus(terms, bonus, person), LineText.Lapsed(terms, bonus.Tokens, period.First, 1));
        }

        return new Outcome(decided.Lines, decided.Skipped, decided.HadBefore);
    }

    /// <summary>An entry of the catalogue for somebody; the reason is whoever's asked for it.</summary>
    /// <param name="terms">The plan and the month.</param>
    /// <param name="award">The entry.</param>
    /// <param name="person">Who gets it.</param>
    /// <param name="amountNanos">Its worth.</param>
    /// <param name="reason">For the person to read.</param>
    public static (GrantLine? Line, string? Why) Award(
        GrantTerms terms, AwardTerms award, Person person, long amountNanos, string reason)
    {
        if (person.DaysEmployed(terms.Period.First, terms.Period.Last) == 0)
            return (null, $"Not employed in {terms.Period}.");
        if ((terms.Plan.Eligible.Excludes(person) ?? award.Eligible.Excludes(person)) is { } excluded)
            return (null, excluded);
        if (LineText.Lapsed(terms, award.Tokens, terms.Period.First, 1) is { } lapsed) return (null, lapsed);

        var line = Fixed(terms, award.Kind, $"{award.Name}/{terms.Period}", award.Tokens, person, amountNanos,
            $"{award.Name} ({award.Kind}): {new Usd(amountNanos).Cents} USD. {Wording.Sentence(reason)} ");
        return (line, null);
    }

    private static bool IsNew(Person person, SigningBonusTerms bonus, Period period) =>
        person.HiredOn >= period.First.AddDays(-bonus.WithinDaysOfHire);

    private static GrantLine SigningBonus(GrantTerms terms, SigningBonusTerms bonus, Person person) =>
        Fixed(terms, GrantKind.SigningBonus, Once, bonus.Tokens, person, bonus.AmountNanos,
            $"A signing bonus of {new Usd(bonus.AmountNanos).Cents} USD, once, "
            + $"for joining on {person.HiredOn.Iso()}. ");

    private static GrantLine? Match(GrantTerms terms, MatchTerms match, Person person, PersonHistory history)
    {
        var threshold = (Int128)history.LastGrantedMilli * match.AbovePpm / Factors.One;
        var above = history.LastUsedMilli - threshold;
        if (above <= 0 || LineText.Lapsed(terms, match.Tokens, terms.Period.First, 1) is not null) return null;

        var scaled = above * match.SharePpm / Factors.One * terms.TokenValueNanos / 1_000; // milli-tokens
        var worth = (long)Int128.Min(scaled, match.MostNanos);
        if (worth <= 0) return null;
        return Fixed(terms, GrantKind.Match, terms.Span.Term, match.Tokens, person, worth,
            $"{new Tokens(history.LastUsedMilli)} of {new Tokens(history.LastGrantedMilli)} tokens were used in "
            + $"{terms.Span.Before.Term}. What is above {LineText.Percent(match.AbovePpm)} of them is matched by "
            + $"{LineText.Percent(match.SharePpm)}, at most {new Usd(match.MostNanos).Cents} USD: "
            + $"{new Usd(worth).Cents} USD. ");
    }

    private static GrantLine Fixed(
        GrantTerms terms, string kind, string term, TokenRules rules, Person person, long nanos, string words)
    {
        var amount = AllowanceRules.ForDays(new Usd(nanos), 1, 1, terms.TokenValueNanos);
        var from = person.HiredOn > terms.Period.First ? person.HiredOn : terms.Period.First;
        var lot = LineText.Lot(terms, kind, term == Once ? terms.Period.ToString() : term, rules, from, 1);
        return new GrantLine(
            terms.Plan.Name, kind, term, person.Id, amount, 0, "USD", Usd.Dollar,
            terms.TokenValueNanos, lot,
            words + LineText.Tokens(terms, amount, rules, lot, from))
        {
            Asset = rules.Tax.Asset, VestFrom = rules.Vesting is null ? null : from, Attempt = terms.Attempt,
            PayCurrency = person.Currency == "USD" ? null : person.Currency,
        };
    }

    private sealed class Decided
    {
        public List<GrantLine> Lines { get; } = new(2);
        public string? Skipped { get; private set; }
        public bool HadBefore { get; set; }

        public void Add(GrantLine? line, string? skipped)
        {
            if (skipped is not null) Skipped ??= skipped;
            else if (line is not null) Lines.Add(line);
        }

        public void Add(Outcome part)
        {
            Lines.AddRange(part.Lines);
            Skipped ??= part.Skipped;
            HadBefore |= part.HadBefore;
        }
    }
}
