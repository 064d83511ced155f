using Guerdon.People;
using Guerdon.People.Employees;
using Guerdon.People.Teams;

namespace Guerdon.Unit.People;

public class PersonTests
{
    internal static readonly Person Ada = new(
        new PersonId(new Guid("0190a0b0-0000-7000-8000-000000000001")), "ada@corp.example", "Ada",
        "Engineering/Platform",
        "Engineer", "L5", "US", "CC1", new DateOnly(2024, 1, 15), null, 10_000_000, 12_000_000, "USD", false);

    [Theory]
    [InlineData("2024-01-15", null, 30)]
    [InlineData("2026-11-01", null, 30)]
    [InlineData("2026-11-15", null, 16)]
    [InlineData("2026-11-30", null, 1)]
    [InlineData("2026-12-01", null, 0)]
    [InlineData("2024-01-15", "2026-11-01", 1)]
    [InlineData("2024-01-15", "2026-10-31", 0)]
    [InlineData("2026-11-10", "2026-11-10", 1)]
    public void DaysEmployed_November_CountsBothEnds(string hired, string? left, int days) => Assert.Equal(days,
        (Ada with { HiredOn = Day(hired), LeftOn = left is null ? null : Day(left) })
            .DaysEmployed(new(2026, 11, 1), new(2026, 11, 30)));

    [Fact]
    public void WithAncestors_Paths_ComeAfterTheirParents() => Assert.Equal(
        ["A", "A/B", "A/B/C", "D", "D/E"], TeamTree.WithAncestors(["D/E", "A/B/C", "A/B"]));

    internal static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", null);
}
