using Guerdon.Plans;

namespace Guerdon.Unit.Grants;

/// <summary>Each figure of a plan at the bound of what is taken, and next to it.</summary>
public class PlanFileBoundsTests
{
    private const string Full = """
        name: allowance
        effective_from: 2026-11-01
        pool: engineering
        allowance:
          share: 12.5%
          basis: total
          mode: on-top
          period: quarter
          baseline_usd: 100
          rollover_cap: 50%
          factors:
            level: { L5: 1.25 }
            complexity: { Engineering: 0.5 }
            usage: { target: 80%, weight: 0.5, least: 0.9, most: 1.1 }
          expires_after: P3M
          tax_class: work_compute
          clawback: { within: P2Y, mode: full }
        signing_bonus:
          amount_usd: 2000
          within_days_of_hire: 30
          expires_after: never
          tax_class: taxable_compute
        match:
          above: 60%
          share: 25%
          most_usd: 500
          expires_after: P1Y
          tax_class: work_compute
        tiers:
          - { name: gold, adds: 50%, needs: evidence }
          - { name: top, adds: 75%, needs: more }
        phases:
          - { name: pilot, eligible: { teams: [A] } }
          - { name: all, votes: 3 }
        eligible:
          min_tenure_days: 90
        """;

    [Theory]
    [InlineData("share: 12.5%", "share: 100%", true)]
    [InlineData("share: 12.5%", "share: 100.0001%", false)]
    [InlineData("share: 12.5%", "share: 0.0001%", true)]
    [InlineData("share: 12.5%", "share: 0%", false)]
    [InlineData("share: 12.5%\n  basis: total\n  mode: on-top",
        "share: 99.9999%\n  basis: base\n  mode: carve-out", true)]
    [InlineData("share: 12.5%\n  basis: total\n  mode: on-top",
        "share: 100%\n  basis: base\n  mode: carve-out", false)]
    [InlineData("baseline_usd: 100", "baseline_usd: 1000000", true)]
    [InlineData("baseline_usd: 100", "baseline_usd: 1000000.000000001", false)]
    [InlineData("baseline_usd: 100", "baseline_usd: 0.000000001", true)]
    [InlineData("baseline_usd: 100", "baseline_usd: 0", false)]
    [InlineData("rollover_cap: 50%", "rollover_cap: 0%", true)]
    [InlineData("rollover_cap: 50%", "rollover_cap: 1200%", true)]
    [InlineData("rollover_cap: 50%", "rollover_cap: 1200.0001%", false)]
    [InlineData("L5: 1.25", "L5: 0.1", true)]
    [InlineData("L5: 1.25", "L5: 0.099999", false)]
    [InlineData("L5: 1.25", "L5: 5", true)]
    [InlineData("L5: 1.25", "L5: 5.000001", false)]
    [InlineData("L5: 1.25", "L11: 1.25", false)]
    [InlineData("Engineering: 0.5", "A//B: 0.5", false)]
    [InlineData("target: 80%", "target: 0%", true)]
    [InlineData("target: 80%", "target: 100%", true)]
    [InlineData("target: 80%", "target: 100.0001%", false)]
    [InlineData("weight: 0.5", "weight: 0", true)]
    [InlineData("weight: 0.5", "weight: 2", true)]
    [InlineData("weight: 0.5", "weight: 2.000001", false)]
    [InlineData("least: 0.9", "least: 0.5", true)]
    [InlineData("least: 0.9", "least: 0.499999", false)]
    [InlineData("least: 0.9", "least: 1", true)]
    [InlineData("least: 0.9", "least: 1.000001", false)]
    [InlineData("most: 1.1", "most: 1", true)]
    [InlineData("most: 1.1", "most: 0.999999", false)]
    [InlineData("most: 1.1", "most: 2", true)]
    [InlineData("most: 1.1", "most: 2.000001", false)]
    [InlineData("P3M", "P1M", true)]
    [InlineData("P3M", "P0M", false)]
    [InlineData("P3M", "P120M", true)]
    [InlineData("P3M", "P121M", false)]
    [InlineData("P3M", "P10Y", true)]
    [InlineData("P3M", "P11Y", false)]
    [InlineData("within: P2Y", "within: P10Y", true)]
    [InlineData("within: P2Y", "within: never", false)]
    [InlineData("mode: full", "mode: pro-rata", true)]
    [InlineData("mode: full", "mode: half", false)]
    [InlineData("amount_usd: 2000", "amount_usd: 1000000", true)]
    [InlineData("amount_usd: 2000", "amount_usd: 1000000.01", false)]
    [InlineData("within_days_of_hire: 30", "within_days_of_hire: 0", true)]
    [InlineData("within_days_of_hire: 30", "within_days_of_hire: 365", true)]
    [InlineData("within_days_of_hire: 30", "within_days_of_hire: 366", false)]
    [InlineData("above: 60%", "above: 0%", true)]
    [InlineData("above: 60%", "above: 100%", true)]
    [InlineData("above: 60%", "above: 100.0001%", false)]
    [InlineData("share: 25%", "share: 0%", false)]
    [InlineData("share: 25%", "share: 100%", true)]
    [InlineData("most_usd: 500", "most_usd: 1000000", true)]
    [InlineData("most_usd: 500", "most_usd: 1000001", false)]
    [InlineData("adds: 50%", "adds: 100%", true)]
    [InlineData("adds: 50%", "adds: 0%", false)]
    [InlineData("name: top", "name: gold", false)] // of another
    [InlineData("votes: 3", "votes: 1", true)]
    [InlineData("votes: 3", "votes: 0", false)]
    [InlineData("votes: 3", "votes: 20", true)]
    [InlineData("votes: 3", "votes: 21", false)]
    [InlineData("{ teams: [A] } }", "{ teams: [A] }, votes: 1 }", false)] // the first needs none
    [InlineData("min_tenure_days: 90", "min_tenure_days: 36500", true)]
    [InlineData("min_tenure_days: 90", "min_tenure_days: 36501", false)]
    [InlineData("min_tenure_days: 90", "teams: [A//B]", false)]
    [InlineData("min_tenure_days: 90", "levels: [L0]", false)]
    [InlineData("min_tenure_days: 90", "levels: [L10]", true)]
    public void Read_AFigure_IsTakenUpToItsBound(string good, string other, bool isTaken)
    {
        Assert.Contains(good, Full, StringComparison.Ordinal);
        var (plan, errors) = PlanFile.Read(Full.Replace(good, other, StringComparison.Ordinal));
        Assert.Equal((isTaken, isTaken), (plan is not null, errors.Count == 0));
    }

    [Theory] // an unknown key in each mapping
    [InlineData("  period: quarter")]
    [InlineData("  within_days_of_hire: 30")]
    [InlineData("  most_usd: 500")]
    [InlineData("  min_tenure_days: 90")]
    [InlineData("    level: { L5: 1.25 }")]
    [InlineData("pool: engineering")]
    public void Read_AnUnknownKey_IsAnErrorInEachMapping(string line)
    {
        var indent = line[..^line.TrimStart().Length];
        var (_, errors) = PlanFile.Read(Full.Replace(line, $"{line}\n{indent}odd: 1", StringComparison.Ordinal));
        Assert.Contains("is unknown here", Assert.Single(errors).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AFullPlan_HasWhatItSays()
    {
        var (plan, errors) = PlanFile.Read(Full);
        Assert.Empty(errors);
        var allowance = plan!.Allowance!;
        Assert.Equal((3, 100_000_000_000, 500_000),
            (allowance.MonthsEach, allowance.BaselineNanos, allowance.RolloverPpm));
        Assert.Equal(new UsageFactor(800_000, 500_000, 900_000, 1_100_000), allowance.Factors.Usage);
        Assert.Equal((1_250_000, 500_000), (allowance.Factors.ByLevel["L5"], allowance.Factors.ByTeam["Engineering"]));
        Assert.Equal(new Clawback(24, false), allowance.Tokens.Clawback);
        Assert.Equal((600_000, 250_000, 500_000_000_000),
            (plan.Match!.AbovePpm, plan.Match.SharePpm, plan.Match.MostNanos));
        Assert.Equal([("gold", 500_000, "evidence"), ("top", 750_000, "more")],
            plan.Tiers.Select(t => (t.Name, t.AddsPpm, t.Needs)));
        Assert.Equal([("pilot", 0), ("all", 3)], plan.Phases.Select(p => (p.Name, p.Votes)));
        Assert.Equal(["A"], plan.Phases[0].Eligible.Teams);
    }
}
