using Guerdon.Plans;

namespace Guerdon.Unit.Grants;

public class PlanFileTests
{
    internal const string Good = """
        name: allowance
        effective_from: 2026-11-01
        pool: engineering
        allowance:
          share: 12.5%
          basis: total
          mode: carve-out
          expires_after: P3M
          tax_class: work_compute
        signing_bonus:
          amount_usd: 2000.50
          within_days_of_hire: 30
          expires_after: never
          tax_class: taxable_compute
        eligible:
          teams: [Engineering, Research/Core]
          levels: [L5]
          countries: [DE]
          roles: [Engineer]
          min_tenure_days: 90
        rates:
          EUR: 1.08
        """;

    [Fact]
    public void Read_GoodPlan_IsExact()
    {
        var (plan, errors) = PlanFile.Read(Good);

        Assert.Empty(errors);
        Assert.Equal(("allowance", new DateOnly(2026, 11, 1), "engineering"),
            (plan!.Name, plan.EffectiveFrom, plan.Pool));
        Assert.Equal(
            new AllowanceTerms(new(125_000, PayBasis.Total, ShareMode.CarveOut), 1, 0, null, Factors.None,
                GrantRulesTests.Rules("work_compute", 3)),
            plan.Allowance);
        Assert.Equal(
            new SigningBonusTerms(2_000_500_000_000, 30, GrantRulesTests.Rules("taxable_compute", null)),
            plan.SigningBonus);
        Assert.Equal(["Engineering", "Research/Core"], plan.Eligible.Teams);
        Assert.Equal(("L5", "DE", "Engineer", 90),
            (plan.Eligible.Levels[0], plan.Eligible.Countries[0], plan.Eligible.Roles[0], plan.Eligible.MinTenureDays));
        Assert.Equal(1_080_000_000, plan.RateNanos["EUR"]);
    }

    [Fact]
    public void Read_WhatPeoplesDatesMean_IsExact()
    {
        var (plan, errors) = PlanFile.Read(Good
            .Replace("mode: carve-out", "mode: carve-out\n  part_time: full-time\n  unpaid_leave: by-days",
                StringComparison.Ordinal)
            .Replace("[Engineer]", "[Engineer]\n  employment: [employee, contractor]\n  legal_entities: [Corp GmbH]",
                StringComparison.Ordinal));

        Assert.Empty(errors);
        Assert.Equal((PartTimeRule.FullTime, UnpaidLeaveRule.ByDays),
            (plan!.Allowance!.PartTime, plan.Allowance.UnpaidLeave));
        Assert.Equal(["employee", "contractor"], plan.Eligible.Employments);
        Assert.Equal(["Corp GmbH"], plan.Eligible.LegalEntities);
    }

    // Awards and phases narrow what the plan says.
    [Fact]
    public void Read_PlanThatDoesNotSay_IsForEmployees()
    {
        const string award = "awards: [ { name: prize, kind: performance, amount_usd: 1, expires_after: never, "
            + "tax_class: taxable_compute } ]";
        var plan = PlanFile.Read($"name: a\neffective_from: 2026-11-01\npool: a\n{award}").Plan!;
        Assert.Equal(["employee"], plan.Eligible.Employments);
        Assert.Empty(plan.Awards[0].Eligible.Employments);
        Assert.Equal(["employee"], PlanFile.Read(Good).Plan!.Eligible.Employments);
    }

    [Fact]
    public void Read_ShippedExample_HasNoErrors()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Directory.Packages.props"))) folder = Path.GetDirectoryName(folder)!;
        foreach (var name in (string[])["plan.yaml", "plan-full.yaml"])
            Assert.Empty(PlanFile.Read(File.ReadAllText(Path.Combine(folder, "examples", name))).Errors);
    }

    [Theory]
    [InlineData("name: allowance", "name: My Plan", 1, 7, "lower-case")]
    [InlineData("name: allowance", "name:", 1, 6, "single value")]
    [InlineData("2026-11-01", "2026-11-02", 2, 17, "first day of a month")]
    [InlineData("2026-11-01", "2026-13-01", 2, 17, "first day of a month")]
    [InlineData("2026-11-01", "01/11/2026", 2, 17, "first day of a month")]
    [InlineData("12.5%", "0.125", 5, 10, "percentage")]
    [InlineData("12.5%", "0%", 5, 10, "percentage")]
    [InlineData("12.5%", "101%", 5, 10, "percentage")]
    [InlineData("12.5%", "100%", 5, 10, "below 100%")]
    [InlineData("12.5%", "12.50005%", 5, 10, "percentage")]
    [InlineData("basis: total", "basis: gross", 6, 10, "base or total")]
    [InlineData("basis: total", "basis: [total]", 6, 10, "single value")]
    [InlineData("carve-out", "carveout", 7, 9, "on-top or carve-out")]
    [InlineData("P3M", "3 months", 8, 18, "P3M or P1Y")]
    [InlineData("P3M", "P0M", 8, 18, "P3M or P1Y")]
    [InlineData("P3M", "P٣M", 8, 18, "P3M or P1Y")]
    [InlineData("P3M", "P11Y", 8, 18, "up to ten years")]
    [InlineData("tax_class: work_compute", "tax_class: none", 9, 14, "work_compute, taxable_compute")]
    [InlineData("2000.50", "-1", 11, 15, "above 0")]
    [InlineData("2000.50", "2e3", 11, 15, "above 0")]
    [InlineData("_hire: 30", "_hire: soon", 12, 24, "whole number")]
    [InlineData("teams: [Engineering, Research/Core]", "teams: Engineering", 16, 10, "needs a list")]
    [InlineData("[L5]", "[L11]", 17, 12, "L1 to L10")]
    [InlineData("[DE]", "[Germany]", 18, 15, "ISO 3166-1")]
    [InlineData("[Engineer]", "[Engineer]\n  employment: [temp]", 20, 16, "employee or contractor")]
    [InlineData("[Engineer]", "[Engineer]\n  employment: employee", 20, 15, "needs a list")]
    [InlineData("mode: carve-out", "mode: carve-out\n  part_time: half", 8, 14, "as-paid, pro-rata or full-time")]
    [InlineData("mode: carve-out", "mode: carve-out\n  unpaid_leave: none", 8, 17, "granted or by-days")]
    [InlineData("EUR: 1.08", "EUR: 0", 22, 8, "1.08")]
    [InlineData("EUR: 1.08", "EUX: 1.08", 22, 8, "ISO 4217")]
    [InlineData("EUR: 1.08", "USD: 1", 22, 8, "needs no rate")]
    [InlineData("  basis: total\n", "", 5, 3, "is missing")]
    [InlineData("  roles:", "  role:", 19, 3, "unknown here. Known: teams")]
    [InlineData("pool: engineering", "pool: engineering\nbudget: 3", 4, 1, "unknown here")]
    [InlineData("pool: engineering", "pool: engineering\npool: other", 4, 1, "Duplicate")]
    [InlineData("pool: engineering", "pool: [engineering", 3, 7, "not YAML")]
    public void Read_OneMistake_IsNamedOnceWithItsPlace(string right, string wrong, int line, int column, string reason)
    {
        Assert.Contains(right, Good, StringComparison.Ordinal);
        var (plan, errors) = PlanFile.Read(Good.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Null(plan);
        var error = Assert.Single(errors);
        Assert.Contains(reason, error.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.Equal((line, column), (error.Line, error.Column));
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    [InlineData('-')]
    public void Read_NestedWithoutEnd_IsRefusedWhereItIsTooDeep(char open)
    {
        var yaml = "name: " + (open == '-' ? "\n" : "") + string.Concat(Enumerable.Repeat(open + " ", 30_000));
        Assert.Contains("deeper", Assert.Single(PlanFile.Read(yaml).Errors).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a: &x [*x]")]
    [InlineData("a: *x")]
    [InlineData("a: \"never closed")]
    [InlineData("a: [1")]
    [InlineData("a: b # \u0000")]
    [InlineData("just text")]
    [InlineData("- a\n- b")]
    [InlineData("name: a\n---\nname: b")]
    public void Read_NoSingleMapping_IsRefused(string yaml) => Assert.Single(PlanFile.Read(yaml).Errors);

    [Fact]
    public void Read_ManyMistakes_AreAllNamedInOrder()
    {
        var (_, errors) =
            PlanFile.Read("name: X\neffective_from: soon\nallowance:\n  share: 5\n  mode: top\n  bases: base\n");

        Assert.Equal(
            ["name", "pool", "effective_from", "allowance.basis", "allowance.share", "allowance.expires_after",
                "allowance.mode", "allowance.bases", "allowance.tax_class"],
            errors.Select(e => e.Key).Distinct().OrderBy(k => Array.IndexOf(
                ["name", "pool", "effective_from", "allowance.basis", "allowance.share", "allowance.expires_after",
                    "allowance.mode", "allowance.bases", "allowance.tax_class"], k)));
        Assert.Equal(errors.OrderBy(e => e.Line).ThenBy(e => e.Column), errors);
    }

    [Fact]
    public void Read_NeitherPart_IsRefused() => Assert.Contains(
        "at least one", Assert.Single(PlanFile.Read("name: a\neffective_from: 2026-11-01\npool: b\n").Errors).Reason,
        StringComparison.Ordinal);
}
