using FsCheck;
using FsCheck.Fluent;
using Guerdon.Kernel;
using Guerdon.Pricing.TokenValue;

namespace Guerdon.Unit.Pricing;

public sealed class LaspeyresIndexTests
{
    private static BasketRow Row(long quantity, long before, long now) => new("m", "input", quantity, before, now);

    // Quantity, price then, price now; by hand.
    public static TheoryData<(long, long, long)[], string, string, long> Baskets => new()
    {
        { [(100, 5, 5)], "1", "1", 1_000_000 },
        { [(100, 5, 6)], "6", "5", 1_200_000 },
        { [(100, 5, 4)], "4", "5", 800_000 },
        { [(4, 250, 500), (1, 2_000, 2_000)], "4", "3", 1_333_333 }, // 4,000 over 3,000
        { [(1, 3, 5)], "5", "3", 1_666_667 }, // two thirds: up
        { [(1, 2_000_000, 2_000_001)], "2000001", "2000000", 1_000_001 }, // half a millionth: up
        { [(1, 2_000_000, 1_999_999)], "1999999", "2000000", 1_000_000 },
        { [(7, 0, 9), (1, 9, 9)], "8", "1", 8_000_000 }, // what was free and is not
        { [(7, 5, 0)], "0", "1", 0 }, // what has become free
        // Weighted by use: twice the price of what is seldom used is little.
        { [(999, 10, 10), (1, 10, 20)], "1001", "1000", 1_001_000 },
        // A quarter of a large company: 10^15 tokens at 50 USD per million.
        { [(1_000_000_000_000_000, 50_000_000_000, 55_000_000_000)], "11", "10", 1_100_000 },
    };

    [Theory]
    [MemberData(nameof(Baskets))]
    public void Of_Basket_IsTheExactFraction((long, long, long)[] rows, string numerator, string denominator, long ppm)
    {
        var index = LaspeyresIndex.Of(rows.Select(r => Row(r.Item1, r.Item2, r.Item3)))!;
        Assert.Equal((numerator, denominator, ppm), (index.Numerator, index.Denominator, index.Ppm));
    }

    [Fact]
    public void Of_BasketThatCostNothing_IsNone()
    {
        Assert.Null(LaspeyresIndex.Of([]));
        Assert.Null(LaspeyresIndex.Of([Row(5, 0, 7), Row(0, 5, 7)]));
    }

    [Theory]
    [InlineData(1_000, 1_000_000, 1_000)]
    [InlineData(1_000, 1_333_333, 1_333)]
    [InlineData(1_000, 1_000_499, 1_000)]
    [InlineData(1_000, 1_000_500, 1_001)] // half a nano-USD: up
    [InlineData(1_000, 800_000, 800)]
    [InlineData(1, 1, 1)] // a token is never worth nothing
    public void ValueOf_Index_MovesTheTokenWithTheBasket(long value, long ppm, long expected) =>
        Assert.Equal(expected,
            new LaspeyresIndex { Numerator = "", Denominator = "", Ppm = ppm }.ValueOf(value));

    [Theory]
    [InlineData(1_000, 1_000_000, 0, 0, 0)]
    [InlineData(1_000, 1_200_000, 50_000, 200, 60)] // 1,000 and 200, and 5 % of both
    [InlineData(1_000, 800_000, 50_000, 0, 50)] // prices fell: the allowance stays
    [InlineData(1_000, 1_000_001, 0, 1, 0)] // rounded up
    [InlineData(1_000, 1_000_000, 1, 0, 1)]
    public void TopUp_Allowance_ShowsPricesAndBufferApart(
        long allowance, long ppm, int buffer, long forPrices, long forBuffer) =>
        Assert.Equal(
            new AllowanceTopUp(allowance, forPrices, forBuffer, allowance + forPrices + forBuffer),
            AllowanceTopUp.Of(new Usd(allowance), ppm, buffer));

    // Baskets of a company's sizes.
    private static readonly Arbitrary<BasketRow[]> Any = (
        from n in Gen.Choose(1, 40)
        from rows in (
            from quantity in Gen.Choose(1, 1_000_000)
            from before in Gen.Choose(1, 50_000)
            from now in Gen.Choose(0, 50_000)
            select Row(quantity * 1_000_003L, before * 1_000_000L, now * 1_000_000L)).ArrayOf(n)
        select rows).ToArbitrary();

    [Fact]
    public void Of_AnyBasket_LiesBetweenItsLeastAndItsGreatestRise() => Prop.ForAll(Any, rows =>
    {
        var ppm = LaspeyresIndex.Of(rows)!.Ppm;
        return rows.Min(r => r.CurrentNanosPerMillion * 1e6 / r.BaseNanosPerMillion) <= ppm + 1
            && rows.Max(r => r.CurrentNanosPerMillion * 1e6 / r.BaseNanosPerMillion) >= ppm - 1;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("2026Q4", "2026-10-01", "2026Q3")]
    [InlineData("2027Q1", "2027-01-01", "2026Q4")]
    public void Quarter_Text_IsReadAndKnowsItsDays(string text, string start, string previous)
    {
        Assert.True(Quarter.TryParse(text, out var quarter));
        Assert.Equal(start, $"{quarter.Start:yyyy-MM-dd}");
        Assert.Equal((text, previous), (quarter.ToString(), quarter.Previous.ToString()));
        Assert.Equal(quarter.Start, quarter.Previous.End);
    }

    [Theory]
    [InlineData("2026Q5")]
    [InlineData("2026q1")]
    [InlineData("2026-Q1")]
    [InlineData("1999Q1")]
    [InlineData("20 6Q1")]
    [InlineData("")]
    [InlineData(null)]
    public void Quarter_OtherText_IsNone(string? text) => Assert.False(Quarter.TryParse(text, out _));
}
