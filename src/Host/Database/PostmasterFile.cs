using System.Diagnostics;
using System.Globalization;

namespace Guerdon.Host.Database;

/// <summary>What a server says about itself in <c>postmaster.pid</c>.</summary>
/// <param name="Pid">Its process.</param>
/// <param name="Status"><c>starting</c>, <c>ready</c>, <c>stopping</c>, or empty at the very beginning.</param>
internal sealed record PostmasterFile(int Pid, string Status)
{
    private const int StatusLine = 7; // counted from 0: LOCK_FILE_LINE_PM_STATUS in PostgreSQL's miscadmin.h

    public static string PathIn(string data) => Path.Combine(data, "postmaster.pid");

    /// <summary>The running server's file; null when there is none or its process is gone.</summary>
    public static PostmasterFile? ReadLiving(string data)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(PathIn(data));
        }
        catch (IOException)
        {
            return null; // none, or removed just now
        }
        if (lines.Length == 0 || !int.TryParse(lines[0], CultureInfo.InvariantCulture, out var pid)) return null;

        var status = lines.Length > StatusLine ? lines[StatusLine].Trim() : "";
        return IsServer(pid) ? new PostmasterFile(pid, status) : null;
    }

    // A number alone must not be believed: after a crash it may belong to another program, or to a dead server that its
    // parent has not yet reaped.
    private static bool IsServer(int pid)
    {
        if (!OperatingSystem.IsLinux()) return NameOf(pid).StartsWith("post", StringComparison.Ordinal);
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat"); // 123 (postgres) S …
            var end = stat.LastIndexOf(')');
            var name = stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..end];
            return name is "postgres" or "postmaster" && stat[end + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string NameOf(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.ProcessName;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return "";
        }
    }
}
