using Guerdon.Grants.Lines;
using Guerdon.Grants.Previews;
using Guerdon.Kernel;
using Guerdon.Ledger.Transfers;
using Guerdon.People.Employees;
using Guerdon.Plans;
using Guerdon.Unit.People;

namespace Guerdon.Unit.Grants;

/// <summary>What a change of a plan comes to, for each level, each team and those it changes most.</summary>
public class PlanEffectTests
{
    private static Person Somebody(string name, string level = "L1", string team = "A") =>
        PersonTests.Ada with { Email = name, Level = level, Team = team };

    private static Outcome Worth(params long[] nanos) => new(
        [.. nanos.Select(n => new GrantLine(
            "plan", GrantKind.Allowance, "2026-11", PersonTests.Ada.Id, new(new Usd(n), Tokens.Zero), 0, "USD",
            1, 1, new LotTerms("work_compute", "s", null), $"{n} each."))], null, false);

    [Fact]
    public void Result_OfAChange_SumsByLevelAndTeam()
    {
        var tally = new PlanEffectTally();
        tally.Add(Somebody("a", "L2", "B"), Worth(100), Worth(130));
        tally.Add(Somebody("b", "L1", "B"), Worth(100, 20), Worth(110));
        tally.Add(Somebody("c", "L1", "A"), Worth(50), Worth(50));
        var effect = tally.Result();

        Assert.Equal(new PlanEffectGroup("", 3, 270, 290, 1, 1), effect.Total);
        Assert.Equal([new("L1", 2, 170, 160, 0, 1), new("L2", 1, 100, 130, 1, 0)], effect.Levels);
        Assert.Equal([new("A", 1, 50, 50, 0, 0), new("B", 2, 220, 240, 1, 1)], effect.Teams);
        Assert.Equal(["a 30", "b -10"], effect.Largest.Select(p => $"{p.Email} {p.ChangeUsdNanos}"));
    }

    [Fact]
    public void Result_OfEachChange_ShowsBothComputations()
    {
        var tally = new PlanEffectTally();
        tally.Add(Somebody("a"), Worth(1, 2), Outcome.Skip("Not eligible."));
        tally.Add(Somebody("b"), new Outcome([], null, true), Worth(2));
        Assert.Equal(["a: 1 each. 2 each. / Not eligible.", "b: Nothing is due. / 2 each."],
            tally.Result().Largest.Select(p => $"{p.Email}: {p.Before} / {p.After}"));
    }

    [Fact]
    public void Result_OfManyChanges_ShowsTheTwentyLargestEitherWay()
    {
        var tally = new PlanEffectTally();
        for (var i = 1; i <= 22; i++)
            tally.Add(Somebody($"p{i:00}"), Worth(100), Worth(i % 2 == 0 ? 100 + i : 100 - i));
        tally.Add(Somebody("as much"), Worth(100), Worth(122));
        var largest = tally.Result().Largest;
        Assert.Equal(20, largest.Count);
        Assert.Equal(["as much", "p22", "p21", "p20"], largest.Take(4).Select(p => p.Email)); // of equals by address
        Assert.Equal("p04", largest[^1].Email);
        Assert.Equal(23, tally.Result().Total.People);
    }
}
