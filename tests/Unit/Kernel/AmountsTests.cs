using FsCheck;
using FsCheck.Fluent;
using Guerdon.Kernel;

namespace Guerdon.Unit.Kernel;

public sealed class AmountsTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "0.001")]
    [InlineData(-1, "-0.001")]
    [InlineData(1_500, "1.5")]
    [InlineData(1_234_567_000, "1,234,567")]
    [InlineData(long.MaxValue, "9,223,372,036,854,775.807")]
    [InlineData(long.MinValue, "-9,223,372,036,854,775.808")]
    public void Tokens_AsText_AreExact(long milli, string text) => Assert.Equal(text, new Tokens(milli).ToString());

    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(1, "0.000000001")]
    [InlineData(374_000, "0.000374")]
    [InlineData(1_234_500_000_000, "1,234.50")]
    [InlineData(-5_000_000_000, "-5.00")]
    public void Usd_AsText_IsExact(long nanos, string text) => Assert.Equal(text, new Usd(nanos).ToString());

    [Theory]
    [InlineData("0", 0)]
    [InlineData("12", 12_000)]
    [InlineData("12.5", 12_500)]
    [InlineData("-0.001", -1)]
    [InlineData("007", 7_000)]
    [InlineData("000000000000000000000000000001", 1_000)] // 30 digits
    [InlineData("9223372036854775.807", long.MaxValue)]
    public void TryParse_PlainDecimal_IsRead(string text, long milli)
    {
        Assert.True(Decimals.TryParse(text, 3, out var value));
        Assert.Equal(milli, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1.2.3")]
    [InlineData("1,000")]
    [InlineData("1e3")]
    [InlineData(" 1")]
    [InlineData("+1")]
    [InlineData("--1")]
    [InlineData("0.0001")] // more decimals than the scale
    [InlineData("9223372036854775.808")] // one past the largest
    [InlineData("1000000000000000000000000000000")] // 31 digits
    [InlineData("١٢")] // digits, but not ASCII
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(Decimals.TryParse(text, 3, out _));

    // With nine decimals more these pass 2^127 and 2^128, and would wrap around there.
    [Theory]
    [InlineData("340282366920938463463374607432")] // 2^128 / 10^9, rounded up: would be 0.231788544
    [InlineData("170141183460469231731687303716")] // 2^127 / 10^9, rounded up: would be negative
    [InlineData("-340282366920938463463374607432")]
    [InlineData("999999999999999999999999999999")]
    [InlineData("9223372037")]
    public void TryParse_BeyondTheRange_IsRefusedAtEveryScale(string text)
    {
        foreach (var scale in (int[])[9, 6, 4, 3])
            if (text.Length > 12 || scale == 9) Assert.False(Decimals.TryParse(text, scale, out _), $"{scale}");
    }

    [Fact]
    public void Parse_OfFormat_IsTheSameNumber() => Prop.ForAll(
        AnyMilli,
        milli =>
            Decimals.TryParse(new Tokens(milli).ToString().Replace(",", "", StringComparison.Ordinal), 3, out var back)
            && back == milli).QuickCheckThrowOnFailure();

    [Fact]
    public void Amounts_OverTheEdge_Throw()
    {
        Assert.Throws<OverflowException>(() => new Tokens(long.MaxValue) + new Tokens(1));
        Assert.Throws<OverflowException>(() => new Tokens(long.MinValue) - new Tokens(1));
        Assert.Throws<OverflowException>(() => -new Tokens(long.MinValue));
        Assert.Throws<OverflowException>(() => new Usd(long.MaxValue) + new Usd(1));
        Assert.Throws<OverflowException>(() => new Usd(long.MinValue) - new Usd(1));
    }

    // The whole range, not FsCheck's first hundred numbers.
    private static readonly Arbitrary<long> AnyMilli = (
        from digits in Gen.Choose(0, 18)
        from high in Gen.Choose(-999_999_999, 999_999_999)
        from low in Gen.Choose(0, 999_999_999)
        select (high * 1_000_000_000L + low) / (long)Math.Pow(10, digits)).ToArbitrary();
}
