using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Guerdon.Host.Database;

/// <summary>
/// The files that a running PostgreSQL goes on to read: its program, and the libraries that new sessions load. An
/// upgrade replaces them under it.
/// </summary>
internal static class ServerFiles
{
    private static readonly string[] LibraryFolders =
        ["../lib", "../lib64", "../lib/postgresql", "../lib64/pgsql", "../lib/pgsql"];

    /// <summary>What they look like now: names, sizes and times, as one word.</summary>
    /// <param name="folder">The server's programs.</param>
    public static string Mark(string folder)
    {
        var text = new StringBuilder();
        Add(text, new FileInfo(Path.Combine(folder, "postgres")));
        foreach (var library in Libraries(folder)) Add(text, library);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static IEnumerable<FileInfo> Libraries(string folder)
    {
        var found = LibraryFolders.Select(below => new DirectoryInfo(Path.GetFullPath(Path.Combine(folder, below))))
            .FirstOrDefault(f => f.Exists && f.EnumerateFiles("plpgsql.*").Any());
        return found is null ? [] : found.EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal);
    }

    private static void Add(StringBuilder text, FileInfo file)
    {
        if (!file.Exists) return;
        text.Append(CultureInfo.InvariantCulture, $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}\n");
    }
}
