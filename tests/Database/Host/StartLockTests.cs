using Guerdon.Host.Database;
using Guerdon.Tests;

namespace Guerdon.Database.Host;

/// <summary>Nobody but Guerdon's account can hold up a start.</summary>
public sealed class StartLockTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public void Take_New_IsForItsOwnerAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no modes.");
        var path = Path.Combine(TestHome.New(), "lock");
        using var taken = StartLock.Take(path);

        Assert.Equal(OwnerOnly, ModeOf(path));
        Assert.Throws<IOException>(() => StartLock.Take(path).Dispose());
    }

    [Fact]
    public void Take_FileOfBeforeThatSomebodyHolds_IsReplaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no modes.");
        var path = Path.Combine(TestHome.New(), "lock");
        File.WriteAllText(path, "");
        SetMode(path, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        using var somebody = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        using var taken = StartLock.Take(path);

        Assert.Equal(OwnerOnly, ModeOf(path));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    private static UnixFileMode ModeOf(string path) =>
        OperatingSystem.IsWindows() ? OwnerOnly : File.GetUnixFileMode(path);

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
    }
}
