using Spectre.Console;

namespace Guerdon.Terminal.Tables;

/// <summary>Text as a terminal measures and wraps it.</summary>
internal static class Words
{
    /// <summary>Cells that a text takes: two for a letter of Chinese, none for an accent.</summary>
    public static int Width(string text) => text.GetCellWidth();

    /// <summary>The width of the longest word.</summary>
    public static int Longest(string text) => text.Split(' ').Select(Width).Max();

    /// <summary>
    /// The text over as many lines as it needs. A word that is longer than a line stays whole, on a line of its own: an
    /// id or an address that is broken cannot be copied.
    /// </summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        if (Width(text) <= width)
        {
            yield return text;
            yield break;
        }

        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && Width(line) + 1 + Width(word) > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}
