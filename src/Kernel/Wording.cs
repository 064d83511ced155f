using System.Globalization;

namespace Stipend.Kernel;

/// <summary>Numbers and instants as sentences have them, everywhere in one form.</summary>
public static class Wording
{
    /// <summary>So many of something: <c>1 row</c>, <c>1,200 rows</c>, <c>2 people</c>.</summary>
    public static string Count(long number, string noun, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:#,0} {(number == 1 ? noun : many ?? noun + "s")}");

    /// <summary><c>2026-11-30 09:05 UTC</c>; empty where there is none.</summary>
    public static string Utc(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "";
}
