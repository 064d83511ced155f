namespace Guerdon.Vesting;

/// <summary>The dates of a period's instalments.</summary>
internal static class VestingDates
{
    /// <summary>The date of an instalment, or null past the calendar's end.</summary>
    /// <param name="period">The period.</param>
    /// <param name="anchor">What it counts from; no instalment is earlier.</param>
    /// <param name="startDay">Day of the month on which vesting started.</param>
    /// <param name="number">The instalment, from 1.</param>
    public static DateOnly? Of(VestingPeriod period, DateOnly anchor, int startDay, int number)
    {
        var passed = (long)period.Length * number;
        if (period.Unit == PeriodUnit.Days)
            return anchor.DayNumber + passed <= DateOnly.MaxValue.DayNumber ? anchor.AddDays((int)passed) : null;

        var months = anchor.Year * 12L + anchor.Month - 1 + passed;
        var (year, month) = (months / 12, (int)(months % 12) + 1);
        if (year > DateOnly.MaxValue.Year) return null;
        var wanted = period.Day.Number == 0 ? startDay : period.Day.Number;
        var date = new DateOnly((int)year, month, Math.Min(wanted, DateTime.DaysInMonth((int)year, month)));
        return date < anchor ? anchor : date;
    }

    /// <summary>How many instalments have come by a day, without counting them one by one.</summary>
    public static int CountBy(VestingPeriod period, DateOnly anchor, int startDay, DateOnly day)
    {
        if (day < anchor) return 0;
        if (period.Length == 0)
            return Of(period, anchor, startDay, 1) <= day ? period.Occurrences : 0;

        var passed = period.Unit == PeriodUnit.Days
            ? day.DayNumber - anchor.DayNumber
            : (day.Year - anchor.Year) * 12 + day.Month - anchor.Month;
        var count = passed / period.Length;
        if (count > 0 && Of(period, anchor, startDay, count) > day) count--; // its month has come, its day has not
        return Math.Min(count, period.Occurrences);
    }
}
