using Guerdon.Vesting;
using static Guerdon.Unit.Vesting.VestingMake;

namespace Guerdon.Unit.Vesting;

/// <summary>Vesting at its edges: a last day, a cliff that is the whole schedule, the calendar's end.</summary>
public class VestingEdgeTests
{
    // The schedule's own sum and the one for millions of grants must say the same.
    private static void AssertVested(VestingTerms terms, long quantity, VestingFacts facts, DateOnly day, long vested)
    {
        Assert.Equal(vested, VestingSchedule.Of(terms, quantity, facts).VestedBy(day));
        Assert.Equal(vested, VestingSchedule.VestedBy(terms, quantity, facts, day));
    }

    // Nine instalments of 2, on the first of each month from February.
    [Theory]
    [InlineData(LeaverKind.Forfeit, "2026-03-01", "2026-03-01", 4)] // what is due on the last day is had
    [InlineData(LeaverKind.Forfeit, "2026-03-01", "2026-12-31", 4)]
    [InlineData(LeaverKind.Forfeit, "2026-02-28", "2026-12-31", 2)]
    [InlineData(LeaverKind.Forfeit, "2026-03-01", "2026-02-28", 2)]
    [InlineData(LeaverKind.Forfeit, "2026-01-01", "2026-12-31", 0)]
    [InlineData(LeaverKind.KeepVesting, "2026-03-01", "2026-03-31", 4)]
    [InlineData(LeaverKind.KeepVesting, "2026-03-01", "2026-04-01", 6)]
    [InlineData(LeaverKind.Accelerate, "2026-03-01", "2026-02-28", 2)] // nothing is ahead of the last day
    [InlineData(LeaverKind.Accelerate, "2026-03-01", "2026-03-01", 11)] // half of the 14 that are left
    [InlineData(LeaverKind.Accelerate, "2026-02-28", "2026-02-28", 10)] // half of 16
    public void VestedBy_LastDay_IsADayOfEmployment(LeaverKind kind, string left, string day, long vested)
    {
        var rule = new LeaverRule(kind, kind == LeaverKind.Accelerate ? 500_000 : 0);
        var facts = From(2026, 1, 1) with { Leaving = new(Day(left)) };
        AssertVested(Monthly(AllocationType.FrontLoaded, 9) with { Leaver = rule }, 18, facts, Day(day), vested);
    }

    [Theory]
    [InlineData(12, "2026-12-31", 0)] // all of it, on the last instalment's day
    [InlineData(12, "2027-01-01", 24)]
    [InlineData(11, "2026-11-30", 0)]
    [InlineData(11, "2026-12-01", 22)]
    [InlineData(11, "2027-01-01", 24)]
    [InlineData(1, "2026-02-01", 2)] // no cliff
    [InlineData(0, "2026-02-01", 2)]
    [InlineData(2, "2026-02-28", 0)]
    [InlineData(2, "2026-03-01", 4)]
    public void VestedBy_Cliff_VestsAllThatCameBeforeItAtOnce(int cliff, string day, long vested) =>
        AssertVested(Monthly(AllocationType.FrontLoaded, 12, cliff), 24, From(2026, 1, 1), Day(day), vested);

    [Theory]
    [InlineData(0, true)]
    [InlineData(12, true)]
    [InlineData(13, false)]
    [InlineData(-1, false)]
    public void Check_Cliff_IsOneOfTheInstalments(int cliff, bool isGood)
    {
        VestingCondition[] conditions = [Start("monthly"), Relative("monthly", 12, Months(1, 12, cliff))];
        Assert.Equal(isGood, VestingGraph.Check(conditions).Count == 0);
    }

    [Theory]
    [InlineData(PeriodUnit.Days, 1, "9999-12-30", "9999-12-31")]
    [InlineData(PeriodUnit.Days, 2, "9999-12-30", null)]
    [InlineData(PeriodUnit.Days, 365, "9998-12-31", "9999-12-31")]
    [InlineData(PeriodUnit.Months, 1, "9999-11-30", "9999-12-30")]
    [InlineData(PeriodUnit.Months, 2, "9999-11-30", null)]
    [InlineData(PeriodUnit.Months, 12, "9998-12-31", "9999-12-31")]
    [InlineData(PeriodUnit.Months, 1, "2026-12-15", "2027-01-15")] // over a year's end
    [InlineData(PeriodUnit.Months, 11, "2026-01-15", "2026-12-15")]
    public void Of_AtTheCalendarsEnd_IsItsLastDayOrNever(PeriodUnit unit, int length, string anchor, string? date)
    {
        var from = Day(anchor);
        var period = new VestingPeriod(length, unit, 1);
        Assert.Equal(date is null ? null : Day(date), VestingDates.Of(period, from, from.Day, 1));
        Assert.Equal(date is null ? 0 : 1, VestingDates.CountBy(period, from, from.Day, DateOnly.MaxValue));
    }

    [Theory]
    [InlineData("2026-01-14", 0)] // the day before it begins
    [InlineData("2026-01-15", 3)] // all at once
    [InlineData("2026-01-16", 3)]
    public void CountBy_NoTimeBetween_IsAllFromTheStart(string day, int count)
    {
        var from = Day("2026-01-15");
        Assert.Equal(count, VestingDates.CountBy(Months(0, 3), from, from.Day, Day(day)));
        Assert.Equal(count, VestingDates.CountBy(Days(0, 3), from, from.Day, Day(day)));
    }

    [Fact]
    public void Next_AfterAnInstalmentsDay_IsTheOneThatGivesSomething()
    {
        var schedule = VestingSchedule.Of(Monthly(AllocationType.BackLoaded, 4), 2, From(2026, 1, 1));
        Assert.Equal("0 0 1 1", string.Join(' ', schedule.Instalments.Select(i => i.Amount)));
        Assert.Equal(Day("2026-04-01"), schedule.NextAfter(Day("2026-01-01"))?.Date);
        Assert.Equal(Day("2026-05-01"), schedule.NextAfter(Day("2026-04-01"))?.Date);
        Assert.Null(schedule.NextAfter(Day("2026-05-01")));
    }

    private static IEnumerable<string> Problems(params VestingCondition[] conditions) =>
        VestingGraph.Check(conditions).Select(problem => problem.Key);

    [Theory]
    [InlineData(4_999, 5_000, true)] // and the start, which is one
    [InlineData(5_000, 5_000, false)]
    public void Check_Instalments_AreAtMostTenThousandInAll(int first, int second, bool isGood) =>
        Assert.Equal(isGood, !Problems(
            Start("a"), Part("a", 1, 10_000, new VestingTrigger.Relative(Days(1, first), "start"), "b"),
            Part("b", 1, 10_000, new VestingTrigger.Relative(Days(1, second), "a"))).Any());

    [Theory]
    [InlineData(PeriodUnit.Months, 12, 100, true)]
    [InlineData(PeriodUnit.Months, 1_201, 1, false)]
    [InlineData(PeriodUnit.Days, 366, 100, true)]
    [InlineData(PeriodUnit.Days, 36_601, 1, false)]
    [InlineData(PeriodUnit.Days, 0, 1, true)]
    [InlineData(PeriodUnit.Days, -1, 1, false)]
    public void Check_Period_EndsWithinAHundredYears(PeriodUnit unit, int length, int occurrences, bool isGood) =>
        Assert.Equal(isGood, !Problems(
            Start("a"), Relative("a", occurrences, new VestingPeriod(length, unit, occurrences))).Any());

    [Theory]
    [InlineData(0, true)]
    [InlineData(31, true)]
    [InlineData(32, false)]
    [InlineData(-1, false)]
    public void Check_DayOfMonth_IsOneThatAMonthHas(int day, bool isGood) => Assert.Equal(isGood, !Problems(
        Start("a"), Relative("a", 1, Months(1, 1) with { Day = new VestingDay(day) })).Any());

    [Theory]
    [InlineData(0, 1, true)]
    [InlineData(1, 1, true)]
    [InlineData(2, 1, false)] // more than the whole
    [InlineData(-1, 1, false)]
    [InlineData(1, 0, false)]
    [InlineData(1, 1_000_000_000, true)]
    [InlineData(1, 1_000_000_001, false)]
    public void Check_Portion_IsUpToTheWhole(long numerator, long denominator, bool isGood) =>
        Assert.Equal(isGood, !Problems(
            Start("a"), Part("a", numerator, denominator, new VestingTrigger.Relative(Months(1, 1), "start"))).Any());

    [Theory]
    [InlineData(1, 2, 1, 2, true)] // together the whole
    [InlineData(1, 2, 2, 3, false)]
    [InlineData(1, 99_991, 1, 9_973, true)] // a common denominator just below a thousand million
    [InlineData(1, 99_991, 1, 10_007, false)]
    public void Check_Path_IsUpToTheWhole(long top, long bottom, long nextTop, long nextBottom, bool isGood) =>
        Assert.Equal(isGood, !Problems(
            Start("a"), Part("a", top, bottom, new VestingTrigger.Relative(Months(1, 1), "start"), "b"),
            Part("b", nextTop, nextBottom, new VestingTrigger.Relative(Months(1, 1), "a"))).Any());
}
