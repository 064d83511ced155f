using System.Diagnostics;
using System.Globalization;

namespace Guerdon.Mutate;

/// <summary>Runs test classes of Unit in a <see cref="Worker"/>.</summary>
internal sealed class Tests(string root) : IDisposable
{
    // Processor time, since others may use the machine; the wall's is for what waits for ever. Of one class.
    private static readonly TimeSpan MaxProcessor = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(180);

    // What was loaded for a mutant is not always given back.
    private const int MutantsPerWorker = 40;

    private readonly string replaced = Path.Combine(root, "artifacts", "mutate");
    private Process? worker;
    private int given;

    /// <summary>Puts an assembly in the place of what the build made, for this process's tests alone.</summary>
    public void Replace(string assembly, byte[] content)
    {
        Directory.CreateDirectory(replaced);
        File.WriteAllBytes(Path.Combine(replaced, $"{assembly}.dll"), content);
    }

    public void Restore(string assembly) => File.Delete(Path.Combine(replaced, $"{assembly}.dll"));

    /// <summary>What a test found; null where all passed.</summary>
    public string? Run(IEnumerable<string> classes) => Ask(string.Join(' ', classes), _ => { });

    /// <summary>Which marks each class reaches, of assemblies with <see cref="Probes"/>.</summary>
    public Dictionary<string, HashSet<int>> Mark(IEnumerable<string> classes, int marks)
    {
        var reached = new Dictionary<string, HashSet<int>>();
        var failed = Ask($"{marks} {string.Join(' ', classes)}", said =>
        {
            var parts = said.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            reached[parts[0]] = [.. parts.Skip(1).Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
        });
        Stop();
        return failed is null ? reached
            : throw new InvalidOperationException($"Unit fails before anything is changed: {failed}");
    }

    private string? Ask(string line, Action<string> reached)
    {
        if (++given > MutantsPerWorker) Stop();
        var process = worker ??= Start();
        process.StandardInput.WriteLine(line);
        process.StandardInput.Flush();
        for (var at = "starting";;)
        {
            var answer = process.StandardOutput.ReadLineAsync();
            if (!Answered(process, answer)) { Stop(); return $"{at} hangs"; }
            if (answer.Result is not { } said) { Stop(); return $"{at} ends the process"; }
            if (said.StartsWith("> ", StringComparison.Ordinal)) at = said[2..];
            else if (said.StartsWith("< ", StringComparison.Ordinal)) reached(said[2..]);
            else return said == "passed" ? null : said["failed ".Length..];
        }
    }

    private static bool Answered(Process process, Task line)
    {
        var (watch, before) = (Stopwatch.StartNew(), process.TotalProcessorTime);
        while (!line.Wait(200))
        {
            process.Refresh();
            if (process.HasExited) { line.Wait(); return true; }
            if (process.TotalProcessorTime - before > MaxProcessor || watch.Elapsed > MaxWait) return false;
        }

        return true;
    }

    private Process Start()
    {
        given = 0;
        var start = new ProcessStartInfo("dotnet", [typeof(Tests).Assembly.Location, "worker", root, replaced])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { }; // a stack that overflows is printed, and would fill the pipe
        process.BeginErrorReadLine();
        return process;
    }

    private void Stop()
    {
        if (worker is null) return;
        if (!worker.HasExited) worker.Kill(entireProcessTree: true);
        worker.WaitForExit();
        worker.Dispose();
        worker = null;
    }

    public void Dispose() => Stop();
}
