using System.Globalization;

namespace Stipend.Cli;

/// <summary>Text from files and servers, made fit for a terminal.</summary>
internal static class Clean
{
    /// <summary>The text on one line, without control characters: an escape sequence in a name must not act.</summary>
    public static string Line(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;

    /// <summary>So many of something: <c>1 row</c>, <c>1,200 rows</c>.</summary>
    public static string Count(long number, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:#,0} {noun}{(number == 1 ? "" : "s")}");
}
