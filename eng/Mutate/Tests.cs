using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Guerdon.eng.Mutate;

/// <summary>Runs test classes of Unit in a <see cref="Worker"/>.</summary>
internal sealed class Tests(string root) : IDisposable
{
    // For one class. Processor time, since the machine may be busy with other work; the other limit ends endless waits.
    private static readonly TimeSpan MaxProcessor = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(180);

    // A mutant's assemblies are not always unloaded.
    private const int MutantsPerWorker = 40;

    // Hexadecimal: 1.5 GiB. A mutant may allocate without end.
    private const string HeapLimit = "60000000";

    private readonly string _replaced = Path.Combine(root, "artifacts", "mutate", $"{Environment.ProcessId}");
    private Process? _worker;
    private int _given;

    /// <summary>Runs this process's tests against another assembly than the build's.</summary>
    public void Replace(string assembly, byte[] content)
    {
        Directory.CreateDirectory(_replaced);
        File.WriteAllBytes(Path.Combine(_replaced, $"{assembly}.dll"), content);
    }

    public void Restore(string assembly) => File.Delete(Path.Combine(_replaced, $"{assembly}.dll"));

    /// <summary>The first failure; null if all passed.</summary>
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
        if (++_given > MutantsPerWorker || _worker is { HasExited: true }) Stop();
        var isFresh = _worker is null;
        var answer = AskWorker(line, reached);
        // It may have been an earlier mutant that made it hang or end.
        if (answer.IsLost && !isFresh) answer = AskWorker(line, reached);
        return answer is { IsLost: true, At: null }
            ? throw new InvalidOperationException($"The worker {answer.Failed} before any test.")
            : answer is { IsLost: true } ? $"{answer.At} {answer.Failed}" : answer.Failed;
    }

    private Answer AskWorker(string line, Action<string> reached)
    {
        var process = _worker ??= Start();
        try
        {
            process.StandardInput.WriteLine(line);
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended, and so have its answers, which are read below.
        }

        for (string? at = null; ;)
        {
            var answer = process.StandardOutput.ReadLineAsync();
            if (!Answered(process, answer)) { Stop(); return new(at, "hangs", IsLost: true); }
            if (answer.Result is not { } said) { Stop(); return new(at, "ends the process", IsLost: true); }
            if (said.StartsWith("> ", StringComparison.Ordinal)) at = said[2..];
            else if (said.StartsWith("< ", StringComparison.Ordinal)) reached(said[2..]);
            else return new(at, said == "passed" ? null : said["failed ".Length..], IsLost: false);
        }
    }

    private static bool Answered(Process process, Task line)
    {
        var (watch, before) = (Stopwatch.StartNew(), ProcessorTime(process));
        while (!line.Wait(200))
        {
            if (process.HasExited) { line.Wait(); return true; }
            if (ProcessorTime(process) - before > MaxProcessor || watch.Elapsed > MaxWait) return false;
        }

        return true;
    }

    // Zero for a process that has ended.
    private static TimeSpan ProcessorTime(Process process)
    {
        try
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            return TimeSpan.Zero;
        }
    }

    private Process Start()
    {
        _given = 1;
        string[] arguments =
            [typeof(Tests).Assembly.Location, "worker", root, _replaced, $"{Environment.ProcessId}"];
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["DOTNET_GCHeapHardLimit"] = HeapLimit },
        };
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { }; // a stack overflow prints the stack, which would fill the pipe
        process.BeginErrorReadLine();
        return process;
    }

    private void Stop()
    {
        if (_worker is null) return;
        if (!_worker.HasExited) _worker.Kill(entireProcessTree: true);
        _worker.WaitForExit();
        _worker.Dispose();
        _worker = null;
    }

    public void Dispose()
    {
        Stop();
        if (Directory.Exists(_replaced)) Directory.Delete(_replaced, recursive: true);
    }

    // At: the class that was running. IsLost: the worker hung or ended, and did not answer.
    private readonly record struct Answer(string? At, string? Failed, bool IsLost);
}
