using Guerdon.Terminal;

namespace Guerdon.Client;

/// <summary>
/// Which server to ask: <c>--server</c>, else <c>GUERDON_URL</c>, else the file <c>server</c> of the
/// <see cref="GuerdonFolder"/>, where the server that the token belongs to left its address, else this machine.
/// </summary>
/// <param name="Url">Null: there is a problem.</param>
/// <param name="Source">Who named it, for messages; empty: nobody did.</param>
/// <param name="Problem">What is wrong with it, and what to do.</param>
public sealed record ServerAddress(Uri? Url, string Source, string? Problem)
{
    public const string Default = "http://127.0.0.1:8080";

    public static ServerAddress Find(string? option, Surroundings surroundings)
    {
        if (option is not null) return Check(option, "--server");
        if (surroundings.Setting("GUERDON_URL") is { } variable) return Check(variable, "GUERDON_URL");
        if (GuerdonFolder.Find(GuerdonFolder.ServerFile, surroundings) is not { } path) return Check(Default, "");
        return GuerdonFolder.Read(path) is { } text
            ? Check(text, path)
            : new(null, path, $"{path} cannot be read. Read it as the account that wrote it, or set GUERDON_URL.");
    }

    private static ServerAddress Check(string text, string source)
    {
        // The slash makes paths relative to it, so that a server may live under a path of its own.
        var isAddress = Uri.TryCreate(text.Trim().TrimEnd('/') + "/", UriKind.Absolute, out var url)
            && (url.Scheme is "http" or "https") && url.UserInfo.Length == 0;
        if (isAddress) return new(url, source, null);
        var isFile = source.Contains('/', StringComparison.Ordinal) || source.Contains('\\', StringComparison.Ordinal);
        return new(null, source, isFile
            ? $"What {source} holds is not an address: delete it, or name the server with --server or GUERDON_URL."
            : $"{source} is not an address: write it as {Default} or https://guerdon.example.com.");
    }
}
