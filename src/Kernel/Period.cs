using System.Globalization;

namespace Guerdon.Kernel;

/// <summary>A calendar month, in UTC. Written <c>2026-11</c>.</summary>
public readonly record struct Period(int Year, int Month)
{
    public Period(DateOnly day)
        : this(day.Year, day.Month)
    {
    }

    public DateOnly First => new(Year, Month, 1);
    public DateOnly Last => First.AddMonths(1).AddDays(-1);
    public int Days => DateTime.DaysInMonth(Year, Month);

    /// <summary>The first instant of the month.</summary>
    public DateTimeOffset Start => new(Year, Month, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The month that an instant falls in.</summary>
    public static Period Of(DateTimeOffset at) => new(at.UtcDateTime.Year, at.UtcDateTime.Month);

    /// <summary>The first instant after this and the months that follow it: three months of 2026-11 end
    /// on 2027-02-01.</summary>
    public DateTimeOffset EndAfter(int months) => Start.AddMonths(months);

    /// <summary>Reads <c>2026-11</c>, from 2020 to 2199.</summary>
    public static bool TryParse(string? text, out Period period)
    {
        var read = Kernel.Days.TryParse(text + "-01", out var first);
        period = read ? new Period(first.Year, first.Month) : default;
        return read && first.Year >= 2020;
    }

    /// <summary>The month as sentences and pages have it: <c>November 2026</c>.</summary>
    public string InWords => First.ToString("MMMM yyyy", CultureInfo.InvariantCulture);

    public override string ToString() => First.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}
