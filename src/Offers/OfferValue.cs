using Guerdon.Grants.Lines;
using Guerdon.Plans;

namespace Guerdon.Offers;

/// <summary>What a part of an offer is, in the order in which it is shown.</summary>
public enum ComponentKind { BasePay, Bonus, SigningBonus, Equity, Tokens, Benefit }

/// <summary>
/// One amount four ways, in minor units of the offer's currency (hundredths, whole yen); none is more
/// than the one before it.
/// </summary>
/// <param name="FaceCents">As it is promised.</param>
/// <param name="VestedCents">What of it arrives, for good, within the horizon.</param>
/// <param name="ProbableCents">That, times how likely it is.</param>
/// <param name="RiskAdjustedCents">That, times how much of it can be used.</param>
public sealed record Stages(long FaceCents, long VestedCents, long ProbableCents, long RiskAdjustedCents)
{
    internal static Stages Sum(IReadOnlyList<Stages> all) => new(
        all.Sum(s => s.FaceCents), all.Sum(s => s.VestedCents), all.Sum(s => s.ProbableCents),
        all.Sum(s => s.RiskAdjustedCents));

    internal Stages Annualised(int years) => new(
        Year(FaceCents, years), Year(VestedCents, years), Year(ProbableCents, years), Year(RiskAdjustedCents, years));

    private static long Year(long cents, int years) => (cents * 2 + years) / (2 * years); // nearest, a half goes up
}

/// <param name="Year">1 is the first twelve months of work.</param>
/// <param name="ArrivesCents">What arrives in it, for good.</param>
/// <param name="RiskAdjustedCents">That, as likely and as usable as it is.</param>
public sealed record OfferYear(int Year, long ArrivesCents, long RiskAdjustedCents);

/// <param name="Kind">Which part of the offer.</param>
/// <param name="Name">A benefit's own; else the kind's.</param>
/// <param name="InAll">Over the horizon.</param>
/// <param name="AYear">The same, shared over the horizon's years.</param>
/// <param name="Years">They add up to what is vested and risk-adjusted in all.</param>
/// <param name="Explanation">How the figures came about.</param>
public sealed record ValuedComponent(
    ComponentKind Kind, string Name, Stages InAll, Stages AYear, IReadOnlyList<OfferYear> Years, string Explanation);

/// <summary>
/// An offer's worth over a horizon. Totals are the sums of what is shown, so that every column adds up on paper.
/// </summary>
public sealed record ValuedOffer(
    string Currency, int HorizonYears, IReadOnlyList<ValuedComponent> Components, Stages InAll, Stages AYear,
    IReadOnlyList<OfferYear> Years);

/// <summary>
/// Values an offer, in integers. A yearly amount that is a share is rounded once, to the nearest hundredth; what vests
/// by a month, and what is likely and usable of it, is rounded down, so that nothing is promised that is not there.
/// </summary>
public static class OfferValue
{
    private const long Whole = OfferFile.Whole;
    private const int HundredthsAsNanos = 100; // makes AllowanceRules count in hundredths of any currency

    /// <param name="offer">What to value.</param>
    /// <param name="years">The horizon, 1 to 10.</param>
    public static ValuedOffer Of(Offer offer, int years)
    {
        var words = new OfferWords(offer.Currency, years);
        var parts = new List<ValuedComponent> { Yearly(
            ComponentKind.BasePay, "Base pay", offer.Pay.BaseCents, years, (Whole, Whole), words.BasePay(offer)) };
        if (offer.Pay.Bonus is { } bonus)
            parts.Add(Yearly(ComponentKind.Bonus, "Bonus", BonusOfYear(offer.Pay), years,
                (bonus.ProbabilityPpm, Whole), words.Bonus(bonus, BonusOfYear(offer.Pay))));
        if (offer.Pay.Signing is { } signing) parts.Add(Signing(signing, years, words));
        if (offer.Equity is { } equity) parts.Add(Equity(equity, years, words));
        if (offer.Tokens is { } tokens)
            parts.Add(Yearly(ComponentKind.Tokens, "Compute tokens", TokensOfYear(tokens, offer.Pay), years,
                (Whole, tokens.UsabilityPpm), words.Tokens(tokens, TokensOfYear(tokens, offer.Pay))));
        parts.AddRange(offer.Benefits.Select(b => Yearly(
            ComponentKind.Benefit, b.Name, b.YearCents, years, (Whole, b.UsabilityPpm), words.Benefit(b))));

        return new ValuedOffer(
            offer.Currency, years, parts, Stages.Sum([.. parts.Select(p => p.InAll)]),
            Stages.Sum([.. parts.Select(p => p.AYear)]),
            [.. Enumerable.Range(0, years).Select(y => new OfferYear(
                y + 1, parts.Sum(p => p.Years[y].ArrivesCents), parts.Sum(p => p.Years[y].RiskAdjustedCents)))]);
    }

    /// <summary>A year's target bonus, in hundredths, rounded to the nearest.</summary>
    internal static long BonusOfYear(OfferedPay pay) => pay.Bonus is not { } bonus ? 0
        : bonus.TargetPpm == 0 ? bonus.TargetCents
        : (long)(((Int128)pay.BaseCents * bonus.TargetPpm + Whole / 2) / Whole);

    /// <summary>
    /// A year's tokens in hundredths, by the rule that grants them; total pay is base pay and the bonus' target.
    /// </summary>
    internal static long TokensOfYear(OfferedTokens tokens, OfferedPay pay)
    {
        if (tokens.Share is not { } share) return tokens.YearCents;
        var of = share.Basis == PayBasis.Base ? pay.BaseCents : pay.BaseCents + BonusOfYear(pay);
        return AllowanceRules.OfYear(share, of, HundredthsAsNanos)?.Nanos ?? long.MaxValue;
    }

    private static ValuedComponent Yearly(
        ComponentKind kind, string name, long yearCents, int years, (long Likely, long Usable) ppm, string words) =>
        Valued(kind, name, yearCents * years, [.. Enumerable.Range(1, years).Select(y => yearCents * y)], ppm, words);

    // Earned month by month, since what would have to be paid back on leaving is not there for good.
    private static ValuedComponent Signing(SigningTerms terms, int years, OfferWords words) => Valued(
        ComponentKind.SigningBonus, "Signing bonus", terms.AmountCents,
        [.. Enumerable.Range(1, years).Select(y => ByMonth(terms.AmountCents, 12 * y, terms.ClawbackMonths))],
        (Whole, Whole), words.Signing(terms, ByMonth(terms.AmountCents, 12 * years, terms.ClawbackMonths)));

    private static ValuedComponent Equity(EquityTerms terms, int years, OfferWords words)
    {
        long By(int month) => month < terms.CliffMonths ? 0 : ByMonth(terms.ValueCents, month, 12 * terms.VestingYears);
        return Valued(
            ComponentKind.Equity, "Equity", terms.ValueCents,
            [.. Enumerable.Range(1, years).Select(y => By(12 * y))], (terms.ProbabilityPpm, Whole),
            words.Equity(terms, By(12 * years)));
    }

    private static long ByMonth(long cents, int month, int months) =>
        month >= months ? cents : (long)((Int128)cents * month / months);

    private static ValuedComponent Valued(
        ComponentKind kind, string name, long face, IReadOnlyList<long> arrivedBy,
        (long Likely, long Usable) ppm, string words)
    {
        long Kept(long cents) => (long)((Int128)cents * ppm.Likely * ppm.Usable / (Whole * Whole));
        long Before(int year) => year == 0 ? 0 : arrivedBy[year - 1];
        var vested = arrivedBy[^1];
        var all = new Stages(face, vested, (long)((Int128)vested * ppm.Likely / Whole), Kept(vested));
        return new ValuedComponent(
            kind, name, all, all.Annualised(arrivedBy.Count),
            [.. arrivedBy.Select((by, y) => new OfferYear(y + 1, by - Before(y), Kept(by) - Kept(Before(y))))], words);
    }
}
