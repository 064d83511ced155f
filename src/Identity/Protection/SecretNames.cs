using System.Buffers;

namespace Guerdon.Identity.Protection;

/// <summary>How secrets of ours begin, so that one is known on sight, by people and by secret scanners, and none is
/// written where an id belongs.</summary>
internal static class SecretNames
{
    /// <summary>Of API tokens, sessions, command lines that sign in, and links that work once.</summary>
    public const string Token = "grd_", Session = "grs_", CommandLine = "grl_", Link = "gro_";

    private const int MostKindChars = 8, IdChars = 32;
    private const int LeastSecretChars = 30; // ids and names that long have no capitals

    // Also keys of our own gateway and of providers.
    private static readonly string[] Beginnings = [Token, Session, CommandLine, Link, "sk-"];

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Whether a text is the id of something, and no secret.</summary>
    public static bool IsId(string text)
    {
        var kind = text.IndexOf('_', StringComparison.Ordinal);
        return kind is > 0 and <= MostKindChars && text.AsSpan(0, kind).IndexOfAnyExceptInRange('a', 'z') < 0
            && !Begins(text) && text.AsSpan(kind + 1).IndexOfAnyExcept(HexDigits) < 0
            && text.Length == kind + 1 + IdChars;
    }

    /// <summary>Whether a text may be a key or token: it begins like one, or looks like chance.</summary>
    public static bool MayBeSecret(string text) => Begins(text)
        || (text.Length >= LeastSecretChars && !text.Contains('@', StringComparison.Ordinal)
            && text.Any(char.IsAsciiDigit) && text.Any(char.IsAsciiLetterUpper)
            && text.Any(char.IsAsciiLetterLower));

    private static bool Begins(string text) =>
        Beginnings.Any(start => text.StartsWith(start, StringComparison.OrdinalIgnoreCase));
}
