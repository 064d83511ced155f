using FsCheck;
using FsCheck.Fluent;
using Guerdon.Offers;
using Guerdon.Plans;

namespace Guerdon.Unit.Offers;

public class OfferValueTests
{
    private const int All = 1_000_000;

    private static readonly OfferedPost Post = new("Engineer", null, "DE", "Berlin", false, Employment.FullTime, null);

    private static Offer Offer(
        long baseCents, BonusTerms? bonus = null, SigningTerms? signing = null, EquityTerms? equity = null,
        OfferedTokens? tokens = null, params BenefitTerms[] benefits) => new(
            "x", "We", false, "Ada", Post, "EUR", new(2027, 1, 1), new(2026, 12, 31), 4,
            new(baseCents, bonus, signing), equity, tokens, benefits);

    private static OfferedTokens Share(int ppm, ShareMode mode, int usability = All, PayBasis basis = PayBasis.Base) =>
        new(0, new ShareOfPay(ppm, basis, mode), 3, false, usability);

    private static ValuedComponent Part(Offer offer, ComponentKind kind, int years = 4) =>
        OfferValue.Of(offer, years).Components.Single(c => c.Kind == kind);

    // By hand: 25 % of 100,000 is 25,000 on top; a quarter of the new total, 133,333.33, is 33,333.33.
    [Theory]
    [InlineData(ShareMode.OnTop, PayBasis.Base, 2_500_000, 1_750_000)]
    [InlineData(ShareMode.CarveOut, PayBasis.Base, 3_333_333, 2_333_333)] // 70 % is 23,333.33(1), cut
    [InlineData(ShareMode.OnTop, PayBasis.Total, 2_750_000, 1_925_000)] // of base pay and the 10 % bonus
    [InlineData(ShareMode.CarveOut, PayBasis.Total, 3_666_667, 2_566_667)] // 36,666.67 a year
    public void Tokens_AQuarterOfAHundredThousand_IsAsByHand(ShareMode mode, PayBasis basis, long year, long risk)
    {
        var offer = Offer(10_000_000, new BonusTerms(0, 100_000, All), tokens: Share(250_000, mode, 700_000, basis));
        var tokens = Part(offer, ComponentKind.Tokens);

        Assert.Equal(year, tokens.AYear.FaceCents);
        Assert.Equal(year * 4, tokens.InAll.FaceCents);
        Assert.Equal(risk, tokens.AYear.RiskAdjustedCents);
        Assert.Equal(tokens.InAll.VestedCents, tokens.InAll.ProbableCents);
    }

    [Theory]
    // 80,000 over 4 years, cliff 12: 20,000 a year.
    [InlineData(8_000_000, 4, 12, 4, new long[] { 2_000_000, 2_000_000, 2_000_000, 2_000_000 })]
    // Cliff 18: nothing in year 1, then 24 months at once.
    [InlineData(8_000_000, 4, 18, 4, new long[] { 0, 4_000_000, 2_000_000, 2_000_000 })]
    // Two years of horizon see half; face is all.
    [InlineData(8_000_000, 4, 12, 2, new long[] { 2_000_000, 2_000_000 })]
    // 100.00 over 3 years: 33.33, 33.33, 33.34, nothing after.
    [InlineData(10_000, 3, 0, 4, new long[] { 3_333, 3_333, 3_334, 0 })]
    // A cliff after the horizon: nothing.
    [InlineData(8_000_000, 4, 30, 2, new long[] { 0, 0 })]
    public void Equity_Vests_AsByHand(long value, int vesting, int cliff, int years, long[] arrives)
    {
        var equity = Part(Offer(0, equity: new(value, vesting, cliff, 500_000)), ComponentKind.Equity, years);

        Assert.Equal(arrives, equity.Years.Select(y => y.ArrivesCents));
        Assert.Equal(value, equity.InAll.FaceCents);
        Assert.Equal(arrives.Sum(), equity.InAll.VestedCents);
        Assert.Equal(arrives.Sum() / 2, equity.InAll.RiskAdjustedCents);
    }

    [Theory]
    [InlineData(12, 2, new long[] { 1_200_000, 0 })]
    [InlineData(24, 2, new long[] { 600_000, 600_000 })]
    [InlineData(36, 2, new long[] { 400_000, 400_000 })] // a third would be paid back
    [InlineData(0, 1, new long[] { 1_200_000 })]
    public void Signing_Clawback_IsEarnedByMonths(int clawback, int years, long[] arrives)
    {
        var signing = Part(Offer(0, signing: new(1_200_000, clawback)), ComponentKind.SigningBonus, years);
        Assert.Equal(arrives, signing.Years.Select(y => y.ArrivesCents));
        Assert.Equal((1_200_000, arrives.Sum()), (signing.InAll.FaceCents, signing.InAll.VestedCents));
    }

    // Just before a cliff nothing, at it all that it covers; one month before the end all but a month.
    [Theory]
    [InlineData(12, 3_000_000)]
    [InlineData(13, 0)]
    public void Equity_AtItsCliff_Arrives(int cliff, long first) => Assert.Equal(
        first, Part(Offer(0, equity: new(12_000_000, 4, cliff, All)), ComponentKind.Equity, 1).Years[0].ArrivesCents);

    [Theory]
    [InlineData(12, 1_200_000)]
    [InlineData(13, 1_107_692)] // 12 of 13 months, cut
    public void Signing_OneMonthBeforeItIsTheirs_IsNotWhole(int clawback, long arrives)
    {
        var signing = Part(Offer(0, signing: new(1_200_000, clawback)), ComponentKind.SigningBonus, 1);
        Assert.Equal(arrives, signing.Years[0].ArrivesCents);
    }

    [Fact]
    public void Of_ShippedExample_IsAsByHand()
    {
        var value = OfferValue.Of(OfferFile.Read(OfferFileTests.Good).Offer!, 4);

        // base 100,000; bonus 10,000 at 80 %; signing 3,000; equity 20,000 at half; tokens 25,000 at 70 %; 3,600 − 300
        Assert.Equal([10_000_000, 1_000_000, 300_000, 2_000_000, 2_500_000, 300_000, 60_000],
            value.Components.Select(c => c.AYear.FaceCents));
        Assert.Equal([10_000_000, 800_000, 300_000, 1_000_000, 1_750_000, 300_000, 30_000],
            value.Components.Select(c => c.AYear.RiskAdjustedCents));
        Assert.Equal(new Stages(16_160_000, 16_160_000, 14_960_000, 14_180_000), value.AYear);
        Assert.Equal(new OfferYear(1, 17_060_000, 15_080_000), value.Years[0]); // the signing bonus is earned in it
        Assert.Equal(
            "25% of base pay, on top of it: EUR 25,000.00 a year for 4 years, to spend on AI services; a month's "
            + "tokens last 3 months; counted at 70%, how much of it can be expected to be used; it never becomes pay.",
            value.Components.Single(c => c.Kind == ComponentKind.Tokens).Explanation);
    }

    private static readonly Gen<int> Ppm = Gen.OneOf(Gen.Choose(0, All), Gen.Elements(0, 1, 333_333, All));
    private static readonly Gen<long> Cents =
        Gen.Choose(0, int.MaxValue).Two().Select(n => (n.Item1 * 1_000L + n.Item2) % OfferFile.MostCents);

    private static readonly Gen<Offer> Offers =
        from pay in Cents
        from bonus in Gen.OneOf(
            Cents.SelectMany(c => Ppm.Select(p => new BonusTerms(c, 0, p))),
            Ppm.SelectMany(t => Ppm.Select(p => new BonusTerms(0, t, p))))
        from signing in Cents.SelectMany(c => Gen.Choose(0, 60).Select(m => new SigningTerms(c, m)))
        from vesting in Gen.Choose(1, 10)
        from cliff in Gen.Choose(0, 12 * vesting)
        from equity in Cents.SelectMany(c => Ppm.Select(p => new EquityTerms(c, vesting, cliff, p)))
        from tokens in Gen.OneOf(
            Cents.SelectMany(c => Ppm.Select(u => new OfferedTokens(c, null, null, false, u))),
            Gen.Choose(0, 900_000).SelectMany(s => Ppm.SelectMany(u => Gen.Elements(ShareMode.OnTop, ShareMode.CarveOut)
                .SelectMany(m => Gen.Elements(PayBasis.Base, PayBasis.Total).Select(b => Share(s, m, u, b))))))
        from perk in Cents.SelectMany(c => Ppm.Select(u => new BenefitTerms("A", c, u)))
        from other in Cents.SelectMany(c => Ppm.Select(u => new BenefitTerms("B", c, u)))
        select Offer(pay, bonus, signing, equity, tokens, perk, other);

    private static readonly Arbitrary<(Offer Offer, int Years)> Cases =
        Offers.SelectMany(o => Gen.Choose(1, 10).Select(y => (o, y))).ToArbitrary();

    [Fact]
    public void Of_AnyOffer_EachStageIsAtMostTheOneBefore() => Prop.ForAll(Cases, x =>
    {
        var value = OfferValue.Of(x.Offer, x.Years);
        return value.Components.SelectMany(c => new[] { c.InAll, c.AYear }).Append(value.InAll).Append(value.AYear)
            .All(s => s.FaceCents >= s.VestedCents && s.VestedCents >= s.ProbableCents
                && s.ProbableCents >= s.RiskAdjustedCents && s.RiskAdjustedCents >= 0);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_AnyOffer_RowsYearsAndTotalsReAdd() => Prop.ForAll(Cases, x =>
    {
        var value = OfferValue.Of(x.Offer, x.Years);
        return value.Components.All(c => c.Years.Sum(y => y.ArrivesCents) == c.InAll.VestedCents
                && c.Years.Sum(y => y.RiskAdjustedCents) == c.InAll.RiskAdjustedCents
                && c.Years.All(y => y.ArrivesCents >= 0 && y.RiskAdjustedCents >= 0))
            && value.Years.Sum(y => y.ArrivesCents) == value.InAll.VestedCents
            && value.Years.Sum(y => y.RiskAdjustedCents) == value.InAll.RiskAdjustedCents
            && value.Components.Sum(c => c.InAll.FaceCents) == value.InAll.FaceCents
            && value.Components.Sum(c => c.AYear.RiskAdjustedCents) == value.AYear.RiskAdjustedCents
            && Math.Abs(value.AYear.FaceCents * x.Years - value.InAll.FaceCents)
                <= value.Components.Count * (x.Years + 1) / 2;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_BenefitsInAnotherOrder_IsTheSameInAll() => Prop.ForAll(Cases, x =>
    {
        var turned = x.Offer with { Benefits = [.. x.Offer.Benefits.Reverse()] };
        var (one, other) = (OfferValue.Of(x.Offer, x.Years), OfferValue.Of(turned, x.Years));
        return one.InAll == other.InAll && one.AYear == other.AYear && one.Years.SequenceEqual(other.Years);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Compare_AnyOrder_ValuesEachTheSame() => Prop.ForAll(
        Offers.Two().ToArbitrary(), x =>
        {
            var (one, other) = (OfferComparison.Of([x.Item1, x.Item2]), OfferComparison.Of([x.Item2, x.Item1]));
            return one.Offers[0].InAll == other.Offers[1].InAll && one.Offers[1].AYear == other.Offers[0].AYear
                && one.Components.Select(c => c.Name).SequenceEqual(other.Components.Select(c => c.Name))
                && one.Components.Zip(other.Components).All(p =>
                    p.First.Offers[0]?.InAll == p.Second.Offers[1]?.InAll);
        }).QuickCheckThrowOnFailure();

    // A rounded share moves by half a hundredth a year; what is cut, by one hundredth a part.
    [Fact]
    public void Of_TenTimesTheMoney_IsTenTimesTheWorth() => Prop.ForAll(Cases, x =>
    {
        if (x.Offer.Pay.BaseCents > OfferFile.MostCents / 10) return true;
        var (one, ten) = (OfferValue.Of(x.Offer, x.Years).InAll, OfferValue.Of(Times(x.Offer, 10), x.Years).InAll);
        var slack = 10 * (x.Years + 1) * 12; // shares of total pay are rounded on a rounded bonus
        return Math.Abs(ten.FaceCents - 10 * one.FaceCents) <= slack
            && Math.Abs(ten.RiskAdjustedCents - 10 * one.RiskAdjustedCents) <= slack;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Compare_DifferentParts_LeavesGapsAndOneHorizon()
    {
        var plain = Offer(12_000_000) with { HorizonYears = 2 };
        var rich = Offer(10_000_000, tokens: Share(250_000, ShareMode.OnTop), benefits: new BenefitTerms("Z", 1, All));
        var compared = OfferComparison.Of([plain, rich]);

        Assert.Equal(4, compared.HorizonYears);
        Assert.Equal(["Base pay", "Compute tokens", "Z"], compared.Components.Select(c => c.Name));
        Assert.Null(compared.Components[1].Offers[0]);
        Assert.Equal(2_500_000, compared.Components[1].Offers[1]!.AYear.FaceCents);
    }

    private static Offer Times(Offer offer, long by) => offer with
    {
        Pay = new(
            offer.Pay.BaseCents * by, offer.Pay.Bonus! with { TargetCents = offer.Pay.Bonus.TargetCents * by },
            offer.Pay.Signing! with { AmountCents = offer.Pay.Signing.AmountCents * by }),
        Equity = offer.Equity! with { ValueCents = offer.Equity.ValueCents * by },
        Tokens = offer.Tokens! with { YearCents = offer.Tokens.YearCents * by },
        Benefits = [.. offer.Benefits.Select(b => b with { YearCents = b.YearCents * by })],
    };
}
