using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Guerdon.Pricing.PriceImports;

namespace Guerdon.Unit.Pricing;

public sealed class ExactDecimalTests
{
    private const int PerToken = 15; // USD per token to nano-USD per million

    [Theory]
    [InlineData("1.25e-06", 1_250_000_000L)]
    [InlineData("1.25E-6", 1_250_000_000L)]
    [InlineData("0.00000125", 1_250_000_000L)]
    [InlineData("125e-08", 1_250_000_000L)]
    [InlineData("1.2500000000000000000e-06", 1_250_000_000L)] // zeros at the end are no digits below the unit
    [InlineData("3.625e-09", 3_625_000L)]
    [InlineData("1e-15", 1L)]
    [InlineData("0.0", 0L)]
    [InlineData("0e-99999", 0L)]
    [InlineData("1e+1", 10_000_000_000_000_000L)]
    [InlineData("9223.372036854775807", long.MaxValue)]
    public void Read_DecimalText_IsExact(string text, long units)
    {
        Assert.Equal(Exactness.Exact, ExactDecimal.Read(text, PerToken, out var read));
        Assert.Equal(units, read);
    }

    [Theory]
    [InlineData("1e-16", nameof(Exactness.TooFine))]
    [InlineData("1.4999999999999999e-07", nameof(Exactness.TooFine))] // a binary fraction written out
    [InlineData("0.1234567890123456789012345678901", nameof(Exactness.TooFine))]
    [InlineData("9223.372036854775808", nameof(Exactness.TooLarge))]
    [InlineData("1e999999999", nameof(Exactness.TooLarge))]
    [InlineData("-1.25e-06", nameof(Exactness.Negative))]
    [InlineData("", nameof(Exactness.NoNumber))]
    [InlineData(".5", nameof(Exactness.NoNumber))]
    [InlineData("1.", nameof(Exactness.NoNumber))]
    [InlineData("1.2.3", nameof(Exactness.NoNumber))]
    [InlineData("1e", nameof(Exactness.NoNumber))]
    [InlineData("0x1F", nameof(Exactness.NoNumber))]
    [InlineData("1,5", nameof(Exactness.NoNumber))]
    [InlineData("NaN", nameof(Exactness.NoNumber))]
    public void Read_OtherText_SaysWhy(string text, string expected) =>
        Assert.Equal(Enum.Parse<Exactness>(expected), ExactDecimal.Read(text, PerToken, out _));

    // Every price there can be, written in every way that a list might: the point anywhere, an exponent to match.
    private sealed record Written(long Units, string Text);

    private static readonly Arbitrary<Written> Prices = (
        from digits in Gen.Choose(0, int.MaxValue)
        from zeros in Gen.Choose(0, 9)
        from point in Gen.Choose(0, 20)
        from style in Gen.Elements("e", "E", "e+", "plain")
        let units = digits * (long)BigInteger.Pow(10, zeros)
        select new Written(units, Write(units, point, style))).ToArbitrary();

    [Fact]
    public void Read_AnyPriceInAnyStyle_IsTheSameCount() => Prop.ForAll(Prices, price =>
        ExactDecimal.Read(price.Text, PerToken, out var read) == Exactness.Exact && read == price.Units)
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Read_OneDigitBelowTheUnit_IsNeverRounded() => Prop.ForAll(Prices, price =>
        ExactDecimal.Read($"{price.Units}.3e-15", PerToken, out _) == Exactness.TooFine).QuickCheckThrowOnFailure();

    // Units of ten to the minus 15 as digits with a point in them and the exponent that makes up for it.
    private static string Write(long units, int decimals, string style)
    {
        var text = units.ToString(CultureInfo.InvariantCulture);
        if (style == "plain") (decimals, style) = (PerToken, "e");
        text = text.PadLeft(decimals + 1, '0');
        if (decimals > 0) text = $"{text[..^decimals]}.{text[^decimals..]}";
        var exponent = decimals - PerToken;
        if (exponent < 0) style = style.TrimEnd('+');
        return exponent == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text}{style}{exponent}");
    }
}
