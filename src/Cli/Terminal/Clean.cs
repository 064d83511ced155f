namespace Stipend.Cli;

/// <summary>Text from files and servers, made fit for a terminal.</summary>
internal static class Clean
{
    /// <summary>The text on one line, without control characters: an escape sequence in a name must not act.</summary>
    public static string Line(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
}
