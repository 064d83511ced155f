using Guerdon.Terminal;

namespace Guerdon.Client;

/// <summary>
/// What to sign in with: <c>--token</c>, else <c>GUERDON_TOKEN</c>, else the session that <c>guerdon login</c> got for
/// the server, else the file <c>token</c> of the <see cref="GuerdonFolder"/>. It is never printed.
/// </summary>
/// <param name="Token">Null without a problem: ask without one.</param>
/// <param name="Source">Where it is from, for messages.</param>
/// <param name="Problem">What is wrong with it, and what to do.</param>
public sealed record AccessToken(string? Token, string Source, string? Problem)
{
    /// <summary>The source of one that was typed.</summary>
    public const string Option = "--token";

    private const int MaxLength = 4_096;

    /// <summary>Whether it is a session, which ends by itself.</summary>
    public bool IsSession { get; private init; }

    public static AccessToken Find(string? option, Uri server, Surroundings surroundings)
    {
        if (option is not null) return Check(option, Option);
        if (surroundings.Setting("GUERDON_TOKEN") is { } variable) return Check(variable, "GUERDON_TOKEN");
        if (SavedLogins.Find(server, surroundings) is { } login)
            return Check(login.Secret, $"the login of {login.Email}") with { IsSession = true };
        if (GuerdonFolder.Find(GuerdonFolder.TokenFile, surroundings) is not { } path) return new(null, "", null);
        return GuerdonFolder.Read(path) is { } text
            ? Check(text, path)
            : new(null, path,
                $"{path} cannot be read. Read it as the account that wrote it, or set GUERDON_TOKEN.");
    }

    private static AccessToken Check(string text, string source)
    {
        var token = text.Trim();
        return token.Length is > 0 and <= MaxLength && token.All(c => c is > ' ' and <= '~')
            ? new(token, source, null)
            : new(null, source, $"What {source} holds is not a token: copy it again, or name another with --token or"
                + " GUERDON_TOKEN.");
    }
}
