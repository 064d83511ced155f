using Guerdon.Kernel;
using Guerdon.Plans;

namespace Guerdon.Offers;

/// <summary>How each figure of an offer came about, in words for the candidate.</summary>
public sealed class OfferWords(string currency, int years)
{
    /// <summary>What the four columns of figures mean.</summary>
    public const string Columns =
        "As promised: the whole of it, shared over the years. Vested: what is there for good within them. Likely: "
        + "that, times how likely it is. Risk-adjusted: that, times how much of it can be used. Every row is rounded "
        + "by itself, and totals are sums of the rows.";

    /// <summary>What the figures are not.</summary>
    public const string Caution =
        "Probabilities and usability are estimates of whoever made the offer. Amounts are before tax. Compute tokens "
        + "are not salary: they pay for AI services.";

    /// <summary>Where the work is done.</summary>
    public static string Place(OfferedPost post) => (post.Location, post.IsRemote) switch
    {
        (null, _) => $"remote, {post.Country}",
        ({ } town, true) => $"{town}, {post.Country}, or remote",
        ({ } town, false) => $"{town}, {post.Country}",
    };

    private string Horizon => Wording.Count(years, "year");

    internal static string Percent(long ppm) => Decimals.Format(ppm, 4, 0) + "%";

    /// <summary>An amount with its currency: <c>EUR 1,250.50</c>.</summary>
    public static string Money(string currency, long cents) => $"{currency} {Currencies.FormatMinor(cents, currency)}";

    internal string BasePay(Offer offer) => $"{Money(offer.Pay.BaseCents)} a year for {Horizon}.";

    internal string Bonus(BonusTerms terms, long year)
    {
        var target = terms.TargetPpm > 0 ? $"{Percent(terms.TargetPpm)} of base pay, {Money(year)}" : Money(year);
        return $"A target of {target} a year for {Horizon}; counted at {Percent(terms.ProbabilityPpm)}, how likely it "
            + "is to be paid.";
    }

    internal string Signing(SigningTerms terms, long kept)
    {
        if (terms.ClawbackMonths == 0) return $"{Money(terms.AmountCents)}, paid once; nothing is paid back.";
        var rest = kept < terms.AmountCents ? $" {Money(kept)} of it is earned for good within {Horizon}." : "";
        return $"{Money(terms.AmountCents)}, paid once; who leaves within "
            + $"{Wording.Count(terms.ClawbackMonths, "month")} pays back the months that are missing, so each "
            + $"month earns its part.{rest}";
    }

    internal string Equity(EquityTerms terms, long vested)
    {
        var cliff = terms.CliffMonths > 0 ? $", nothing before {Wording.Count(terms.CliffMonths, "month")}" : "";
        return $"{Money(terms.ValueCents)} in all, vesting month by month over "
            + $"{Wording.Count(terms.VestingYears, "year")}{cliff}: {Money(vested)} of it within {Horizon}; "
            + $"counted at {Percent(terms.ProbabilityPpm)}.";
    }

    internal string Tokens(OfferedTokens terms, long year)
    {
        var lasts = terms.ExpiresAfterMonths is { } months
            ? $"a month's tokens last {Wording.Count(months, "month")}" : "they never expire";
        var use = terms.IsConvertible
            ? "what is not used can become pay, so all of it counts"
            : $"counted at {Percent(terms.UsabilityPpm)}, how much of it can be expected to be used; "
                + "it never becomes pay";
        return $"{Amount(terms, year)} a year for {Horizon}, to spend on AI services; {lasts}; {use}.";
    }

    internal string Benefit(BenefitTerms terms)
    {
        var use = terms.UsabilityPpm < OfferFile.Whole
            ? $"; counted at {Percent(terms.UsabilityPpm)}, how much of it can be expected to be used" : "";
        return $"{Money(terms.YearCents)} a year for {Horizon}{use}.";
    }

    private string Amount(OfferedTokens terms, long year)
    {
        if (terms.Share is not { } share) return Money(year);
        var pay = share.Basis == PayBasis.Base ? "base pay" : "base pay and target bonus";
        return share.Mode == ShareMode.OnTop
            ? $"{Percent(share.Ppm)} of {pay}, on top of it: {Money(year)}"
            : $"{Percent(share.Ppm)} of the new total of {pay} and tokens: {Money(year)}";
    }

    private string Money(long cents) => Money(currency, cents);
}
