using Guerdon.Grants.Lines;
using Guerdon.Grants.Previews;
using Guerdon.Kernel;
using Guerdon.Ledger.Transfers;
using Guerdon.People;
using Guerdon.People.Employees;
using Guerdon.Plans;
using Guerdon.Unit.People;

namespace Guerdon.Unit.Grants;

/// <summary>What is added up as people pass: a run, and what a change of a plan comes to.</summary>
public class TallyTests
{
    private static Person Named(int number, string level = "L3", string team = "Eng") => PersonTests.Ada with
    {
        Id = new PersonId(new Guid(number, 0, 0, new byte[8])),
        Email = $"p{number:000}@x",
        Level = level,
        Team = team,
    };

    private static GrantLine Line(long nanos, long milli, string why = "Why.") => new(
        "plan", GrantKind.Allowance, "2026-11", default, new(new Usd(nanos), new Tokens(milli)), 0, "USD", 1, 1,
        new LotTerms("work_compute", "plan", null), why);

    private static Guerdon.Grants.Lines.Outcome Granted(params GrantLine[] lines) => new(lines, null, false);

    [Fact]
    public void RunTally_PeoplePass_IsTheirSum()
    {
        var tally = new RunTally();
        tally.Add(Named(1), Granted(Line(5, 50), Line(7, 70)));
        tally.Add(Named(2), Guerdon.Grants.Lines.Outcome.Skip("Bots get none."));
        tally.Add(Named(3), new([], null, HadBefore: true));
        tally.Add(Named(4), new([Line(1, 10)], "Partly.", HadBefore: true));

        Assert.Equal((4, 3, 2, 2), (tally.People, tally.Lines, tally.Skipped, tally.HadBefore));
        Assert.Equal((130, 13), (tally.TotalMilli, tally.TotalUsdNanos));
        Assert.Equal(
            [new(Named(2).Id, "p002@x", "Bots get none."), new SkippedPerson(Named(4).Id, "p004@x", "Partly.")],
            tally.Skips);
    }

    [Fact]
    public void RunTally_ManySkipped_ShowsFiveHundredAndCountsAll()
    {
        var tally = new RunTally();
        for (var i = 0; i < 502; i++) tally.Add(Named(i), Guerdon.Grants.Lines.Outcome.Skip("No."));
        Assert.Equal((502, 500), (tally.Skipped, tally.Skips.Count));
        Assert.Equal("p499@x", tally.Skips[^1].Email);
    }

    [Fact]
    public void RunTally_MoreThanCanBeCounted_IsRefused()
    {
        var tally = new RunTally();
        tally.Add(Named(1), Granted(Line(1, long.MaxValue)));
        Assert.Throws<OverflowException>(() => tally.Add(Named(2), Granted(Line(1, 1))));
    }

    [Fact]
    public void PlanEffect_AChange_IsSummedByLevelAndTeam()
    {
        var tally = new PlanEffectTally();
        tally.Add(
            Named(1, "L3", "Eng"), Granted(Line(10, 1, "Old.")), Granted(Line(20, 1, "New."), Line(5, 1, "More.")));
        tally.Add(Named(2, "L4", "Eng"), Granted(Line(10, 1)), Granted(Line(4, 1)));
        tally.Add(Named(3, "L3", "Ops"), Granted(Line(10, 1)), Granted(Line(10, 1)));
        tally.Add(Named(4, "L3", "Ops"), Guerdon.Grants.Lines.Outcome.Skip("Not yet."), Granted());

        var effect = tally.Result();
        Assert.Equal(new PlanEffectGroup("", 4, 30, 39, 1, 1), effect.Total);
        Assert.Equal([new("L3", 3, 20, 35, 1, 0), new PlanEffectGroup("L4", 1, 10, 4, 0, 1)], effect.Levels);
        Assert.Equal([new("Eng", 2, 20, 29, 1, 1), new PlanEffectGroup("Ops", 2, 10, 10, 0, 0)], effect.Teams);
        Assert.Equal(
            [
                new(Named(1).Id, "p001@x", 10, 25, "Old.", "New. More."),
                new PlanEffectPerson(Named(2).Id, "p002@x", 10, 4, "Why.", "Why."),
            ],
            effect.Largest);
    }

    [Fact]
    public void PlanEffect_Largest_AreTheTwentyThatItChangesMost()
    {
        var tally = new PlanEffectTally();
        for (var i = 1; i <= 30; i++)
        {
            var (less, more) = (Granted(Line(1, 1)), Granted(Line(1 + i, 1)));
            if (i % 2 == 0) tally.Add(Named(i), less, more); // up or down, it is the size that counts
            else tally.Add(Named(i), more, less);
        }

        var none = Guerdon.Grants.Lines.Outcome.Skip("Not yet.");
        tally.Add(Named(31), none, Granted(Line(1_000, 1)));
        var largest = tally.Result().Largest;
        Assert.Equal([.. new[] { 31 }, .. Enumerable.Range(12, 19).Reverse()],
            largest.Select(p => int.Parse(p.Email.AsSpan(1, 3), System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal("Not yet.", largest[0].Before);
        Assert.Equal(1_000, largest[0].ChangeUsdNanos);
    }
}
