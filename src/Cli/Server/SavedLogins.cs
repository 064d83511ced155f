using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guerdon.Terminal;

namespace Guerdon.Cli.Server;

/// <summary>
/// The sessions that <c>guerdon login</c> got, one for each server: the file <c>logins.json</c> in the folder
/// <c>.guerdon</c> of <c>GUERDON_HOME</c>, else of the home directory, for its owner alone.
/// </summary>
internal static class SavedLogins
{
    private const string FileName = "logins.json";
    private const int MostChars = 1_000_000;

    /// <summary>A session of a server.</summary>
    /// <param name="Email">Whose.</param>
    /// <param name="Secret">What is sent.</param>
    /// <param name="EndsAt">It is over then.</param>
    public sealed record Login(string Email, string Secret, DateTimeOffset EndsAt);

    /// <summary>Where they are; null: there is no home, so that none can be saved.</summary>
    public static string? PathOf(Surroundings surroundings) =>
        (surroundings.Setting("GUERDON_HOME") ?? surroundings.Setting("HOME") ?? surroundings.Setting("USERPROFILE"))
            is { } home && !home.Contains('\0', StringComparison.Ordinal)
            ? Path.Combine(GuerdonFolder.Of(home), FileName) : null;

    /// <summary>The session of a server that is not over; null: there is none, or the file cannot be read.</summary>
    public static Login? Find(Uri server, Surroundings surroundings)
    {
        var saved = Read(PathOf(surroundings))[server.ToString()];
        try
        {
            if (saved is null) return null;
            var login = new Login(
                saved["email"]!.GetValue<string>(), saved["secret"]!.GetValue<string>(),
                saved["endsAt"]!.GetValue<DateTimeOffset>());
            return login.EndsAt > surroundings.Clock.GetUtcNow() ? login : null;
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or NullReferenceException)
        {
            return null; // edited by hand
        }
    }

    /// <summary>Saves a session in place of the one that the server had; null: there is none any more.</summary>
    /// <returns>The file.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static string Save(string path, Uri server, Login? login)
    {
        var all = Read(path);
        all.Remove(server.ToString());
        if (login is not null)
            all[server.ToString()] = new JsonObject
            {
                ["email"] = login.Email, ["secret"] = login.Secret,
                ["endsAt"] = login.EndsAt.ToString("O", CultureInfo.InvariantCulture),
            };
        Write(path, all.ToJsonString());
        return path;
    }

    // Beside it first, so that whoever reads meanwhile finds a whole file, and with its mode from the beginning.
    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var beside = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new StreamWriter(beside, options)) file.Write(text);
        File.Move(beside, path, overwrite: true);
    }

    private static JsonObject Read(string? path)
    {
        try
        {
            if (path is null || !File.Exists(path) || new FileInfo(path).Length > MostChars) return [];
            return JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? [];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
