using Guerdon.Kernel;

namespace Guerdon.Unit.Kernel;

public class CurrenciesTests
{
    [Theory] // by list one of ISO 4217
    [InlineData("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF", 0, 2, 100, 100)]
    [InlineData("EUR USD CHF", 2, 2, 100, 1)]
    [InlineData("BHD IQD JOD KWD LYD OMR TND", 3, 3, 1_000, 1)]
    [InlineData("CLF UYW", 4, 4, 10_000, 1)]
    public void DecimalsOf_ACurrency_AreItsMinorUnits(string codes, int decimals, int scale, long perUnit, long step)
    {
        foreach (var code in codes.Split(' '))
            Assert.Equal((decimals, scale, perUnit, step), (Currencies.DecimalsOf(code), Currencies.ScaleOf(code),
                Currencies.PerUnit(code), Currencies.Step(code)));
    }

    [Theory]
    [InlineData(149, "JPY", 100)]
    [InlineData(150, "JPY", 200)]
    [InlineData(-149, "JPY", -100)]
    [InlineData(-150, "JPY", -200)]
    [InlineData(0, "JPY", 0)]
    [InlineData(149, "EUR", 149)]
    public void Round_AnAmount_IsToTheNearestMinorUnit(long kept, string currency, long rounded) =>
        Assert.Equal(rounded, Currencies.Round(kept, currency));

    [Theory]
    [InlineData("1250", "JPY", true, 125_000, "1,250")]
    [InlineData("1250.5", "JPY", false, 0, "")]
    [InlineData("92233720368547758", "JPY", true, 9_223_372_036_854_775_800, "92,233,720,368,547,758")]
    [InlineData("92233720368547759", "JPY", false, 0, "")] // more than is stored
    [InlineData("1250.5", "EUR", true, 125_050, "1,250.50")]
    [InlineData("1250.505", "EUR", false, 0, "")]
    [InlineData("1250.505", "KWD", true, 1_250_505, "1,250.505")]
    [InlineData("1250.5005", "CLF", true, 12_505_005, "1,250.5005")]
    public void TryParse_AnAmount_HasNothingFiner(string text, string currency, bool isOne, long kept, string shown)
    {
        Assert.Equal(isOne, Currencies.TryParse(text, currency, out var read));
        if (!isOne) return;
        Assert.Equal(kept, read);
        Assert.Equal((shown, shown.Replace(",", "", StringComparison.Ordinal)),
            (Currencies.Format(kept, currency), Currencies.Plain(kept, currency)));
        Assert.True(Currencies.TryParseMinor(text, currency, out var minor));
        Assert.Equal(kept, minor * Currencies.Step(currency));
        Assert.Equal(shown, Currencies.FormatMinor(minor, currency));
    }

    [Theory]
    [InlineData("JPY", "an amount in JPY, without decimals, such as 1250")]
    [InlineData("KWD", "an amount in KWD with at most three decimals, such as 1250.500")]
    [InlineData("CLF", "an amount in CLF with at most four decimals, such as 1250.5000")]
    [InlineData("EUR", "an amount with at most two decimals, such as 1250.50")]
    public void Wanted_OfACurrency_SaysItsDecimals(string currency, string wanted) =>
        Assert.Equal(wanted, Currencies.Wanted(currency));
}
