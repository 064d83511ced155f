using System.Diagnostics;

namespace Guerdon.Host.Database;

/// <summary>Runs a short program to its end, without a shell and without Guerdon's environment.</summary>
internal static class Tool
{
    /// <param name="ExitCode">The program's own; zero is success.</param>
    /// <param name="Output">What it wrote to both streams, trimmed.</param>
    internal sealed record Result(int ExitCode, string Output)
    {
        public bool Ok => ExitCode == 0;
    }

    public static async Task<Result> RunAsync(IReadOnlyList<string> command, CancellationToken ct)
    {
        var start = Start(command);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var errors = process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return new Result(process.ExitCode, (await output + await errors).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>
    /// A start whose environment is only what PostgreSQL's programs need: a database superuser can read its server's
    /// environment, and Guerdon's holds provider keys.
    /// </summary>
    public static ProcessStartInfo Start(IReadOnlyList<string> command)
    {
        // In the root directory, since an unprivileged account may not be able to enter ours.
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { WorkingDirectory = "/" };
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin";
        start.Environment["LC_ALL"] = "C";
        start.Environment["TZ"] = "UTC";
        return start;
    }

    /// <summary>The full path of a program on PATH, or null.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
