using System.CommandLine;

namespace Stipend.Host.Demo;

/// <summary>
/// A home for one run: a folder of its own that is removed at the end, or one that somebody named, which stays.
/// </summary>
internal sealed class TemporaryHome : IDisposable
{
    private const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly bool stays;

    private TemporaryHome(string path, bool stays) => (Path, this.stays) = (path, stays);

    public string Path { get; }

    /// <summary>Refuses what can be no folder's name.</summary>
    public static void Check(Option<string?> keep) => keep.Validators.Add(result =>
    {
        var name = result.GetValueOrDefault<string?>();
        if (string.IsNullOrWhiteSpace(name) || name.Contains('\0', StringComparison.Ordinal))
            result.AddError($"{keep.Name} needs the name of a folder.");
    });

    /// <param name="prefix">How the folder's name begins.</param>
    /// <param name="keep">The folder that stays; null: a new one, removed by <see cref="Dispose"/>.</param>
    public static TemporaryHome Open(string prefix, string? keep)
    {
        if (keep is not null) return new(Directory.CreateDirectory(keep).FullName, stays: true);
        var path = Directory.CreateTempSubdirectory(prefix).FullName;
        // Started by root, PostgreSQL runs as another account: it must be able to pass, or its data would lie elsewhere
        // and stay there.
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess) File.SetUnixFileMode(path, Passable);
        return new(path, stays: false);
    }

    public void Dispose()
    {
        if (!stays) Directory.Delete(Path, recursive: true);
    }
}
