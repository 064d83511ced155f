namespace Guerdon.Host.Database;

/// <summary>
/// The file that is locked while a cluster is started. Whoever can read a file can lock it, and so hold up every start:
/// it is for Guerdon's account alone.
/// </summary>
internal static class StartLock
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens and locks it.</summary>
    /// <exception cref="IOException">Another process has it.</exception>
    public static FileStream Take(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None,
        };
        if (OperatingSystem.IsWindows()) return new FileStream(path, options);

        options.UnixCreateMode = OwnerOnly;
        if (File.Exists(path) && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0) Replace(path);
        return new FileStream(path, options);
    }

    // Earlier versions made it readable for all, so that somebody may have it open and locked: a
    // new file takes its place.
    private static void Replace(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var next = $"{path}.{Guid.NewGuid():N}";
        using (new FileStream(next, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly,
        }))
            File.Move(next, path, overwrite: true);
    }
}
