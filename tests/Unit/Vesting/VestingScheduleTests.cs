using System.Text.Json;
using Guerdon.Unit.Architecture;
using Guerdon.Vesting;
using static Guerdon.Unit.Vesting.VestingMake;

namespace Guerdon.Unit.Vesting;

/// <summary>What vests when: worked examples, each trigger, the days of months, cliffs, accelerations,
/// leavers.</summary>
public class VestingScheduleTests
{
    // The format's worked examples lie beside the repository, on machines that have them.
    private static JsonElement? Examples()
    {
        for (var folder = new DirectoryInfo(Repository.Root); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", "data", "vesting_examples.json");
            if (File.Exists(file)) return JsonElement.Parse(File.ReadAllBytes(file));
        }

        return null;
    }

    [Fact]
    public void Of_WorkedExamples_GiveWhatTheyExpect()
    {
        Assert.SkipUnless(Examples() is { }, "There are no worked vesting examples on this machine.");
        var count = 0;
        foreach (var example in Examples()!.Value.EnumerateArray())
        {
            var type = VestingWords.Allocation(example.GetProperty("allocation_type").GetString()!)!.Value;
            int Number(string name) => example.GetProperty(name).GetInt32();
            var terms = Monthly(type, Number("installments"), Number("cliff_installment"));
            Assert.Equal(
                example.GetProperty("expected").EnumerateArray().Select(e => e.GetInt64()),
                Amounts(terms, Number("quantity")));
            count++;
        }

        Assert.Equal(24, count);
    }

    [Theory]
    [InlineData(AllocationType.CumulativeRounding, 0, "5 4 5 4")]
    [InlineData(AllocationType.CumulativeRoundDown, 0, "4 5 4 5")]
    [InlineData(AllocationType.FrontLoaded, 0, "5 5 4 4")]
    [InlineData(AllocationType.BackLoaded, 0, "4 4 5 5")]
    [InlineData(AllocationType.FrontLoadedToSingleTranche, 0, "6 4 4 4")]
    [InlineData(AllocationType.BackLoadedToSingleTranche, 0, "4 4 4 6")]
    [InlineData(AllocationType.Fractional, 0, "4 5 4 5")]
    [InlineData(AllocationType.CumulativeRounding, 2, "9 5 4")]
    [InlineData(AllocationType.FrontLoaded, 2, "10 4 4")]
    [InlineData(AllocationType.BackLoadedToSingleTranche, 3, "12 6")]
    [InlineData(AllocationType.BackLoadedToSingleTranche, 4, "18")]
    public void Of_EighteenOverFour_IsSpreadAsTheTypeSays(AllocationType type, int cliff, string amounts) =>
        Assert.Equal(amounts, string.Join(' ', Amounts(Monthly(type, 4, cliff), 18)));

    [Fact]
    public void Of_FractionalMilliTokens_IsExact() =>
        Assert.Equal([4_500, 4_500, 4_500, 4_500], Amounts(Monthly(AllocationType.Fractional, 4), 18_000));

    // A floating-point floor gives 4 at the 23rd instalment's end: 180 × 23 / 36 is exactly 115.
    [Fact]
    public void Of_WhereFloatingPointFails_IsExact() => Assert.All(
        Amounts(Monthly(AllocationType.CumulativeRoundDown, 36), 180), amount => Assert.Equal(5, amount));

    [Fact]
    public void Of_TheLargestGrant_IsExact()
    {
        foreach (var type in Enum.GetValues<AllocationType>())
            Assert.Equal(
                long.MaxValue, VestingSchedule.Of(Monthly(type, 997, 3), long.MaxValue, From(2000, 1, 1)).Total);
    }

    [Theory]
    [InlineData(0, "2026-01-31", "2026-02-28 2026-03-31 2026-04-30")]
    [InlineData(0, "2028-01-30", "2028-02-29 2028-03-30 2028-04-30")]
    [InlineData(0, "2026-11-15", "2026-12-15 2027-01-15 2027-02-15")]
    [InlineData(1, "2026-01-31", "2026-02-01 2026-03-01 2026-04-01")]
    [InlineData(28, "2026-01-01", "2026-02-28 2026-03-28 2026-04-28")]
    [InlineData(29, "2026-01-10", "2026-02-28 2026-03-29 2026-04-29")]
    [InlineData(29, "2028-01-10", "2028-02-29 2028-03-29 2028-04-29")]
    [InlineData(30, "2026-01-10", "2026-02-28 2026-03-30 2026-04-30")]
    [InlineData(31, "2026-01-10", "2026-02-28 2026-03-31 2026-04-30")]
    public void Of_DayOfMonth_IsKeptOrTheLast(int day, string start, string dates)
    {
        var terms = Terms(AllocationType.FrontLoaded, Start("monthly"),
            Relative("monthly", 3, Months(1, 3) with { Day = new VestingDay(day) }));
        Assert.Equal(dates, Dates(terms, new VestingFacts(Day(start))));
    }

    // The cliff falls on the last of February; the day of the start comes back a month later.
    [Fact]
    public void Of_CliffThenMonthly_KeepsTheDayOfTheStart()
    {
        var terms = Terms(AllocationType.CumulativeRounding, Start("cliff"),
            Part("cliff", 12, 48, new VestingTrigger.Relative(Months(13, 1), "start"), "monthly"),
            Part("monthly", 1, 48, new VestingTrigger.Relative(Months(1, 36), "cliff")));
        var schedule = VestingSchedule.Of(terms, 480, From(2021, 1, 30));

        Assert.Equal([120, .. Enumerable.Repeat(10L, 36)], schedule.Instalments.Select(i => i.Amount));
        Assert.Equal(
            [Day("2022-02-28"), Day("2022-03-30"), Day("2022-04-30")],
            schedule.Instalments.Take(3).Select(i => i.Date));
        Assert.Equal("instalment 1 of 36", schedule.Instalments[1].Why);
    }

    [Fact]
    public void Of_Days_AreCountedOut() => Assert.Equal("2028-02-29 2028-03-14", Dates(
        Terms(AllocationType.FrontLoaded, Start("weekly"), Relative("weekly", 2, Days(14, 2))), From(2028, 2, 15)));

    [Fact]
    public void Of_AbsoluteDates_VestOnThemOrAtOnceWherePast()
    {
        var terms = Terms(AllocationType.CumulativeRounding,
            new("start", "", null, 10, new VestingTrigger.OnStart(), ["a"]),
            Part("a", 1, 4, new VestingTrigger.Absolute(Day("2025-01-01")), "b"),
            Part("b", 1, 2, new VestingTrigger.Absolute(Day("2027-01-01"))));
        var schedule = VestingSchedule.Of(terms, 100, From(2026, 6, 1));

        Assert.Equal(
            "2026-06-01 10 vesting starts, 2026-06-01 25 its date has come, 2027-01-01 50 its date has come",
            string.Join(", ", schedule.Instalments.Select(i => $"{i.Date:yyyy-MM-dd} {i.Amount} {i.Why}")));
        Assert.Equal((85, 0, 35, 85), (
            schedule.Total, schedule.VestedBy(Day("2026-05-31")), schedule.VestedBy(Day("2026-06-01")),
            schedule.VestedBy(Day("2027-01-01"))));
        Assert.Equal(50, schedule.NextAfter(Day("2026-06-01"))!.Value.Amount);
        Assert.Null(schedule.NextAfter(Day("2027-01-01")));
    }

    // Only one path is taken; the event in time, or the end that comes first.
    [Theory]
    [InlineData(null, "")]
    [InlineData("2024-06-01", "2024-06-01 500")]
    [InlineData("2025-01-02", "")]
    [InlineData("2025-01-01", "")] // on the same day the one named first goes first
    [InlineData("2020-01-01", "2023-07-01 500")] // before the start: with the start
    public void Of_EventWithAnEnd_VestsInTimeOnly(string? sold, string vests)
    {
        var terms = Terms(AllocationType.CumulativeRounding,
            new("start", "", null, 0, new VestingTrigger.OnStart(), ["late", "end", "sold"]),
            new("late", "", null, 0, new VestingTrigger.Relative(Months(36, 1), "start"), []),
            new("end", "", null, 0, new VestingTrigger.Absolute(Day("2025-01-01")), []),
            Part("sold", 1, 1, new VestingTrigger.OnEvent()));
        var facts = From(2023, 7, 1) with
        {
            Events = sold is null ? [] : [new("sold", Day(sold)), new("sold", Day("2099-01-01"))],
        };

        Assert.Equal(vests, string.Join(", ", VestingSchedule.Of(terms, 500, facts).Instalments
            .Select(i => $"{i.Date:yyyy-MM-dd} {i.Amount}")));
    }

    [Fact]
    public void Of_TermsThatAreOneEvent_NeedNoStart()
    {
        var terms = Terms(AllocationType.FrontLoaded, Part("sale", 1, 1, new VestingTrigger.OnEvent()));
        Assert.Empty(VestingSchedule.Of(terms, 5, From(2021, 1, 1)).Instalments);
        var facts = From(2021, 1, 1) with { Events = [new("sale", Day("2022-07-14"))] };
        Assert.Equal("2022-07-14", Dates(terms, facts));
    }

    // A sale in the middle of a schedule that names it ends the schedule and gives the rest.
    [Theory]
    [InlineData("2026-03-15", "2 2 14")]
    [InlineData("2026-04-01", "2 2 2 12")]
    [InlineData("2026-01-05", "2 16")]
    [InlineData("2027-01-01", "2 2 2 2 2 2 2 2 2")]
    public void Of_EventDuringASchedule_TakesThePath(string sale, string amounts)
    {
        var terms = Terms(AllocationType.FrontLoaded, Start("monthly"),
            Relative("monthly", 9, Months(1, 9)) with { NextConditionIds = ["sale"] },
            new("sale", "", new VestingPortion(1, 1, IsOfRemainder: true), null, new VestingTrigger.OnEvent(), []));
        var facts = From(2026, 1, 1) with { Events = [new("sale", Day(sale))] };
        Assert.Equal(amounts, string.Join(' ', Amounts(terms, 18, facts)));
    }

    // The format's own example: 1/5 of 1000 is 200, and 1/5 of what 400 leave is 120.
    [Theory]
    [InlineData(false, 200)]
    [InlineData(true, 120)]
    public void Of_Portion_IsOfTheWholeOrOfTheRemainder(bool ofRemainder, long amount)
    {
        var terms = Terms(AllocationType.CumulativeRounding,
            new("start", "", null, 400, new VestingTrigger.OnStart(), ["next"]),
            new("next", "", new VestingPortion(1, 5, ofRemainder), null,
                new VestingTrigger.Relative(Days(1, 1), "start"), []));
        Assert.Equal([400, amount], Amounts(terms, 1000));
    }

    [Fact]
    public void Of_FixedQuantities_StopAtTheWhole()
    {
        var terms = Terms(AllocationType.CumulativeRounding, Start("monthly"),
            Relative("monthly", 1, Months(1, 5)) with { Portion = null, Quantity = 30 });
        Assert.Equal([30, 30, 30, 10, 0], Amounts(terms, 100));
    }

    [Fact]
    public void Of_DatesPastTheCalendar_NeverCome()
    {
        var schedule = VestingSchedule.Of(Monthly(AllocationType.FrontLoaded, 48), 48, From(9998, 1, 1));
        Assert.Equal((23, 25), (schedule.Total, schedule.Quantity - schedule.Total));
    }

    [Theory]
    [InlineData("2026-02-15", 6, "2 6 2 2 2 2 2")]   // from the end: what is due next comes as before
    [InlineData("2026-02-01", 6, "2 6 2 2 2 2 2")]   // after what is due on the same day
    [InlineData("2026-02-15", null, "2 16")]
    [InlineData("2026-02-15", 100, "2 16")]
    [InlineData("2025-02-15", 17, "17 1")]
    [InlineData("2030-01-01", 5, "2 2 2 2 2 2 2 2 2")]
    [InlineData("2026-02-15", 0, "2 2 2 2 2 2 2 2 2")]
    public void Of_Acceleration_VestsAhead(string date, int? quantity, string amounts)
    {
        var facts = From(2026, 1, 1) with { Accelerations = [new(Day(date), quantity)] };
        Assert.Equal(amounts, string.Join(' ', Amounts(Monthly(AllocationType.FrontLoaded, 9), 18, facts)));
    }

    [Theory]
    [InlineData(LeaverKind.Forfeit, 0, "2026-03-01", "2 2")]
    [InlineData(LeaverKind.Forfeit, 0, "2026-02-28", "2")]
    [InlineData(LeaverKind.Forfeit, 0, "2025-12-31", "")]
    [InlineData(LeaverKind.KeepVesting, 0, "2026-03-01", "2 2 2 2 2 2 2 2 2")]
    [InlineData(LeaverKind.Accelerate, 1_000_000, "2026-03-01", "2 2 14")]
    [InlineData(LeaverKind.Accelerate, 500_000, "2026-03-01", "2 2 7")]
    [InlineData(LeaverKind.Accelerate, 333_333, "2026-03-01", "2 2 4")]
    public void Of_Leaver_LosesOrKeepsByTheRule(LeaverKind kind, int share, string left, string amounts)
    {
        var rule = new LeaverRule(kind, share);
        var terms = Monthly(AllocationType.FrontLoaded, 9);
        var agreed = From(2026, 1, 1) with { Leaving = new(Day(left), rule) };
        Assert.Equal(amounts, string.Join(' ', Amounts(terms, 18, agreed)));
        // The same where the terms say it, but for what was agreed otherwise.
        Assert.Equal(amounts, string.Join(' ', Amounts(
            terms with { Leaver = rule }, 18, From(2026, 1, 1) with { Leaving = new(Day(left)) })));
    }

    [Fact]
    public void Of_NegativeAmounts_AreRefused()
    {
        var terms = Monthly(AllocationType.FrontLoaded, 9);
        Assert.Throws<ArgumentOutOfRangeException>(() => VestingSchedule.Of(terms, -1, From(2026, 1, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => VestingSchedule.Of(
            terms, 1, From(2026, 1, 1) with { Accelerations = [new(Day("2026-02-01"), -1)] }));
        Assert.Throws<ArgumentException>(() => Terms(default, Relative("a", 1, Months(1, 1))));
    }
}
