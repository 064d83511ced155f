using Guerdon.Terminal;

namespace Guerdon.Client;

/// <summary>
/// The folder <c>.guerdon</c> in which a server leaves its address and the token of its first administrator: that of
/// <c>GUERDON_HOME</c>, else of the current directory. Both are taken from the same one, since they belong together.
/// </summary>
public static class GuerdonFolder
{
    /// <summary>What its server's first administrator signs in with.</summary>
    public const string TokenFile = "token";

    /// <summary>Where its server listens.</summary>
    public const string ServerFile = "server";

    private const int MostChars = 8_192;

    /// <summary>The folder of a home; it need not be there.</summary>
    public static string Of(string home) => Path.Combine(home, ".guerdon");

    /// <returns>The path of a file that is there, in the folder that counts; else null.</returns>
    public static string? Find(string name, Surroundings surroundings)
    {
        foreach (var home in new[] { surroundings.Setting("GUERDON_HOME"), surroundings.Directory })
        {
            if (home is null || home.Contains('\0', StringComparison.Ordinal)) continue;
            var folder = Of(home);
            if (!File.Exists(Path.Combine(folder, TokenFile)) && !File.Exists(Path.Combine(folder, ServerFile)))
                continue;
            var path = Path.Combine(folder, name);
            return File.Exists(path) ? path : null;
        }

        return null;
    }

    /// <returns>What is in it without the line's end, at most 8,192 characters; null: it cannot be read.</returns>
    public static string? Read(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            var text = new char[MostChars];
            return new string(text, 0, reader.ReadBlock(text)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
