using System.Diagnostics;
using System.Globalization;
using Guerdon.Host.Database;

namespace Guerdon.Bench;

/// <summary>A program of the bench, in a process of its own so that its CPU and memory can be told apart.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private const double TicksPerSecond = 100; // the kernel's USER_HZ
    private readonly Process _process;

    private Stage(Process process) => _process = process;

    /// <summary>Another part of this program.</summary>
    public static Task<Stage> OfBenchAsync(
        string arguments, string url, IReadOnlyDictionary<string, string?>? environment = null) =>
        StartAsync(Environment.ProcessPath!, $"{Path.Combine(AppContext.BaseDirectory, "Bench.dll")} {arguments}", url, environment);

    /// <summary>Guerdon itself before a provider.</summary>
    /// <param name="program">What it is run by: itself, or this program, which then counts what it allocates.</param>
    public static Task<Stage> GuerdonAsync(
        string home, PrivateCluster cluster, string url, string provider, string program = "guerdon.dll") =>
        StartAsync(Environment.ProcessPath!, $"{Path.Combine(AppContext.BaseDirectory, program)} serve --listen {url}",
            url + "/healthz", new Dictionary<string, string?>
            {
                ["GUERDON_DB"] = cluster.ConnectionString(), ["GUERDON_HOME"] = home,
                ["GUERDON_CONFIG_Gateway__Providers__openai__Dialect"] = "OpenAi",
                ["GUERDON_CONFIG_Gateway__Providers__openai__BaseUrl"] = provider,
                ["GUERDON_CONFIG_Gateway__Providers__openai__ApiKey"] = "bench",
                ["GUERDON_CONFIG_Gateway__LocalProviders__0"] = "127.0.0.1",
            });

    public static async Task<Stage> StartAsync(
        string program, string arguments, string url, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        var process = Process.Start(start)!;
        var errors = new List<string>();
        process.ErrorDataReceived += (_, e) => { lock (errors) if (e.Data is { } line && errors.Count < 50) errors.Add(line); };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        for (var tries = 0; tries < 150; tries++)
        {
            if (process.HasExited) break;
            try
            {
                using var answer = await http.GetAsync(new Uri(url));
                return new(process);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                await Task.Delay(200);
            }
        }

        throw new InvalidOperationException($"{program} {arguments} did not answer at {url}:\n{string.Join('\n', errors)}");
    }

    /// <summary>CPU seconds used so far by the process and all below it.</summary>
    public double CpuSeconds() => CpuSeconds(_process.Id);

    /// <summary>The same of a process that the bench did not start itself.</summary>
    public static double CpuSeconds(int pid) => Tree(pid).Sum(CpuOf);

    public double MemoryMb() => Tree(_process.Id).Sum(MemoryOf);

    /// <summary>Asks it to stop, as a service manager does, and waits until it has.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TermAsync()
    {
        using (var term = Process.Start("kill", _process.Id.ToString(CultureInfo.InvariantCulture))) await term.WaitForExitAsync();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) using (var term = Process.Start("kill", _process.Id.ToString(CultureInfo.InvariantCulture))) await term.WaitForExitAsync();
        if (!_process.WaitForExit(20_000)) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static IEnumerable<int> Tree(int pid)
    {
        yield return pid;
        var all = Directory.Exists($"/proc/{pid}/task")
            ? Directory.GetDirectories($"/proc/{pid}/task").SelectMany(task => Read($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            : [];
        foreach (var child in all)
            foreach (var below in Tree(int.Parse(child, CultureInfo.InvariantCulture))) yield return below;
    }

    private static double CpuOf(int pid)
    {
        var stat = Read($"/proc/{pid}/stat");
        if (stat.Length == 0) return 0;
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static double MemoryOf(int pid) => Read($"/proc/{pid}/status").Split('\n')
        .Where(line => line.StartsWith("VmRSS", StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024).Sum();

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // it ended in the meantime
        }
    }
}
