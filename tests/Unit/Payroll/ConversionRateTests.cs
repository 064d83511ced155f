using FsCheck;
using FsCheck.Fluent;
using Guerdon.Payroll.Terms;

namespace Guerdon.Unit.Payroll;

public class ConversionRateTests
{
    [Theory]
    [InlineData(1_000_000, 5_000_000, 500, 5_000_000)] // 0.001 for a token: 5,000 tokens are 5.00
    [InlineData(920_000, 5_432_100, 499, 5_423_914)] // 0.00092: 4.997532 is cut to 4.99, which takes less
    [InlineData(1_000_000, 9_999, 0, 0)] // not a cent
    [InlineData(1_000_000, 10_000, 1, 10_000)]
    [InlineData(3, 10_000_000_000, 3, 10_000_000_000)]
    [InlineData(1_000_000_000_000, 1, 100, 1)] // a milli-token at 1,000 for a token is worth a unit
    public void OfMoney_Table_IsExact(long nanosPerToken, long milli, long cents, long taken)
    {
        var rate = ConversionRate.OfMoney(nanosPerToken, "EUR");

        Assert.Equal(cents, rate.UnitsFor(milli));
        Assert.Equal(taken, rate.MilliFor(cents));
    }

    [Theory]
    [InlineData(250_000_000, 250_000_000, 100, 250_000_000)]
    [InlineData(250_000_000, 1_000_000_000, 400, 1_000_000_000)]
    [InlineData(333_333_333, 500_000_000, 150, 500_000_000)] // 1.5000000015 days
    [InlineData(333_333_333, 499_999_999, 149, 496_666_667)]
    public void OfDays_Table_IsExact(long milliPerDay, long milli, long hundredths, long taken)
    {
        var rate = ConversionRate.OfDays(milliPerDay);

        Assert.Equal(hundredths, rate.UnitsFor(milli));
        Assert.Equal(taken, rate.MilliFor(hundredths));
    }

    [Fact]
    public void OfEquity_WholeUnitsOnly()
    {
        var rate = ConversionRate.OfEquity(100_000_000);

        Assert.Equal((0, 1, 7),
            (rate.UnitsFor(99_999_999), rate.UnitsFor(199_999_999), rate.UnitsFor(700_000_000)));
        Assert.Equal(700_000_000, rate.MilliFor(7));
    }

    private static readonly Arbitrary<(long A, long B)> Amounts = Gen.Choose(1, int.MaxValue).Three()
        .Select(n => ((long)n.Item1 * (n.Item3 % 90_000 + 1), (long)n.Item2)).ToArbitrary();

    [Fact]
    public void UnitsFor_AnyAmount_NeverMoreOutThanInAndTheRemainderIsKept() => Prop.ForAll(Amounts, pair =>
    {
        foreach (var rate in (ConversionRate[])
            [ConversionRate.OfMoney(pair.B, "EUR"), ConversionRate.OfDays(pair.B), ConversionRate.OfEquity(pair.B)])
        {
            var units = rate.UnitsFor(pair.A);
            var taken = rate.MilliFor(units);
            if (taken > pair.A || taken < 0) return false; // takes no more than was asked
            if ((Int128)units * rate.Milli > (Int128)taken * rate.Units) return false; // no more out than in
            if (rate.UnitsFor(taken) != units) return false; // what it takes makes just those units
            if (units > 0 && rate.UnitsFor(taken - 1) >= units) return false; // and no less would
            if (rate.UnitsFor(pair.A - taken) != 0) return false; // what stays would make no unit
        }

        return true;
    }).QuickCheckThrowOnFailure();
}
