using FsCheck;
using FsCheck.Fluent;
using Guerdon.Kernel;
using Guerdon.Payroll.Settings;

namespace Guerdon.Unit.Payroll;

/// <summary>Pay periods follow each other without gap or overlap, in any zone, whatever changes.</summary>
public sealed class PayCalendarTests
{
    private static readonly DateOnly Epoch = new(2024, 1, 1);

    private static readonly string[] Zones =
    [
        "UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Pacific/Chatham",
            "America/Sao_Paulo",
        "Africa/Cairo",
    ];

    private static readonly Gen<PaySchedule> Schedule =
        from every in Gen.Elements(Enum.GetValues<PayEvery>())
        from day in Gen.Choose(0, 2_000)
        from after in Gen.Choose(0, PayrollSettings.MostPayAfterDays)
        from weekend in Gen.Elements(Enum.GetValues<WeekendRule>())
        let anchor = Epoch.AddDays(day)
        select new PaySchedule(
            every, new(anchor.Year, anchor.Month, Math.Min(anchor.Day, PaySchedule.LastCommonDay)), after, weekend);

    private static readonly Gen<(PayCalendar Calendar, DateOnly Change)> Calendars =
        from first in Schedule
        from second in Schedule
        from zones in Gen.Two(Gen.Elements(Zones))
        from day in Gen.Choose(0, 1_500)
        let begins = first.PeriodOf(Epoch).First
        let change = Fit(first, second, Epoch.AddDays(day))
        select (new PayCalendar([Settings(begins, first, zones.Item1), Settings(change.From, change.To, zones.Item2)]),
            change.From);

    // A schedule that begins with a period of the other one.
    private static (DateOnly From, PaySchedule To) Fit(PaySchedule first, PaySchedule second, DateOnly near)
    {
        var from = first.PeriodOf(near).Last.AddDays(1);
        while (second.Every is PayEvery.Monthly && from.Day > PaySchedule.LastCommonDay
            || second.Every is PayEvery.SemiMonthly && !second.Begins(from))
        {
            var next = first.PeriodOf(from).Last.AddDays(1);
            if (next.DayNumber - near.DayNumber > 800) return (next, first);
            from = next;
        }

        return (from, second with { Anchor = from });
    }

    private static PayrollSettings Settings(DateOnly from, PaySchedule schedule, string zone) => new(
        from, TimeZoneInfo.FindSystemTimeZoneById(zone), 1, schedule, "email", new Dictionary<string, LayoutTerms>(),
            [],
        new GlAccounts(), new Dictionary<string, long>());

    [Fact]
    public void Periods_OfAnySchedules_TileTime() => Prop.ForAll(Calendars.ToArbitrary(), c =>
    {
        var (calendar, change) = c;
        var period = calendar.PeriodOf(calendar.Begins)!;
        for (var i = 0; i < 150; i++)
        {
            var next = calendar.PeriodOf(period.Last.AddDays(1))!;
            Assert.Equal(period.Last.AddDays(1), next.First);
            Assert.All(
                (DateOnly[])[period.First, period.First.AddDays(period.Days / 2), period.Last],
                day => Assert.Equal(period, calendar.PeriodOf(day)));
            var (from, to) = calendar.SpanOf(period);
            Assert.True(from < to);
            Assert.Equal(to, calendar.SpanOf(next).From);
            Assert.Equal(period, calendar.PeriodOf(from));
            Assert.Equal(period, calendar.PeriodOf(to.AddTicks(-1)));
            Assert.Equal(next, calendar.PeriodOf(to));
            Assert.True(period.PayDay <= next.PayDay || period.Last.AddDays(1) == change);
            period = next;
        }
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(PayEvery.Monthly, "2026-01-01", "2028-02-29", "2028-02-01", "2028-02-29")]
    [InlineData(PayEvery.Monthly, "2026-01-26", "2027-03-01", "2027-02-26", "2027-03-25")]
    [InlineData(PayEvery.SemiMonthly, "2026-01-16", "2027-02-28", "2027-02-16", "2027-02-28")]
    [InlineData(PayEvery.Biweekly, "2026-01-05", "2026-01-04", "2025-12-22", "2026-01-04")]
    [InlineData(PayEvery.Weekly, "2026-01-05", "2024-03-01", "2024-02-26", "2024-03-03")]
    public void PeriodOf_ADay_IsTheOneItLiesIn(PayEvery every, string anchor, string day, string first, string last)
    {
        var period = new PaySchedule(every, DateOnly.Parse(anchor), 0, default).PeriodOf(DateOnly.Parse(day));
        Assert.Equal((first, last), ($"{period.First:yyyy-MM-dd}", $"{period.Last:yyyy-MM-dd}"));
    }

    [Fact]
    public void PaidIn_AYearOfTwentySevenFortnights_HasThemAll()
    {
        var schedule = new PaySchedule(PayEvery.Biweekly, new(2026, 12, 19), 0, WeekendRule.Keep); // paid on Fridays
        var calendar = new PayCalendar([Settings(schedule.PeriodOf(Epoch).First, schedule, "UTC")]);
        var counts = Enumerable.Range(2025, 12).Select(year => calendar.PaidIn(year).Count).ToList();
        Assert.Equal(313, counts.Sum()); // twelve years of 4,383 days
        Assert.Contains(27, counts);
        Assert.All(counts, n => Assert.InRange(n, 26, 27));
        Assert.Equal(12, new PayCalendar([Settings(new(2024, 1, 1), schedule with { Every = PayEvery.Monthly,
            Anchor = new(2024, 1, 1), PayAfterDays = 31 }, "UTC")]).PaidIn(2026).Count);
    }

    [Theory]
    [InlineData("2026-11-14", WeekendRule.Before, "2026-11-13")] // a Saturday
    [InlineData("2026-11-15", WeekendRule.Before, "2026-11-13")]
    [InlineData("2026-11-14", WeekendRule.After, "2026-11-16")]
    [InlineData("2026-11-15", WeekendRule.After, "2026-11-16")]
    [InlineData("2026-11-15", WeekendRule.Keep, "2026-11-15")]
    public void PayDay_OnAWeekend_MovesByTheRule(string last, WeekendRule rule, string paid)
    {
        var end = DateOnly.Parse(last);
        var schedule = new PaySchedule(PayEvery.Weekly, end.AddDays(-6), 0, rule);
        Assert.Equal(DateOnly.Parse(paid), schedule.PeriodOf(end).PayDay);
    }

    [Theory]
    [InlineData("2026-11-21", 1, "FY2026-Q4", "2026-10-01")]
    [InlineData("2026-11-21", 7, "FY2027-Q2", "2026-10-01")]
    [InlineData("2024-02-29", 3, "FY2024-Q4", "2023-12-01")]
    [InlineData("2026-01-31", 2, "FY2026-Q4", "2025-11-01")]
    [InlineData("2026-12-31", 12, "FY2027-Q1", "2026-12-01")]
    public void QuarterOf_ADay_IsOfTheCompanysYear(string day, int month, string name, string first)
    {
        var quarter = ZoneDays.QuarterOf(DateOnly.Parse(day), month);
        Assert.Equal((name, first), (quarter.ToString(), $"{quarter.First:yyyy-MM-dd}"));
        Assert.InRange(DateOnly.Parse(day), quarter.First, quarter.Last);
    }

    [Theory]
    [InlineData(100, 1, 3, 33)]
    [InlineData(100, 2, 3, 67)]
    [InlineData(1, 183, 366, 1)] // half up
    [InlineData(long.MaxValue, 365, 365, long.MaxValue)]
    [InlineData(100, 0, 365, 0)]
    public void ProRata_ToTheDay_IsRoundedHalfUp(long whole, int days, int ofDays, long part) =>
        Assert.Equal(part, ZoneDays.ProRata(whole, days, ofDays));
}
