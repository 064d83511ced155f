using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guerdon.Terminal;

namespace Guerdon.Client;

/// <summary>
/// The sessions that <c>guerdon login</c> got, one for each server: the file <c>logins.json</c> in the folder
/// <c>.guerdon</c> of <c>GUERDON_HOME</c>, else of the home directory, for its owner alone.
/// </summary>
internal static class SavedLogins
{
    private const string FileName = "logins.json";
    private const int MostChars = 1_000_000;
    private const int LockTries = 100;
    private static readonly JsonDocumentOptions Once = new() { AllowDuplicateProperties = false };
    private static readonly TimeSpan LockEvery = TimeSpan.FromMilliseconds(50);

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
        try
        {
            if (PathOf(surroundings) is not { } path || Read(path)[server.ToString()] is not { } saved) return null;
            var login = new Login(
                saved["email"]!.GetValue<string>(), saved["secret"]!.GetValue<string>(),
                saved["endsAt"]!.GetValue<DateTimeOffset>());
            return login.EndsAt > surroundings.Clock.GetUtcNow() ? login : null;
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or NullReferenceException
            or IOException or UnauthorizedAccessException)
        {
            return null; // edited by hand, or somebody else's
        }
    }

    /// <summary>Saves a session in place of the one that the server had; null: there is none any more. What other
    /// servers have stays, whoever saves at the same time.</summary>
    /// <exception cref="IOException">The file is not one of logins, or cannot be written; it is as it was.</exception>
    public static async Task SaveAsync(
        string path, Uri server, Login? login, TimeProvider clock, CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var alone = await LockAsync(path + ".lock", clock, ct);
        var all = Read(path);
        all.Remove(server.ToString());
        if (login is not null)
            all[server.ToString()] = new JsonObject
            {
                ["email"] = login.Email, ["secret"] = login.Secret,
                ["endsAt"] = login.EndsAt.ToString("O", CultureInfo.InvariantCulture),
            };
        Write(path, all.ToJsonString());
    }

    // Held until it is closed, by whichever process; the file itself stays.
    private static async Task<FileStream> LockAsync(string path, TimeProvider clock, CancellationToken ct)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (tries < LockTries && File.Exists(path))
            {
                await Task.Delay(LockEvery, clock, ct);
            }
        }
    }

    // Beside it first, so that whoever reads meanwhile finds a whole file, and with its mode from the beginning.
    private static void Write(string path, string text)
    {
        var beside = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var file = new StreamWriter(beside, options)) file.Write(text);
            File.Move(beside, path, overwrite: true);
        }
        finally
        {
            File.Delete(beside); // it holds secrets; after a move there is none
        }
    }

    // Nothing is taken for no logins but a file that is not there: what is saved next would replace the rest.
    private static JsonObject Read(string path)
    {
        if (!File.Exists(path)) return [];
        if (new FileInfo(path).Length > MostChars)
            throw new IOException($"{path} is too large to be a file of logins.");
        try
        {
            return JsonNode.Parse(File.ReadAllText(path), null, Once) as JsonObject
                ?? throw new IOException($"{path} is no file of logins: it is not a JSON object.");
        }
        catch (JsonException e)
        {
            throw new IOException($"{path} is no file of logins: it is not JSON.", e);
        }
    }
}
