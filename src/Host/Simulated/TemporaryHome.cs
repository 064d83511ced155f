using System.CommandLine;
using Guerdon.Client;
using Guerdon.Host.Database;

namespace Guerdon.Host.Simulated;

/// <summary>
/// A home for one run: a folder of its own that is removed at the end, or one that somebody named, which stays. A run
/// that was killed leaves its folder, which the next one removes. Which folders are in use a lock says, that ends with
/// its process; a name says nothing.
/// </summary>
internal sealed class TemporaryHome : IDisposable
{
    private const string LockName = "in-use";
    private const int MostTries = 5;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Passable = OwnerOnly | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly FileStream? _inUse; // null where the folder stays

    private TemporaryHome(string path, FileStream? inUse) => (Path, _inUse) = (path, inUse);

    public string Path { get; }

    /// <summary>Refuses what can be no folder's name.</summary>
    public static void Check(Option<string?> keep) => keep.Validators.Add(result =>
    {
        var name = result.GetValueOrDefault<string?>();
        if (string.IsNullOrWhiteSpace(name) || name.Contains('\0', StringComparison.Ordinal))
            result.AddError($"{keep.Name} needs the name of a folder.");
    });

    /// <summary>Removes what killed runs left, and opens a home.</summary>
    /// <param name="prefix">How the folder's name begins.</param>
    /// <param name="keep">The folder that stays; null: a new one, removed by <see cref="Dispose"/>.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<TemporaryHome> OpenAsync(string prefix, string? keep, CancellationToken ct)
    {
        if (!OperatingSystem.IsWindows())
            foreach (var left in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), prefix + "*"))
                await RemoveLeftAsync(left, ct);
        return keep is null ? Make(prefix) : new(Directory.CreateDirectory(keep).FullName, null);
    }

    private static TemporaryHome Make(string prefix)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            var path = Directory.CreateTempSubdirectory(prefix).FullName;
            // Started by root, PostgreSQL runs as another account: it must be able to pass, or its data would lie
            // elsewhere and stay there.
            if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess)
                File.SetUnixFileMode(path, Passable);
            if (Lock(path, isNew: true) is not { } inUse) continue;
            // Only where it is still there, since another run may have removed it as left before it was locked.
            if (File.Exists(inUse.Name)) return new(path, inUse);
            inUse.Dispose();
        }

        throw new IOException($"No folder in {System.IO.Path.GetTempPath()} could be locked; name one with --keep.");
    }

    private static FileStream? Lock(string folder, bool isNew)
    {
        var options = new FileStreamOptions
        {
            Mode = isNew ? FileMode.CreateNew : FileMode.Open, Access = FileAccess.ReadWrite, Share = FileShare.None,
        };
        if (isNew && !OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        try
        {
            return new FileStream(System.IO.Path.Combine(folder, LockName), options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static async Task RemoveLeftAsync(string folder, CancellationToken ct)
    {
        // Only what is ours and not a link, since whoever else can write there could have us follow one out of it.
        var isOurs = await Tool.RunAsync(["sh", "-c", "[ -O \"$1\" ] && [ ! -L \"$1\" ]", "sh", folder], ct);
        if (!isOurs.Ok || Lock(folder, isNew: false) is not { } left) return;
        await using (left)
        {
            try
            {
                if (!HasServer(folder)) Remove(folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Not fatal, since the next run tries again.
            }
        }
    }

    // A killed run's PostgreSQL ends a moment after it. Until then its folder must stay, or data that
    // is elsewhere is forgotten.
    private static bool HasServer(string folder)
    {
        var files = GuerdonFolder.Of(folder);
        return File.Exists(System.IO.Path.Combine(files, ClusterPlace.NoteName))
            || PostmasterFile.ReadLiving(System.IO.Path.Combine(files, "data")) is not null;
    }

    // The lock last, so that what is left half-way can be removed again.
    private static void Remove(string folder)
    {
        foreach (var below in Directory.EnumerateDirectories(folder)) Directory.Delete(below, recursive: true);
        foreach (var file in Directory.EnumerateFiles(folder))
            if (System.IO.Path.GetFileName(file) != LockName) File.Delete(file);
        Directory.Delete(folder, recursive: true);
    }

    public void Dispose()
    {
        if (_inUse is null) return;
        Remove(Path);
        _inUse.Dispose();
    }
}
