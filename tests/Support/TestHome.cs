using System.Diagnostics;
using System.Globalization;

namespace Guerdon.Tests;

/// <summary>
/// A directory for one test process's clusters, named after the process and deleted when it ends. It is in memory where
/// there is room: a database is 300 files, and on a disk most of the time to make one goes into these.
/// </summary>
public static class TestHome
{
    private const string Prefix = "guerdon-test-";
    private const string Memory = "/dev/shm";
    private const long RoomBytes = 4L << 30; // beyond what all suites at once were seen to need

    private static readonly string Parent = HasRoom() ? Memory : Path.GetTempPath();

    internal static readonly string Folder =
        Path.Combine(Parent, Prefix + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

    private static int _count;

    static TestHome()
    {
        RemoveAbandoned();
        Directory.CreateDirectory(Folder);
    }

    /// <summary>An empty directory, fit to be a cluster's home.</summary>
    public static string New()
    {
        var number = Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture);
        return Directory.CreateDirectory(Path.Combine(Folder, number)).FullName;
    }

    private static bool HasRoom() =>
        Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= RoomBytes;

    // A test process that was killed leaves its directory; its server has ended with it.
    private static void RemoveAbandoned()
    {
        foreach (var old in Directory.EnumerateDirectories(Parent, Prefix + "*"))
        {
            var digits = Path.GetFileName(old)[Prefix.Length..];
            if (!int.TryParse(digits, CultureInfo.InvariantCulture, out var pid) || IsAlive(pid)) continue;
            try
            {
                Directory.Delete(old, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another user's, or another test process is just removing it.
            }
        }
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
