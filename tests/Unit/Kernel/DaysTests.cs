using System.Globalization;
using Guerdon.Kernel;

namespace Guerdon.Unit.Kernel;

/// <summary>The calendar's ends: what is named at them, and one day further.</summary>
public class DaysTests
{
    [Theory]
    [InlineData("1899-12-31", false)]
    [InlineData("1900-01-01", true)]
    [InlineData("2199-12-31", true)]
    [InlineData("2200-01-01", false)]
    [InlineData("2026-02-29", false)]
    [InlineData("2028-02-29", true)]
    [InlineData("2026-1-1", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void TryParse_Ends_AreTakenAndNothingBeyond(string? text, bool isTaken)
    {
        Assert.Equal(isTaken, Days.TryParse(text, out var day));
        Assert.Equal(isTaken ? day : null, Days.Parse(text));
    }

    [Theory]
    [InlineData("1899-12-31", false)]
    [InlineData("1900-01-01", true)]
    [InlineData("2199-12-31", true)]
    [InlineData("2200-01-01", false)]
    public void Has_TheCalendarsEnds_AreInIt(string text, bool isHad)
    {
        var day = DateOnly.Parse(text, CultureInfo.InvariantCulture);
        Assert.Equal(isHad, Days.Has(day));
        Assert.Equal(isHad, Days.Has(new DateTimeOffset(day.ToDateTime(new TimeOnly(23, 59)), TimeSpan.Zero)));
    }

    [Fact]
    public void Has_AnInstant_IsOfTheDayThatItIsInUtc()
    {
        Assert.False(Days.Has(new DateTimeOffset(2199, 12, 31, 23, 0, 0, TimeSpan.FromHours(-2)))); // 01:00 of 2200
        Assert.True(Days.Has(new DateTimeOffset(1899, 12, 31, 23, 0, 0, TimeSpan.FromHours(-2))));
    }

    [Theory]
    [InlineData("1999-12-31T23:59:59.9999999Z", false)]
    [InlineData("2000-01-01T00:00:00Z", true)]
    [InlineData("2026-11-22T23:59:59.9999999Z", true)] // the last of tomorrow
    [InlineData("2026-11-23T00:00:00Z", false)]
    public void CanHaveHappened_From2000ToTheEndOfTomorrow(string at, bool can)
    {
        var now = new DateTimeOffset(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);
        Assert.Equal(can, Days.CanHaveHappened(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), now));
        Assert.Equal("is not between 2000-01-01 and tomorrow, 2026-11-22", Days.NotHappened(now));
    }

    [Theory]
    [InlineData("2019-12", false)]
    [InlineData("2020-01", true)]
    [InlineData("2199-12", true)]
    [InlineData("2200-01", false)]
    [InlineData("2026-13", false)]
    public void Period_Months_From2020To2199(string text, bool isTaken)
    {
        Assert.Equal(isTaken, Period.TryParse(text, out var period));
        if (!isTaken) return;
        Assert.Equal(text, period.ToString());
        Assert.Equal(period, new Period(period.Last));
        Assert.Equal(period.Days, period.Last.Day);
        Assert.Equal(period.Start.AddMonths(1), period.EndAfter(1));
        Assert.Equal(period, Period.Of(period.EndAfter(1).AddTicks(-1)));
        Assert.NotEqual(period, Period.Of(period.EndAfter(1)));
    }
}
