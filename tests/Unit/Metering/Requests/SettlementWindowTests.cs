using System.Globalization;
using Guerdon.Metering.Requests;

namespace Guerdon.Unit.Metering.Requests;

public sealed class SettlementWindowTests
{
    [Theory]
    [InlineData("10:05:00", "10:03:00")] // by its age
    [InlineData("10:01:00", "09:59:59.999999")] // what the quarter before left
    [InlineData("10:02:00", "10:00:00")]
    [InlineData("10:14:56.9", "10:12:56.9")]
    [InlineData("10:14:57", "10:14:57")] // the quarter ends: everything
    [InlineData("23:59:59", "23:59:59")]
    public void DueUntil_AtTimesOfDay_IsByAgeWithinAQuarter(string now, string until) =>
        Assert.Equal(At(until), SettlementWindow.DueUntil(At(now), TimeSpan.FromMinutes(2)));

    [Fact]
    public void QuarterOf_MidnightOfEveryTimeZone_IsOne()
    {
        var day = new DateTime(2027, 3, 9, 0, 0, 0, DateTimeKind.Unspecified);
        foreach (var zone in TimeZoneInfo.GetSystemTimeZones())
        {
            var midnight = day - zone.GetUtcOffset(day);
            Assert.True(midnight == SettlementWindow.QuarterOf(midnight), zone.Id);
        }
    }

    private static DateTime At(string time) =>
        DateTime.Parse("2027-03-08T" + time, CultureInfo.InvariantCulture);
}
