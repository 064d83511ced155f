using FsCheck;
using FsCheck.Fluent;
using Guerdon.Kernel;
using Guerdon.Plans;
using Guerdon.Unit.People;

namespace Guerdon.Unit.Grants;

public class FactorsTests
{
    private static readonly UsageFactor Usage = new(800_000, 500_000, 900_000, 1_200_000);

    [Theory]
    [InlineData(80, 100, 1_000_000)] // the target itself
    [InlineData(100, 100, 1_100_000)] // 20 points more, half of which count
    [InlineData(70, 100, 950_000)]
    [InlineData(0, 100, 900_000)] // not below the least
    [InlineData(400, 100, 1_200_000)] // not above the most
    [InlineData(0, 0, 1_000_000)] // there was no allowance before
    [InlineData(1, 3, 900_000)]
    [InlineData(2, 3, 933_333)] // 0.8 - 0.666666, halved, to the nearest
    public void Usage_OfLastPeriod_MovesTheFactorWithinBounds(long used, long granted, int expected) =>
        Assert.Equal(expected, Usage.Of(used, granted));

    [Theory]
    [InlineData("Engineering/Platform/Data", 1_300_000)] // the nearest team counts
    [InlineData("Engineering/Platform", 1_300_000)]
    [InlineData("Engineering/Web", 1_100_000)]
    [InlineData("Engineering2", 1_000_000)]
    public void Of_Team_TakesTheNearestAbove(string team, int expected)
    {
        var factors = Factors.None with
        {
            ByTeam = new Dictionary<string, int>
            {
                ["Engineering"] = 1_100_000, ["Engineering/Platform"] = 1_300_000,
            },
        };
        Assert.Equal(expected, factors.Of(PersonTests.Ada with { Team = team }, 0, 0).Team);
    }

    [Fact]
    public void Times_AllThree_IsRoundedOnce() => Assert.Equal(
        new Usd(1_650_000_000), new FactorsOf(1_250_000, 1_200_000, 1_100_000).Times(new Usd(1_000_000_000)));

    [Fact]
    public void Usage_Anything_StaysWithinItsBoundsAndNeverFallsWithUse()
    {
        var uses = Gen.Choose(0, 2_000_000).Select(n => (long)n * 1_000_003);
        Prop.ForAll(Gen.Zip(uses, uses).ToArbitrary(), pair =>
        {
            var (less, more) = (Math.Min(pair.Item1, pair.Item2), Math.Max(pair.Item1, pair.Item2));
            var (low, high) = (Usage.Of(less, 1_000_003_000_000), Usage.Of(more, 1_000_003_000_000));
            return low <= high && low >= Usage.LeastPpm && high <= Usage.MostPpm;
        }).QuickCheckThrowOnFailure();
    }
}
