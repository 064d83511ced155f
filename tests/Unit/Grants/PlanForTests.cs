using Guerdon.Grants.Previews;
using Guerdon.Plans;
using Guerdon.Unit.People;

namespace Guerdon.Unit.Grants;

/// <summary>What a plan's file sets for somebody.</summary>
public class PlanForTests
{
    private const string Head = """
        name: plan
        effective_from: 2026-11-01
        pool: pool
        allowance: { share: 12%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute }

        """;

    // Ids of vesting conditions are free texts, also ones that look like whom an award is for.
    [Fact]
    public void Condition_WhoseIdLooksLikeEligible_IsASetting()
    {
        const string award = Head + """
            awards:
              - name: prize
                kind: performance
                amount_usd: 100
                tax_class: convertible_cash
                expires_after: P1Y
                vesting:
                  allocation_type: CUMULATIVE_ROUNDING
                  vesting_conditions:
                    - id: "a].eligible"
                      portion: { numerator: 1, denominator: 1 }
                      trigger: { type: VESTING_SCHEDULE_ABSOLUTE, date: 2027-01-01 }
                      next_condition_ids: []
            """;
        Assert.Empty(PlanFile.Read(award).Errors);
        var all = PlanFor.Read(award).Of(PersonTests.Ada);
        Assert.Contains("2027-01-01", all.Values);
        Assert.NotEqual(
            all, PlanFor.Read(award.Replace("2027-01-01", "2026-01-01", StringComparison.Ordinal)).Of(PersonTests.Ada));
    }

    // Whom something is for shows in whether they have it; for how long they must be there is a rule.
    [Fact]
    public void Whom_IsNoSetting_TenureIs()
    {
        var all = PlanFor.Read(Head + "eligible: { levels: [L5], min_tenure_days: 30 }").Of(PersonTests.Ada);
        Assert.Equal("30", all["eligible.min_tenure_days"]);
        Assert.DoesNotContain("eligible.levels", all.Keys);
    }

    // What part time means is set for whoever works it.
    [Fact]
    public void PartTime_IsASettingOfWhoeverWorksIt()
    {
        var plan = PlanFor.Read(
            Head.Replace("mode: on-top", "mode: on-top, part_time: full-time", StringComparison.Ordinal));
        var part = PersonTests.Ada with { PartTimeBp = 6_000 };
        Assert.Equal("FullTime", plan.Of(part)["allowance.part_time"]);
        Assert.Equal("AsPaid", PlanFor.Read(Head).Of(part)["allowance.part_time"]);
        Assert.DoesNotContain("allowance.part_time", plan.Of(PersonTests.Ada).Keys);
        Assert.NotEqual(plan.KeyOf(PersonTests.Ada), plan.KeyOf(part));
    }

    // Whoever has the same key has the same of everything.
    [Theory]
    [InlineData("L5", "US", "Engineer", "L5", "DE", "Manager", true)]
    [InlineData("L5", "US", "Engineer", "L8", "US", "Engineer", false)] // a factor
    [InlineData("L5", "US", "Engineer", "L5", "FR", "Engineer", false)] // an award
    public void Key_IsTheSame_ForWhomItSetsTheSame(
        string level, string country, string role, string otherLevel, string otherCountry, string otherRole, bool same)
    {
        var plan = PlanFor.Read(Head.Replace("tax_class", "factors: { level: { L8: 2 } }, tax_class",
            StringComparison.Ordinal) + """
            awards:
              - { name: prize, kind: performance, amount_usd: 100, tax_class: taxable_compute,
                  expires_after: P1Y, eligible: { countries: [FR] } }
            """);
        var one = PersonTests.Ada with { Level = level, Country = country, Role = role };
        var other = PersonTests.Ada with { Level = otherLevel, Country = otherCountry, Role = otherRole };
        Assert.Equal(same, plan.KeyOf(one) == plan.KeyOf(other));
        Assert.Equal(same, Text(plan.Of(one)) == Text(plan.Of(other)));

        static string Text(IReadOnlyDictionary<string, string> all) => string.Join(
            '\n', all.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}: {pair.Value}"));
    }
}
