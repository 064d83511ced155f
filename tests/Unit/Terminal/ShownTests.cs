using Guerdon.Terminal.Writing;

namespace Guerdon.Unit.Terminal;

public sealed class ShownTests
{
    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(1, "<0.01")]
    [InlineData(9_999_999, "<0.01")]
    [InlineData(10_000_000, "0.01")]
    [InlineData(1_999_999_999, "1.99")] // cut, never rounded up
    [InlineData(1_234_500_000_000, "1,234.50")]
    [InlineData(-1, ">-0.01")]
    [InlineData(-1_239_000_000, "-1.23")]
    [InlineData(long.MaxValue, "9,223,372,036.85")]
    [InlineData(long.MinValue, "-9,223,372,036.85")]
    public void Usd_Nanos_HasTwoDecimals(long nanos, string shown) => Assert.Equal(shown, Shown.Usd(nanos));

    [Theory]
    [InlineData(1_000, "1.00 USD a million tokens")]
    [InlineData(1_333, "1.333 USD a million tokens")]
    [InlineData(0, "0.00 USD a million tokens")]
    public void Rate_OfATokenValue_IsForAMillion(long nanos, string shown) => Assert.Equal(shown, Shown.Rate(nanos));

    [Theory]
    [InlineData(1_999, 1_000_000_000, "1.99")]
    [InlineData(-1_999, 1_000_000_000, "-1.99")]
    [InlineData(long.MaxValue, 1_000, "9,223,372,036.85")]
    [InlineData(long.MaxValue, 1_001, "over 9,223,372,036.85")]
    [InlineData(long.MinValue, 2_000, "under -9,223,372,036.85")]
    public void Worth_BeyondALong_DoesNotWrapRound(long milli, long nanos, string shown) =>
        Assert.Equal(shown, Shown.Worth(milli, nanos));

    [Fact]
    public void Time_Instant_IsOfUtcToTheMinute() => Assert.Equal(
        "2026-11-30 22:05 UTC", Shown.Time(new DateTimeOffset(2026, 12, 1, 0, 5, 59, TimeSpan.FromHours(2))));
}
