using Guerdon.Grants;
using Guerdon.Grants.Lines;
using Guerdon.Grants.Runs;
using Guerdon.Kernel;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Lots;
using Guerdon.Ledger.Transfers;
using Guerdon.People.Employees;
using Guerdon.Plans;
using Guerdon.Unit.People;
using Guerdon.Vesting;

namespace Guerdon.Unit.Grants;

public class GrantRulesTests
{
    private static readonly Person Ada = PersonTests.Ada; // base pay 100,000 USD, hired 2024-01-15
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    internal static readonly Plan Plan = new(
        "allowance", new(2026, 1, 1), "engineering", TimeZoneInfo.Utc,
        new(new(250_000, PayBasis.Base, ShareMode.OnTop), 1, 0, null, Factors.None, Rules("work_compute", 3)),
        new(2_000 * Usd.Dollar, 30, Rules("taxable_compute", null)), null, [], [], [],
        new(["Engineering"], [], [], [], 0), new Dictionary<string, long> { ["EUR"] = 1_080_000_000 });

    internal static TokenRules Rules(string tax, int? months, VestingTerms? vesting = null, Clawback? back = null) =>
        new(months, TaxClass.Find(tax)!, vesting, back);

    private static GrantTerms Terms(Plan? plan = null, int month = 11, long value = 1_000) =>
        new(plan ?? Plan, 2, new Period(2026, month), value, Now);

    private static Outcome For(Person person, GrantTerms? terms = null, string had = "") =>
        GrantRules.For(terms ?? Terms(), person, PersonHistory.None with { Had = had.Split(',') });

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
            "25% on top of base pay 100,000.00 USD is 25,000.00 USD a year, 2,083.33 USD for 2026-11. "
            + "At 1.00 USD a million tokens that is 2,083,333,333.333 tokens, to be used before 2027-02-01.",
            line.Explanation);
    }

    [Theory]
    [InlineData(2_083_333_333_332, 2_083_333_333_333, false)]
    [InlineData(2_083_333_333_333, 2_083_333_333_333, false)] // as much as they get: nothing to say of it
    [InlineData(2_083_333_333_334, 2_083_333_333_334, true)]
    public void For_ABaseline_IsTheLeastThatIsGranted(long baseline, long nanos, bool isSaid)
    {
        var plan = Plan with { Allowance = Plan.Allowance! with { BaselineNanos = baseline } };
        var line = Assert.Single(For(Ada, Terms(plan)).Lines);
        Assert.Equal(nanos, line.Amount.Money.Nanos);
        Assert.Equal(isSaid, line.Explanation.Contains("Nobody gets less", StringComparison.Ordinal));
    }

    private static Plan With(PartTimeRule part = default, UnpaidLeaveRule leave = default, long baseline = 0) =>
        Plan with
        {
            Allowance = Plan.Allowance! with { PartTime = part, UnpaidLeave = leave, BaselineNanos = baseline },
        };

    // 60,000 is what is paid for 60 %, so that a quarter of it is 15,000; as for full time it is 25,000.
    [Theory]
    [InlineData(PartTimeRule.AsPaid, 0, 1_250_000_000_000)]
    [InlineData(PartTimeRule.ProRata, 0, 1_250_000_000_000)]
    [InlineData(PartTimeRule.FullTime, 0, 2_083_333_333_333)]
    [InlineData(PartTimeRule.AsPaid, 2_500_000_000_001, 2_500_000_000_001)] // the baseline is everybody's
    [InlineData(PartTimeRule.ProRata, 2_500_000_000_001, 1_500_000_000_001)] // 60 % of it, rounded up
    [InlineData(PartTimeRule.FullTime, 2_500_000_000_001, 2_500_000_000_001)]
    public void For_PartTime_IsByThePlansRule(PartTimeRule rule, long baseline, long nanos)
    {
        var part = Ada with { BasePayCents = 6_000_000, PartTimeBp = 6_000 };
        var line = Assert.Single(For(part, Terms(With(rule, baseline: baseline))).Lines);
        Assert.Equal(nanos, line.Amount.Money.Nanos);
        Assert.Contains("60% of", line.Explanation, StringComparison.Ordinal);
        Assert.Equal(rule == PartTimeRule.FullTime,
            line.Explanation.Contains("25,000.00 USD a year", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(UnpaidLeaveRule.Granted, "2026-11-11", "2026-11-20", 2_083_333_333_333)]
    [InlineData(UnpaidLeaveRule.ByDays, "2026-11-11", "2026-11-20", 1_388_888_888_889)] // 20 of 30 days
    [InlineData(UnpaidLeaveRule.ByDays, "2026-10-01", "2026-11-29", 69_444_444_445)] // the last day alone
    [InlineData(UnpaidLeaveRule.ByDays, "2026-12-01", "2026-12-31", 2_083_333_333_333)]
    public void For_UnpaidLeave_IsByThePlansRule(UnpaidLeaveRule rule, string first, string last, long nanos)
    {
        var away = Ada with { UnpaidLeave = [(PersonTests.Day(first), PersonTests.Day(last))] };
        var line = Assert.Single(For(away, Terms(With(leave: rule))).Lines);
        Assert.Equal(nanos, line.Amount.Money.Nanos);
        Assert.Equal(nanos < 2_083_333_333_333,
            line.Explanation.Contains("On unpaid leave on", StringComparison.Ordinal));
    }

    // 15 of 30 days of employment, 10 of which are of the leave.
    [Fact]
    public void For_UnpaidLeaveOfANewcomer_CountsDaysOfEmploymentAlone()
    {
        var away = Hired("2026-11-16") with
        {
            UnpaidLeave = [(PersonTests.Day("2026-11-01"), PersonTests.Day("2026-11-25"))],
        };
        var line = For(away, Terms(With(leave: UnpaidLeaveRule.ByDays))).Lines[0];
        Assert.Equal(347_222_222_223, line.Amount.Money.Nanos); // 5 of 30
        Assert.Contains(
            "Employed on 15 of 30 days. On unpaid leave on 10 of them, so that 5 of 30 days count: 347.22 USD.",
            line.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void For_UnpaidLeaveAllMonth_IsSkippedWithTheReason()
    {
        var away = Ada with { UnpaidLeave = [(PersonTests.Day("2026-10-15"), PersonTests.Day("2026-12-15"))] };
        Assert.Equal("On unpaid leave on all 30 days of employment in 2026-11.",
            For(away, Terms(With(leave: UnpaidLeaveRule.ByDays))).Skipped);
        Assert.Single(For(away, Terms(With())).Lines);
    }

    [Theory]
    [InlineData("employee", "Corp GmbH", null)]
    [InlineData("contractor", "Corp GmbH", "The plan is not for contractors.")]
    [InlineData("employee", "Corp Ltd", "The plan is not for the legal entity Corp Ltd.")]
    [InlineData("employee", null, "The plan is for some legal entities, and none is on file of them.")]
    public void For_EmploymentAndLegalEntity_AreWhomThePlanIsFor(string employment, string? entity, string? why)
    {
        var plan = Plan with
        {
            Eligible = Plan.Eligible with { Employments = ["employee"], LegalEntities = ["Corp GmbH"] },
        };
        Assert.Equal(why, For(Ada with { Employment = employment, LegalEntity = entity }, Terms(plan)).Skipped);
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

    [Fact]
    public void For_ABonusOfBrokenCents_SaysDollarsWithTwoDecimals()
    {
        var plan = Plan with { SigningBonus = Plan.SigningBonus! with { AmountNanos = 1_999_999_999_999 } };

        var bonus = For(Hired("2026-11-16"), Terms(plan)).Lines[1];

        Assert.StartsWith("A signing bonus of 1,999.99 USD, once, for joining on 2026-11-16.", bonus.Explanation,
            StringComparison.Ordinal);
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

    private static Plan With(AllowanceTerms allowance) => Plan with { Allowance = allowance };

    [Fact]
    public void For_Factors_MultiplyTheMonthAndAreSaid()
    {
        var factors = new Factors(
            new Dictionary<string, int> { [Ada.Level] = 1_250_000 },
            new Dictionary<string, int> { ["Engineering"] = 1_200_000 },
            new UsageFactor(800_000, 500_000, 900_000, 1_200_000));
        var terms = Terms(With(Plan.Allowance! with { Factors = factors }));
        var line = Assert.Single(GrantRules.For(terms, Ada, new([], [], 1_000, 1_000)).Lines);

        Assert.Equal(3_437_499_999_999, line.Amount.Money.Nanos); // 2,083.333333333 × 1.25 × 1.2 × 1.1
        Assert.Contains("Times level 1.25, complexity 1.2, usage 1.1: 3,437.49 USD.", line.Explanation,
            StringComparison.Ordinal);
    }

    [Fact]
    public void For_Baseline_IsNeverCutByAFactor()
    {
        var factors = Factors.None with { Usage = new UsageFactor(1_000_000, 2_000_000, 500_000, 1_000_000) };
        var terms = Terms(With(Plan.Allowance! with { Factors = factors, BaselineNanos = 2_000_000_000_000 }));
        var line = Assert.Single(GrantRules.For(terms, Ada, new([], [], 1_000, 0)).Lines);

        Assert.Equal(2_000_000_000_000, line.Amount.Money.Nanos);
        Assert.Contains("Nobody gets less than the baseline of 2,000.00 USD.", line.Explanation,
            StringComparison.Ordinal);
    }

    [Fact]
    public void For_TierUnlocked_AddsToTheAllowanceOnce()
    {
        var plan = Plan with { Tiers = [new("automation", 200_000, "evidence"), new("lead", 500_000, "more")] };
        var lines = GrantRules.For(Terms(plan), Ada, new([], ["automation"], 0, 0)).Lines;

        Assert.Equal([("allowance", 2_083_333_333_333), ("tier", 416_666_666_666)],
            lines.Select(l => (l.Kind, l.Amount.Money.Nanos)));
        Assert.Equal($"grant:allowance:tier:automation/2026-11:{Ada.Id}", lines[1].Key);
        var all = new PersonHistory(["allowance", "tier:automation"], ["automation"], 0, 0);
        Assert.True(GrantRules.For(Terms(plan), Ada, all).HadBefore);
        Assert.Equal(["tier"], GrantRules.For(Terms(plan), Ada, new(["allowance"], ["automation"], 0, 0))
            .Lines.Select(l => l.Kind));
    }

    [Theory]
    [InlineData(900, 50_000_000)] // 100 over 800 tokens at a thousandth of a cent: half of it
    [InlineData(800, 0)]
    [InlineData(5_000, 200_000_000)] // at most
    public void For_Match_DoublesWhatIsUsedAboveTheThreshold(long used, long nanos)
    {
        var plan = Plan with { Match = new(800_000, 500_000, 200_000_000, Rules("work_compute", 3)) };
        var history = new PersonHistory(["allowance"], [], 1_000_000, used * 1_000);
        var lines = GrantRules.For(Terms(plan, value: 1_000_000), Ada, history).Lines;

        Assert.Equal(nanos == 0 ? [] : [("match", nanos)], lines.Select(l => (l.Kind, l.Amount.Money.Nanos)));
    }

    [Theory]
    [InlineData(801, 1, "<0.01 USD")] // the least that is worth a line: a nano-dollar
    [InlineData(5_000, 200_000_000, "0.20 USD")]
    public void For_Match_SaysWhatItIsWorth(long used, long most, string worth)
    {
        var plan = Plan with { Match = new(800_000, 500_000, most, Rules("work_compute", 3)) };
        var history = new PersonHistory(["allowance"], [], 1_000_000, used * 1_000);
        var line = Assert.Single(GrantRules.For(Terms(plan, value: 1_000_000), Ada, history).Lines);
        Assert.Contains($"by 50%, at most {worth}: {worth}. ", line.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-10-01", false)] // 31 days before the month's first: the plan says 30
    [InlineData("2026-10-02", true)]
    public void For_ABonus_IsForThoseHiredWithinItsDays(string hired, bool isThere) => Assert.Equal(
        isThere, For(Hired(hired)).Lines.Any(line => line.Kind == GrantKind.SigningBonus));

    [Fact]
    public void For_Phase_NarrowsWhomItIsFor()
    {
        var phase = new PhaseTerms("pilot", Eligibility.Everybody with { Levels = ["L9"] }, 0);
        var outcome = GrantRules.For(Terms() with { Phase = phase }, Ada, PersonHistory.None);
        Assert.Equal("The phase pilot does not reach them yet.", outcome.Skipped);
    }

    [Fact]
    public void For_TimeZone_ExpiresAtItsMidnight()
    {
        var plan = Plan with { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York") };
        Assert.Equal(
            new DateTimeOffset(2027, 2, 1, 5, 0, 0, TimeSpan.Zero), For(Ada, Terms(plan)).Lines[0].Terms.ExpiresAt);
    }

    [Fact]
    public void For_Vesting_ExpiresSoLongAfterTheLastInstalment()
    {
        var (plan, errors) = PlanFile.Read("""
            name: allowance
            effective_from: 2026-11-01
            pool: p
            awards:
              - { name: stay, kind: performance, amount_usd: 12, expires_after: P3M, tax_class: convertible_cash,
                  vesting: { months: 12 } }
            """);
        Assert.Empty(errors);
        var (line, _) = GrantRules.Award(Terms(plan), plan!.Awards[0], Ada, 12_000_000_000, "Shipped it");

        Assert.Contains("12.00 USD. Shipped it. At 1.00 USD a million", line!.Explanation, StringComparison.Ordinal);
        Assert.Equal((new DateOnly(2026, 11, 1), Asset.Reward), (line.VestFrom, line.Asset));
        Assert.Equal(new DateTimeOffset(2028, 2, 1, 0, 0, 0, TimeSpan.Zero), line.Terms.ExpiresAt);
    }

    [Theory]
    [InlineData("Thanks.", "Thanks.")]
    [InlineData("Shipped it", "Shipped it.")]
    [InlineData("It is {0} done! ", "It is {0} done!")]
    public void Award_AnyReason_StandsInTheWordsAsItIsAndEnds(string reason, string said)
    {
        var (plan, _) = PlanFile.Read("""
            name: allowance
            effective_from: 2026-11-01
            pool: p
            awards:
              - { name: stay, kind: performance, amount_usd: 12, expires_after: never, tax_class: convertible_cash }
            """);
        var (line, _) = GrantRules.Award(Terms(plan), plan!.Awards[0], Ada, 12_000_000_000, reason);

        Assert.StartsWith(
            $"stay (performance): 12.00 USD. {said} At 1.00 USD a million tokens", line!.Explanation,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2027-10-31", 0)] // the last day of twelve months
    [InlineData("2027-10-30", 2)] // one of 365 days too early, rounded down
    [InlineData("2026-11-01", 997)]
    public void Clawback_ByDays_IsInFavourOfWhoLeaves(string left, long milli)
    {
        var rule = new Clawback(12, ProRata: true);
        var due = ClawbackRules.Due(rule, new(2026, 11, 1), PersonTests.Day(left), 1_000);
        Assert.Equal(milli, due?.DueMilli ?? 0);
    }

    [Theory]
    [InlineData("300 400", 1_000, 500_000, "1:200")] // 500 may be left
    [InlineData("300 400", 1_000, 1_000_000, "")]
    [InlineData("300 400", 1_000, 0, "1:300 2:400")]
    [InlineData("300 400", 100, 1_000_000, "1:300 2:300")]
    public void Excess_OverTheCap_TakesWhatExpiresFirst(string left, long grant, int cap, string lapses) =>
        Assert.Equal(lapses, string.Join(' ', Rollover.Excess(
            grant, cap, [.. left.Split(' ').Select((milli, i) => (i + 1, long.Parse(milli)))])
            .Select(l => $"{l.Lot}:{l.Milli}")));
}
