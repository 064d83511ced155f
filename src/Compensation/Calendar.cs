namespace Stipend.Compensation;

/// <summary>Days in a time zone.</summary>
public static class Calendar
{
    /// <summary>The first instant of a day in a zone. Where the clock is put forward at midnight, the day begins when it
    /// does.</summary>
    public static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(default);
        while (zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(15);
        // Midnight that comes twice begins the day when it comes first, while the clock is still ahead.
        var offset = zone.IsAmbiguousTime(midnight)
            ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset).ToUniversalTime();
    }

    /// <summary>The day it is in a zone at an instant.</summary>
    public static DateOnly DayOf(DateTimeOffset at, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
}
