using Guerdon.People;
using Guerdon.People.Employees;

namespace Guerdon.Unit.People;

/// <summary>What opens something for a person ends with their last day, which itself still counts.</summary>
public class AccessEndTests
{
    [Theory]
    [InlineData(null, "2199-12-31T23:59:59Z", false)]
    [InlineData("2026-11-30", "2026-11-30T23:59:59Z", false)]
    [InlineData("2026-11-30", "2026-12-01T00:00:00Z", true)]
    [InlineData("2026-11-30", "2026-12-01T01:59:59+02:00", false)] // days are UTC
    [InlineData("2026-11-30", "2026-12-01T02:00:00+02:00", true)]
    public void IsOver_ALastDay_OnceItHasEnded(string? lastDay, string now, bool isOver) => Assert.Equal(isOver,
        AccessEnd.IsOver(lastDay is null ? null : PersonTests.Day(lastDay), DateTimeOffset.Parse(now, null)));

    [Fact]
    public void Read_ANotification_TakesTheIdsInIt()
    {
        PersonId one = new(Guid.NewGuid()), two = new(Guid.NewGuid());
        Assert.Equal([one, two], AccessEnd.Read($"{one} x prs_1  {two} {one}").OrderBy(p => p == two));
        Assert.Empty(AccessEnd.Read(""));
    }
}
