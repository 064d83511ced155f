using System.Globalization;

namespace Guerdon.Payroll.Settings;

/// <summary>How often people are paid.</summary>
public enum PayEvery { Monthly, SemiMonthly, Biweekly, Weekly }

/// <summary>What becomes of a pay day that is a Saturday or a Sunday.</summary>
public enum WeekendRule { Keep, Before, After }

/// <summary>The days that one pay is for.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Last">The last of them.</param>
/// <param name="PayDay">When it is paid.</param>
public sealed record PayPeriod(DateOnly First, DateOnly Last, DateOnly PayDay)
{
    public int Days => Last.DayNumber - First.DayNumber + 1;

    public bool Has(DateOnly day) => day >= First && day <= Last;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{First:yyyy-MM-dd} to {Last:yyyy-MM-dd}");
}

/// <summary>Pay periods, one after the other without end. No I/O.</summary>
/// <param name="Every">How long one is.</param>
/// <param name="Anchor">The first day of any of them.</param>
/// <param name="PayAfterDays">Calendar days from a period's last day to its pay day.</param>
/// <param name="Weekend">Where that is a weekend.</param>
public sealed record PaySchedule(PayEvery Every, DateOnly Anchor, int PayAfterDays, WeekendRule Weekend)
{
    private const int HalfMonth = 15;

    /// <summary>The last day of a month that every month has; an anchor lies no later.</summary>
    public const int LastCommonDay = 28;

    /// <summary>The period that a day lies in.</summary>
    public PayPeriod PeriodOf(DateOnly day)
    {
        var first = FirstOf(day);
        var last = NextOf(first).AddDays(-1);
        return new PayPeriod(first, last, PayDayOf(last));
    }

    /// <summary>The period after another.</summary>
    public PayPeriod After(PayPeriod period) => PeriodOf(period.Last.AddDays(1));

    /// <summary>Whether a period begins on a day.</summary>
    public bool Begins(DateOnly day) => FirstOf(day) == day;

    private DateOnly FirstOf(DateOnly day)
    {
        switch (Every)
        {
            case PayEvery.SemiMonthly:
                return new DateOnly(day.Year, day.Month, day.Day <= HalfMonth ? 1 : HalfMonth + 1);
            case PayEvery.Monthly:
                var inMonth = new DateOnly(day.Year, day.Month, Anchor.Day);
                return inMonth <= day ? inMonth : inMonth.AddMonths(-1);
            default:
                var into = (day.DayNumber - Anchor.DayNumber) % Length;
                return day.AddDays(-(into < 0 ? into + Length : into));
        }
    }

    private DateOnly NextOf(DateOnly first) => Every switch
    {
        PayEvery.Monthly => first.AddMonths(1),
        PayEvery.SemiMonthly => first.Day == 1 ? first.AddDays(HalfMonth) : first.AddDays(-HalfMonth).AddMonths(1),
        _ => first.AddDays(Length),
    };

    private DateOnly PayDayOf(DateOnly last)
    {
        var day = last.AddDays(PayAfterDays);
        return (day.DayOfWeek, Weekend) switch
        {
            (DayOfWeek.Saturday, WeekendRule.Before) => day.AddDays(-1),
            (DayOfWeek.Sunday, WeekendRule.Before) => day.AddDays(-2),
            (DayOfWeek.Saturday, WeekendRule.After) => day.AddDays(2),
            (DayOfWeek.Sunday, WeekendRule.After) => day.AddDays(1),
            _ => day,
        };
    }

    // A whole number of weeks, so that leap days and years make no difference.
    private int Length => Every == PayEvery.Weekly ? 7 : 14;
}
