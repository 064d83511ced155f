using FsCheck;
using FsCheck.Fluent;
using Guerdon.Grants.Lines;
using Guerdon.Kernel;
using Guerdon.Plans;

namespace Guerdon.Unit.Grants;

public class AllowanceRulesTests
{
    private const long Usd1 = Usd.Dollar;

    private static ShareOfPay Terms(int ppm, ShareMode mode) => new(ppm, PayBasis.Base, mode);

    [Theory]
    [InlineData(250_000, ShareMode.OnTop, 10_000_000, Usd1, 25_000_000_000_000)]
    [InlineData(250_000, ShareMode.CarveOut, 10_000_000, Usd1, 33_333_333_333_333)]
    [InlineData(125_000, ShareMode.OnTop, 10_000_000, Usd1, 12_500_000_000_000)]
    [InlineData(250_000, ShareMode.OnTop, 10_000_000, 1_080_000_000, 27_000_000_000_000)]
    [InlineData(1, ShareMode.OnTop, 1, 49, 0)] // 0.49 millionths of a cent's worth: nearest is nothing
    [InlineData(500_000, ShareMode.OnTop, 100, 1, 1)] // half a nano-USD goes up
    public void OfYear_Share_IsExactToTheNano(int ppm, ShareMode mode, long cents, long rate, long nanos) =>
        Assert.Equal(new Usd(nanos), AllowanceRules.OfYear(Terms(ppm, mode), cents, rate));

    [Fact]
    public void OfYear_PastABillion_IsNull()
    {
        Assert.Equal(Usd1 * Usd1,
            AllowanceRules.OfYear(Terms(1_000_000, ShareMode.OnTop), 100_000_000_000, Usd1)!.Value.Nanos);
        Assert.Null(AllowanceRules.OfYear(Terms(1_000_000, ShareMode.OnTop), 100_000_000_001, Usd1));
        Assert.Null(AllowanceRules.OfYear(Terms(999_999, ShareMode.CarveOut), 100_000_000_000_000, 1_000_000 * Usd1));
    }

    private static readonly Arbitrary<long> Years = Gen.Choose(0, int.MaxValue).Two()
        .Select(n => (long)n.Item1 * 1_000_003 + n.Item2 % 1_000_003).ToArbitrary(); // up to 2 million USD, any nano

    [Fact]
    public void OfMonth_TwelveMonths_SumToTheYearAndDifferByAtMostOne() => Prop.ForAll(Years, year =>
    {
        var months = Enumerable.Range(1, 12).Select(m => AllowanceRules.OfMonth(new Usd(year), m).Nanos).ToArray();
        return months.Sum() == year && months.Max() - months.Min() <= 1;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void OfYear_CarveOut_IsTheShareOfTheNewTotal() => Prop.ForAll(
        Gen.Choose(1, 999_999).SelectMany(ppm => Gen.Choose(1, int.MaxValue).Select(cents => (ppm, cents)))
            .ToArbitrary(),
        x =>
        {
            if (AllowanceRules.OfYear(Terms(x.ppm, ShareMode.CarveOut), x.cents, Usd1) is not { } year) return true;
            var total = (Int128)x.cents * 10_000_000 + year.Nanos;
            var off = (Int128)year.Nanos * 1_000_000 - total * x.ppm; // the share of the total, in millionths of a nano
            return Int128.Abs(off) <= 1_000_000;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void ForDays_AnyMonth_IsNeverLessThanItsShareAndByLessThanAMilli() => Prop.ForAll(
        (from year in Years.Generator
         from days in Gen.Choose(28, 31)
         from employed in Gen.Choose(1, days)
         from value in Gen.Choose(1, 1_000_000)
         select (Month: year / 12, days, employed, value)).ToArbitrary(),
        x =>
        {
            var amount = AllowanceRules.ForDays(new Usd(x.Month), x.employed, x.days, x.value);
            var exact = (Int128)x.Month * x.employed * 1_000;
            var unit = (Int128)x.days * x.value;
            return amount.Tokens.Milli * unit >= exact && (amount.Tokens.Milli - 1) * unit < exact
                && (Int128)amount.Money.Nanos * x.days >= (Int128)x.Month * x.employed
                && (x.employed < x.days || amount.Money.Nanos == x.Month);
        }).QuickCheckThrowOnFailure();
}
