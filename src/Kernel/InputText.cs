namespace Guerdon.Kernel;

/// <summary>
/// Which text is taken from outside: what PostgreSQL and JSON can hold, and no more of it than a field needs.
/// </summary>
public static class InputText
{
    /// <summary>The longest text of any field, in UTF-16 units: a report on a phase. Most fields state less.</summary>
    public const int MostChars = 20_000;

    /// <summary>The longest field of a page's form: a whole plan, in UTF-16 units.</summary>
    public const int MostFormChars = 200_000;

    /// <summary>What is wrong with a text, to follow the field's name; null where nothing is.</summary>
    /// <param name="text">As it came.</param>
    /// <param name="most">The longest that is taken, in UTF-16 units.</param>
    public static string? Fault(ReadOnlySpan<char> text, int most = MostChars)
    {
        if (text.Length > most) return $"has {text.Length:#,0} characters; {most:#,0} are the most.";

        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\0') return $"has a NUL character at {i + 1}; leave it out.";
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else if (char.IsSurrogate(c)) return $"has half a character (a lone surrogate) at {i + 1}; leave it out.";
        }

        return null;
    }
}
