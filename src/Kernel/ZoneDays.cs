namespace Guerdon.Kernel;

/// <summary>Days in a time zone, quarters of a company's year, and parts of a span by the day.</summary>
public static class ZoneDays
{
    /// <summary>
    /// The first instant of a day in a zone. Where the clock is put forward at midnight, the day begins when it does.
    /// </summary>
    public static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(default);
        while (zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(15);
        // Of a midnight that comes twice the first begins the day, since otherwise an hour would belong to no day.
        var offset = zone.IsAmbiguousTime(midnight)
            ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset).ToUniversalTime();
    }

    /// <summary>The day it is in a zone at an instant.</summary>
    public static DateOnly DayOf(DateTimeOffset at, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);

    /// <summary>The quarter of the company's year that a day lies in.</summary>
    /// <param name="day">The day.</param>
    /// <param name="firstMonth">The month that the company's year begins with, 1 to 12.</param>
    public static FiscalQuarter QuarterOf(DateOnly day, int firstMonth)
    {
        var into = (day.Month - firstMonth + 12) % 12;
        var first = new DateOnly(day.Year, day.Month, 1).AddMonths(-(into % 3));
        var yearBegins = new DateOnly(day.Year, day.Month, 1).AddMonths(-into);
        return new FiscalQuarter(yearBegins.AddMonths(11).Year, 1 + into / 3, first);
    }

    /// <summary>The part of an amount that so many of the days bear, rounded half up to a whole unit.</summary>
    public static long ProRata(long whole, int days, int ofDays) =>
        checked((long)Int128.DivRem((Int128)whole * days * 2 + ofDays, 2 * (Int128)ofDays).Quotient);
}

/// <summary>A quarter of a company's year.</summary>
/// <param name="Year">The calendar year that the company's year ends in.</param>
/// <param name="Number">1 to 4.</param>
/// <param name="First">Its first day.</param>
public readonly record struct FiscalQuarter(int Year, int Number, DateOnly First)
{
    public DateOnly Last => First.AddMonths(3).AddDays(-1);

    public override string ToString() => $"FY{Year}-Q{Number}";
}
