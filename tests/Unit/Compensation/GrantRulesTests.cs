using Stipend.Compensation;
using Stipend.Ledger;
using Stipend.People;
using Stipend.Unit.People;

namespace Stipend.Unit.Compensation;

public class GrantRulesTests
{
    private static readonly Person Ada = PersonTests.Ada; // base pay 100,000 USD, hired 2024-01-15
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    private static readonly Plan Plan = new(
        "allowance", new(2026, 1, 1), "engineering",
        new(250_000, PayBasis.Base, ShareMode.OnTop, 3, "work_compute"),
        new(2_000 * AllowanceRules.NanosPerUsd, 30, null, "taxable_compute"),
        new(["Engineering"], [], [], [], 0), new Dictionary<string, long> { ["EUR"] = 1_080_000_000 });

    private static GrantTerms Terms(Plan? plan = null, int month = 11, long value = 1_000) =>
        new(plan ?? Plan, 2, new Period(2026, month), value, Now);

    private static Outcome For(Person person, GrantTerms? terms = null, string had = "") =>
        GrantRules.For(terms ?? Terms(), person, had.Split(',').Contains);

    private static Person Hired(string day) => Ada with { HiredOn = PersonTests.Day(day) };

    [Fact]
    public void For_FullMonth_GrantsATwelfthOfTheYear()
    {
        var line = Assert.Single(For(Ada).Lines);

        Assert.Equal((2_083_333_333_333, 2_083_333_333_333), (line.Amount.Money.Nanos, line.Amount.Tokens.Milli));
        Assert.Equal($"grant:allowance:allowance:2026-11:{Ada.Id}", line.Key);
        Assert.Equal(
            new LotTerms("work_compute", "plan allowance v2, allowance, 2026-11",
                new(2027, 2, 1, 0, 0, 0, TimeSpan.Zero)),
            line.Terms);
        Assert.Equal(
            "25% on top of base pay 100,000.00 USD is 25,000.00 USD a year, 2,083.333333333 USD for "
                + "2026-11. One token is "
            + "worth 0.000001 USD: 2,083,333,333.333 tokens, to be used before 2027-02-01.", line.Explanation);
    }

    [Fact]
    public void For_HiredMidMonth_IsProRataToTheDayWithABonus()
    {
        var lines = For(Hired("2026-11-16")).Lines;

        Assert.Equal([1_041_666_666_667, 2_000_000_000_000], lines.Select(l => l.Amount.Money.Nanos)); // 15 of 30 days
        Assert.Contains("Employed on 15 of 30 days", lines[0].Explanation, StringComparison.Ordinal);
        Assert.Equal($"grant:allowance:signing_bonus:once:{Ada.Id}", lines[1].Key);
        Assert.Null(lines[1].Terms.ExpiresAt);
    }

    [Theory]
    [InlineData("2026-10-02", 2)] // 30 days before the month
    [InlineData("2026-10-01", 1)]
    [InlineData("2026-11-30", 2)]
    public void For_HireDate_DecidesTheBonus(string hired, int lines) =>
        Assert.Equal(lines, For(Hired(hired)).Lines.Count);

    [Theory]
    [InlineData("allowance", 1, true)]
    [InlineData("signing_bonus", 1, true)]
    [InlineData("allowance,signing_bonus", 0, true)]
    [InlineData("", 2, false)]
    public void For_GrantedBefore_IsNotGrantedAgain(string had, int lines, bool before)
    {
        var outcome = For(Hired("2026-11-01"), had: had);
        Assert.Equal((lines, before, null), (outcome.Lines.Count, outcome.HadBefore, outcome.Skipped));
    }

    [Fact]
    public void For_OtherCurrency_UsesThePlansRate()
    {
        var line = Assert.Single(For(Ada with { Currency = "EUR" }).Lines);
        Assert.Equal(2_250_000_000_000, line.Amount.Money.Nanos);
        Assert.Contains("100,000.00 EUR, at 1.08 USD each, is 27,000.00 USD", line.Explanation,
            StringComparison.Ordinal);
    }

    public static TheoryData<Person, string> Skipped() => new()
    {
        { Ada with { IsBot = true }, "bot" },
        { Ada with { Team = "Engineering2" }, "team Engineering2" },
        { Ada with { Currency = "CHF" }, "CHF" },
        { Ada with { BasePayCents = 0 }, "comes to nothing" },
        { Ada with { BasePayCents = 100_000_000_000_000 }, "billion" },
        { Ada with { LeftOn = new DateOnly(2026, 10, 31) }, "Not employed" },
        { Hired("2026-12-01"), "Not employed" },
    };

    [Theory]
    [MemberData(nameof(Skipped))]
    public void For_NotMeant_SaysWhy(Person person, string reason)
    {
        var outcome = For(person);
        Assert.Empty(outcome.Lines);
        Assert.Contains(reason, outcome.Skipped, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-08-03", 1)] // 90 days before 2026-11-01
    [InlineData("2026-08-04", 0)]
    public void For_MinTenure_CountsToTheFirstDay(string hired, int lines) => Assert.Equal(lines, For(
        Hired(hired), Terms(Plan with { Eligible = Plan.Eligible with { MinTenureDays = 90 } })).Lines.Count);

    [Theory]
    [InlineData(8, 0)] // expired on 2026-11-01
    [InlineData(9, 1)]
    public void For_OldMonth_IsNotGrantedOnceItWouldHaveExpired(int month, int lines) =>
        Assert.Equal(lines, For(Ada, Terms(month: month)).Lines.Count);

    [Fact]
    public void Evidence_AnyFieldChanged_Differs()
    {
        var line = Assert.Single(For(Ada).Lines);
        GrantLine[] changed =
        [
            line, line with { Explanation = "x" }, line with { PayCents = 1 }, line with { RateNanos = 1 },
            line with { TokenValueNanos = 1 }, line with { Terms = line.Terms with { ExpiresAt = null } },
            line with { Term = "2026-12" }, line with { Amount = line.Amount with { Tokens = new(1) } },
        ];
        Assert.Equal(changed.Length, changed.Select(l => Convert.ToHexString(l.Evidence())).Distinct().Count());
    }

    [Fact]
    public void PoolId_Of_IsAlwaysTheSameAndAVersion8Uuid()
    {
        Assert.Equal(PoolId.Of("engineering"), PoolId.Of("engineering"));
        Assert.NotEqual(PoolId.Of("engineering"), PoolId.Of("research"));
        Assert.Equal(8, PoolId.Of("engineering").Value.Version);
    }
}
