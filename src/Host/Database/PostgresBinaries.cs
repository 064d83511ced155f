using System.Globalization;
using System.Text.RegularExpressions;

namespace Guerdon.Host.Database;

/// <summary>Where PostgreSQL's server programs lie on this machine.</summary>
/// <param name="Folder">Holds <c>postgres</c> and <c>initdb</c>.</param>
/// <param name="Major">Their major version.</param>
internal sealed partial record PostgresBinaries(string Folder, int Major)
{
    /// <summary>The oldest server that Guerdon's SQL runs on.</summary>
    public const int OldestMajor = 15;

    public string Server => Path.Combine(Folder, "postgres");

    public string InitDb => Path.Combine(Folder, "initdb");

    /// <summary>
    /// Those of the version that made an existing cluster, or with null the first that are new enough.
    /// </summary>
    /// <exception cref="DatabaseSetupException">None fits; the message names the package to install.</exception>
    public static async Task<PostgresBinaries> FindAsync(int? major, CancellationToken ct)
    {
        List<PostgresBinaries> others = [];
        await foreach (var folder in FoldersAsync(ct))
        {
            if (others.Exists(seen => seen.Folder == folder)) continue;
            var version = await VersionAsync(folder, ct);
            if (version is null) continue;

            var found = new PostgresBinaries(folder, version.Value);
            if (found.Major == (major ?? found.Major) && found.Major >= OldestMajor) return found;
            others.Add(found);
        }
        throw new DatabaseSetupException(Missing(major, others, InstallLine(major)));
    }

    /// <summary>Those of one folder.</summary>
    /// <exception cref="DatabaseSetupException">There are none, or they do not run.</exception>
    public static async Task<PostgresBinaries> InAsync(string folder, CancellationToken ct) =>
        await VersionAsync(folder, ct) is { } major
            ? new(folder, major)
            : throw new DatabaseSetupException($"There is no PostgreSQL that runs in {folder}.");

    // pg_config first, since it is how a person says which of several installations is meant.
    private static async IAsyncEnumerable<string> FoldersAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        if (Tool.Find("pg_config") is { } config)
        {
            var asked = await Tool.RunAsync([config, "--bindir"], ct);
            if (asked.Ok) yield return asked.Output;
        }
        foreach (var folder in Versioned("/usr/lib/postgresql", "*", "bin")) yield return folder;
        if (Tool.Find("postgres") is { } onPath) yield return Path.GetDirectoryName(onPath)!;
        foreach (var folder in CommonFolders()) yield return folder;
    }

    private static IEnumerable<string> CommonFolders() =>
    [
        .. Versioned("/usr", "pgsql-*", "bin"), // PGDG's packages for Red Hat and SUSE
        .. Versioned("/usr/libexec", "postgresql*", ""), // Alpine
        .. Versioned("/opt/homebrew/opt", "postgresql@*", "bin"),
        .. Versioned("/usr/local/opt", "postgresql@*", "bin"),
        .. Versioned("/home/linuxbrew/.linuxbrew/opt", "postgresql@*", "bin"),
        .. Versioned("/Applications/Postgres.app/Contents/Versions", "*", "bin"),
        "/opt/homebrew/bin", "/usr/local/bin", "/usr/local/pgsql/bin",
    ];

    private static IEnumerable<string> Versioned(string parent, string pattern, string below) =>
        Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, pattern)
                .OrderByDescending(folder => Number(Path.GetFileName(folder)))
                .Select(folder => Path.Combine(folder, below).TrimEnd('/'))
            : [];

    private static async Task<int?> VersionAsync(string folder, CancellationToken ct)
    {
        // pg_config alone proves nothing, since a client package brings it without a server.
        if (!File.Exists(Path.Combine(folder, "postgres"))) return null;
        if (!File.Exists(Path.Combine(folder, "initdb"))) return null;

        var said = await Tool.RunAsync([Path.Combine(folder, "postgres"), "--version"], ct);
        return said.Ok && said.Output.StartsWith("postgres (PostgreSQL)", StringComparison.Ordinal)
            ? Number(said.Output)
            : null;
    }

    private static int Number(string text) =>
        int.TryParse(FirstNumber().Match(text).Value, CultureInfo.InvariantCulture, out var number) ? number : 0;

    internal static string Missing(int? major, IReadOnlyList<PostgresBinaries> others, string install)
    {
        var seen = string.Join(", ", others.Select(other => $"{other.Major} in {other.Folder}"));
        var found = seen.Length == 0 ? "" : $" (found: {seen})";
        return major is null
            ? $"Guerdon needs PostgreSQL {OldestMajor} or newer{found}: {install}, or set GUERDON_DB to a server."
            : $"This cluster was made by PostgreSQL {major}, whose programs are not here{found}: {install}.";
    }

    private static string InstallLine(int? major)
    {
        if (OperatingSystem.IsMacOS()) return $"brew install postgresql@{major ?? 16}";
        if (File.Exists("/etc/debian_version"))
            return "apt-get install postgresql" + (major is null ? "" : $"-{major}");
        if (Tool.Find("dnf") is not null) return "dnf install postgresql-server";
        if (Tool.Find("apk") is not null) return $"apk add postgresql{major ?? 16}";
        return "install your system's PostgreSQL server package";
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex FirstNumber();
}
