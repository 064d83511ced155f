using System.Diagnostics;
using System.Globalization;
using Guerdon.Tests;

namespace Guerdon.Chaos;

/// <summary>A disk of its own for one test, so small that it can be filled. Only root may mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _ballast;

    private SmallDisk(string path) => (Path, _ballast) = (path, System.IO.Path.Combine(path, "ballast"));

    public string Path { get; }

    /// <summary>Mounts it; where this account may not, the test is skipped.</summary>
    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        var path = TestHome.New();
        var options = string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m,mode=755");
        using var mount = Process.Start(new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", options, "none", path])
        {
            RedirectStandardError = true,
        })!;
        var error = await mount.StandardError.ReadToEndAsync();
        await mount.WaitForExitAsync();
        if (mount.ExitCode != 0) Assert.Skip($"A disk that can be filled cannot be mounted here: {error.Trim()}");
        return new SmallDisk(path);
    }

    /// <summary>Leaves no room.</summary>
    public void Fill()
    {
        using var ballast = new FileStream(_ballast, FileMode.Create, FileAccess.Write);
        var piece = new byte[65_536];
        try
        {
            while (true) ballast.Write(piece);
        }
        catch (IOException)
        {
            // Full, which is what this is for.
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Relieve() => File.Delete(_ballast);

    public void Dispose()
    {
        using var unmount = Process.Start("umount", ["--lazy", Path]);
        unmount.WaitForExit();
    }
}
