namespace Guerdon.Terminal;

/// <summary>Text from files and servers, made fit for a terminal.</summary>
public static class Clean
{
    /// <summary>The text on one line, without control characters: an escape sequence in a name must not act, and a mark
    /// of direction must not show what is there in another order.</summary>
    public static string Line(string text) =>
        text.Any(Acts) ? string.Concat(text.Select(c => Acts(c) ? ' ' : c)) : text;

    private static bool Acts(char c) => char.IsControl(c)
        || c is '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    /// <summary>The text as a cell of a table: on one line, and never with two blanks in a row after its first word, so
    /// that two blanks always lie between two columns.</summary>
    public static string Cell(string text)
    {
        var line = Line(text).TrimEnd();
        var start = line.TrimStart();
        if (!start.Contains("  ", StringComparison.Ordinal)) return line;
        var words = start.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return line[..^start.Length] + string.Join(' ', words);
    }
}
