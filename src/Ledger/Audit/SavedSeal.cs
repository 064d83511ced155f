using System.Globalization;
using Guerdon.Kernel;

namespace Guerdon.Ledger.Audit;

/// <summary>A day's seal as it is saved outside the database.</summary>
/// <param name="Day">The day; null where only the root was saved.</param>
/// <param name="Root">SHA-256, in hexadecimal: over the day, and by the day before over everything before.</param>
/// <param name="Entries">Entries of the ledger that day.</param>
/// <param name="Changes">Changes of guarded tables that day.</param>
public sealed record SavedSeal(DateOnly? Day, string Root, long Entries = 0, long Changes = 0)
{
    /// <summary>Of a file of seals, in characters: more than a century of days.</summary>
    public const int LongestFile = 8_000_000;

    private const string Head = "# guerdon seals 1: day root entries changes";

    /// <summary>A root as a person types it: 64 hexadecimal digits.</summary>
    public static SavedSeal? FromRoot(string text) =>
        IsRoot(text.Trim()) ? new(null, text.Trim().ToLowerInvariant()) : null;

    /// <summary>A file of seals, one a line; the same text for the same seals.</summary>
    public static string Write(IEnumerable<SavedSeal> seals) =>
        Head + "\n" + string.Concat(seals.Select(s => string.Create(
            CultureInfo.InvariantCulture, $"{s.Day:yyyy-MM-dd} {s.Root} {s.Entries} {s.Changes}\n")));

    /// <summary>Reads such a file.</summary>
    /// <returns>The seals, or the line that is wrong and why.</returns>
    public static (IReadOnlyList<SavedSeal>? Seals, string? Error) Read(string text)
    {
        var lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        if (lines[0].Trim() != Head) return (null, $"line 1 is not '{Head}'");

        var seals = new List<SavedSeal>();
        for (var i = 1; i < lines.Length; i++)
        {
            var words = lines[i].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length == 0) continue;
            if (words.Length != 4
                || !Days.TryParse(words[0], out var day) || !IsRoot(words[1])
                || !long.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out var entries)
                || !long.TryParse(words[3], NumberStyles.None, CultureInfo.InvariantCulture, out var changes))
                return (null, $"line {i + 1} is not a day, a root of 64 hexadecimal digits and two counts");
            seals.Add(new(day, words[1].ToLowerInvariant(), entries, changes));
        }

        return seals.Count == 0 ? (null, "it has no seal") : (seals, null);
    }

    private static bool IsRoot(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit);
}
