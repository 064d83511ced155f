namespace Stipend.Cli;

/// <summary>
/// What to sign in with: <c>--token</c>, else <c>STIPEND_TOKEN</c>, else the file <c>.stipend/token</c> of
/// <c>STIPEND_HOME</c>, else of the current directory. It is never printed.
/// </summary>
internal static class AccessToken
{
    private const int MaxLength = 4_096;

    /// <returns>No token and no problem: ask without one.</returns>
    public static (string? Token, string? Problem) Find(string? option, Surroundings surroundings)
    {
        if (option is not null) return Check(option, "--token");
        if (surroundings.Setting("STIPEND_TOKEN") is { } variable) return Check(variable, "STIPEND_TOKEN");

        foreach (var home in new[] { surroundings.Setting("STIPEND_HOME"), surroundings.Directory })
        {
            if (home is null) continue;
            var path = Path.Combine(home, ".stipend", "token");
            if (!File.Exists(path)) continue;
            try
            {
                return Check(File.ReadAllText(path), path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return (null, $"{path} cannot be read. Read it as the account that wrote it, or set STIPEND_TOKEN.");
            }
        }

        return (null, null);
    }

    private static (string? Token, string? Problem) Check(string text, string source)
    {
        var token = text.Trim();
        return token.Length is > 0 and <= MaxLength && token.All(c => c is > ' ' and <= '~')
            ? (token, null)
            : (null, $"What {source} holds is not a token.");
    }
}
