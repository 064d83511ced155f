using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Guerdon.Client;

namespace Guerdon.Host.Database;

/// <summary>Where a private cluster's files lie, and which account runs it.</summary>
/// <param name="Root">Usually <c>.guerdon</c> below Guerdon's home.</param>
/// <param name="Sockets">The directory of the server's socket: whoever can enter it can connect.</param>
/// <param name="Account">Null when the server runs as the user who started Guerdon.</param>
internal sealed record ClusterPlace(string Root, string Sockets, ServerAccount? Account)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Passable = Private
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    // The lowest limit there is: sockaddr_un holds 107 bytes on Linux and 103 on macOS, and a
    // longer path cannot be bound.
    private const int LongestSocketPath = 103;

    /// <summary>The file that says where the data lies, where it is not here.</summary>
    public const string NoteName = "elsewhere.txt";

    public string Data => Path.Combine(Root, "data");

    public string Logs => Path.Combine(Root, "log");

    public string StartLog => Path.Combine(Logs, "start.log");

    public string LockFile => Path.Combine(Root, "lock");

    /// <summary>Finds the cluster of a home, or the place for a new one, and makes its directories.</summary>
    [UnsupportedOSPlatform("windows")]
    public static async Task<ClusterPlace> PrepareAsync(string home, CancellationToken ct)
    {
        if (FormerName.In(home) is { } former) throw new DatabaseSetupException(former);
        try
        {
            var (root, account) = Environment.IsPrivilegedProcess
                ? await ChooseAsRootAsync(home, ct)
                : (Noted(home) ?? GuerdonFolder.Of(home), null);
            var place = new ClusterPlace(root, SocketsFor(root, account is not null), account);
            place.MakeFolders();
            if (account is not null)
            {
                await account.OwnAsync(place.Logs, ct);
                await account.OwnAsync(place.Sockets, ct);
            }
            _ = place.Major(); // fails here, with the words below, when the cluster is another account's
            return place;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new DatabaseSetupException(
                $"Cannot keep a database under {home} ({e.Message}): set GUERDON_HOME to a directory of yours, "
                + "start Guerdon as the account that owns it, or set GUERDON_DB to a server.", e);
        }
    }

    /// <summary>The version that made the cluster; null when there is none yet.</summary>
    public int? Major()
    {
        // Not File.Exists, since that would call another account's closed directory an empty one.
        if (!Directory.Exists(Data)) return null;
        _ = Directory.EnumerateFileSystemEntries(Data).Any();
        var version = Path.Combine(Data, "PG_VERSION");
        return File.Exists(version) && int.TryParse(File.ReadAllText(version), out var major) ? major : null;
    }

    /// <summary>The command as the server's account would type it.</summary>
    public IReadOnlyList<string> AsServer(params IEnumerable<string> command) =>
        Account is null ? [.. command] : Account.Run(command);

    /// <summary>What a server that did not start had to say; before its log opens, it writes to another file.</summary>
    public async Task<string> LastWordsAsync(CancellationToken ct)
    {
        var newest = new DirectoryInfo(Logs).EnumerateFiles("*.log")
            .Where(file => file.Length > 0 && file.FullName != StartLog).MaxBy(file => file.LastWriteTimeUtc);
        var files = new[] { StartLog, newest?.FullName }.OfType<string>().Where(File.Exists);
        List<string> lines = [];
        foreach (var file in files) lines.AddRange((await File.ReadAllLinesAsync(file, ct)).TakeLast(4));
        return string.Join(" | ", lines);
    }

    private static async Task<(string Root, ServerAccount? Account)> ChooseAsRootAsync(
        string home, CancellationToken ct)
    {
        foreach (var root in new[] { GuerdonFolder.Of(home), Noted(home) }.OfType<string>())
        {
            var data = Path.Combine(root, "data");
            if (!Directory.Exists(data)) continue;
            return (root, await ServerAccount.OwnerOfAsync(data, ct) ?? ServerAccount.Default());
        }

        var account = ServerAccount.Default();
        Directory.CreateDirectory(home);
        if (await account.CanEnterAsync(home, ct)) return (GuerdonFolder.Of(home), account);

        var elsewhere = Path.Combine("/var/lib/guerdon", ShortHash(home));
        Directory.CreateDirectory(GuerdonFolder.Of(home));
        await File.WriteAllTextAsync(
            Path.Combine(GuerdonFolder.Of(home), NoteName),
            elsewhere + "\nThe database lies there, because PostgreSQL's account cannot enter this directory.\n", ct);
        return (elsewhere, account);
    }

    private static string? Noted(string home)
    {
        var note = Path.Combine(GuerdonFolder.Of(home), NoteName);
        return File.Exists(note) ? File.ReadLines(note).FirstOrDefault() : null;
    }

    internal static string SocketsFor(string root, bool asRoot)
    {
        var near = Path.Combine(root, "run");
        // Commas, colons and quotes must not be in it, since they mean something else in a connection string's host.
        var plain = near.IndexOfAny([',', ':', '"', '\'', '\\', ';', '=']) < 0;
        if (plain && Encoding.UTF8.GetByteCount(near + "/.s.PGSQL.5432") <= LongestSocketPath) return near;

        // Under /run for root, so that nobody else can have made the directory first.
        var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        var parent = asRoot ? "/run" : Directory.Exists(runtime) && runtime.Length < 60 ? runtime : "/tmp";
        return Path.Combine(parent, "guerdon-" + ShortHash(root));
    }

    [UnsupportedOSPlatform("windows")]
    private void MakeFolders()
    {
        Directory.CreateDirectory(Root, Passable);
        if (Account is not null) File.SetUnixFileMode(Root, Passable);
        Directory.CreateDirectory(Logs, Private);
        Directory.CreateDirectory(Sockets, Private);
        // Below /tmp another account may have taken the name. Then this must fail, rather than follow its link.
        if (new DirectoryInfo(Sockets).LinkTarget is not null) throw new IOException($"{Sockets} is a link");
        File.SetUnixFileMode(Sockets, Private);
        if (Path.GetDirectoryName(Sockets) != Root) File.WriteAllText(Path.Combine(Root, "run.path"), Sockets + "\n");
    }

    private static string ShortHash(string path) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..12];
}
