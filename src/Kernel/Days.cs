using System.Globalization;

namespace Guerdon.Kernel;

/// <summary>
/// Which days and instants are taken from outside. PostgreSQL stores the last days of .NET's calendar as
/// <c>infinity</c>, and a sum beyond them overflows, so whatever states a time passes one of these rules.
/// </summary>
public static class Days
{
    /// <summary>The first day that anything may name: somebody may have been hired then.</summary>
    public static readonly DateOnly First = new(1900, 1, 1);

    /// <summary>The last day that anything may name: no contract outlives it.</summary>
    public static readonly DateOnly Last = new(2199, 12, 31);

    /// <summary>The first day on which anything can have been used, spent or reported.</summary>
    public static readonly DateOnly FirstUse = new(2000, 1, 1);

    /// <summary>What is wanted, for errors: <c>is 'x', not a day from …</c>.</summary>
    public const string Wanted = "a day from 1900-01-01 to 2199-12-31, such as 2026-11-30";

    /// <summary>What is wanted of an instant.</summary>
    public const string WantedInstant = "a time from 1900 to 2199, such as 2026-11-30T09:30:00Z";

    public static bool Has(DateOnly day) => day >= First && day <= Last;

    public static bool Has(DateTimeOffset at) => Has(DateOnly.FromDateTime(at.UtcDateTime));

    /// <summary>Reads <c>2026-11-30</c>, or nothing: another form, no day of the calendar, or out of bounds.</summary>
    public static bool TryParse(string? text, out DateOnly day) => DateOnly.TryParseExact(
        text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day) && Has(day);

    /// <summary>The same as a value, for readers that return null for what they cannot read.</summary>
    public static DateOnly? Parse(string? text) => TryParse(text, out var day) ? day : null;

    /// <summary>The day as it is written everywhere: <c>2026-11-30</c>.</summary>
    public static string Iso(this DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The day as sentences and pages have it: <c>28 Nov 2026</c>.</summary>
    public static string InWords(this DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>Whether it can have happened: from 2000 until tomorrow, as clocks elsewhere may run ahead.</summary>
    /// <param name="at">The instant.</param>
    /// <param name="now">The present, by the clock.</param>
    public static bool CanHaveHappened(DateTimeOffset at, DateTimeOffset now) =>
        DateOnly.FromDateTime(at.UtcDateTime) >= FirstUse && at <= LastInstant(now);

    /// <summary>Why it cannot have happened, to follow the value.</summary>
    public static string NotHappened(DateTimeOffset now) => string.Create(CultureInfo.InvariantCulture,
        $"is not between 2000-01-01 and tomorrow, {LastInstant(now):yyyy-MM-dd}");

    // The end of tomorrow, UTC, since it is tomorrow already in Auckland while it is still today here.
    private static DateTimeOffset LastInstant(DateTimeOffset now) =>
        new(now.UtcDateTime.Date.AddDays(2).AddTicks(-1), TimeSpan.Zero);
}
