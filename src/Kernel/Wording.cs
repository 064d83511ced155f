using System.Globalization;

namespace Guerdon.Kernel;

/// <summary>Numbers and instants as sentences have them, everywhere in one form.</summary>
public static class Wording
{
    /// <summary>So many of something: <c>1 row</c>, <c>1,200 rows</c>, <c>2 people</c>.</summary>
    public static string Count(long number, string noun, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:#,0} {(number == 1 ? noun : many ?? noun + "s")}");

    /// <summary>The text with a full stop after it, where it has no end of its own: more follows.</summary>
    public static string Sentence(string text) =>
        text.TrimEnd() is [.., '.' or '!' or '?' or ':'] whole ? whole : text.TrimEnd() + ".";

    /// <summary>What somebody sent, as a refusal quotes it: at most so many characters of it.</summary>
    public static string Shortened(string text, int most = 100) => text.Length > most ? text[..most] + "…" : text;

    /// <summary><c>2026-11-30 09:05 UTC</c>; empty where there is none.</summary>
    public static string Utc(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "";
}
