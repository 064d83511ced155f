using Guerdon.Metering.Rollups;

namespace Guerdon.Unit.Metering;

/// <summary>Which month is shown in works-council mode: never one that still changes by the day.</summary>
public sealed class GroupUseTests
{
    [Theory]
    [InlineData("2026-12-01", "2026-12-01", "2026-10-01", "2026-10-31")] // November is over since today alone
    [InlineData("2026-12-02", "2026-12-02", "2026-11-01", "2026-11-30")]
    [InlineData("2027-01-31", "2027-01-31", "2026-12-01", "2026-12-31")]
    [InlineData("2026-11-05", "2026-12-01", "2026-10-01", "2026-10-31")]
    [InlineData("2026-11-05", "2026-12-02", "2026-11-01", "2026-11-30")]
    [InlineData("2024-02-29", "2026-12-02", "2024-02-01", "2024-02-29")]
    [InlineData("2030-01-01", "2026-12-02", "2026-11-01", "2026-11-30")]
    public void Month_IsOver_AndADayOld(string day, string today, string first, string last) => Assert.Equal(
        (DateOnly.Parse(first), DateOnly.Parse(last)), GroupUse.MonthOf(DateOnly.Parse(day), DateOnly.Parse(today)));
}
