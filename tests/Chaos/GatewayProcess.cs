using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Guerdon.Tests;

namespace Guerdon.Chaos;

/// <summary>The real program, <c>guerdon serve</c>, in a process that can be killed.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(0.5);

    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60); // a busy machine compiles slowly
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(40);
    private static readonly string Home = TestHome.New();

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private GatewayProcess(Process process, int port)
    {
        (_process, Address) = (process, AddressOf(port));
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    /// <summary>The last that it said.</summary>
    public string LastWords => string.Join('\n', _lines);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static Uri AddressOf(int port) => new($"http://127.0.0.1:{port}");

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts it and waits until it takes calls.</summary>
    /// <param name="scene">Its database and provider.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="finishWithin">How long calls may run on when it is told to stop; null: as long as usual.</param>
    /// <param name="settings">Others, by their path.</param>
    public static async Task<GatewayProcess> StartAsync(
        Scene scene, int port, string? finishWithin = null, params (string Path, string Value)[] settings)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "guerdon.dll");
        var start = new ProcessStartInfo("dotnet", [program, "serve", "--listen", AddressOf(port).AbsoluteUri])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Home,
        };
        start.Environment["GUERDON_DB"] = scene.ConnectionString;
        start.Environment["GUERDON_HOME"] = Home;
        Configure(start, "Gateway__Providers__openai__Dialect", "OpenAi");
        Configure(start, "Gateway__Providers__openai__BaseUrl", scene.SandboxAddress);
        Configure(start, "Gateway__LocalProviders__0", "127.0.0.1");
        Configure(start, "Gateway__Providers__openai__ApiKey", "sandbox");
        (string, string)[] others = [("anthropic", "Anthropic"), ("google-ai-studio", "Gemini")];
        foreach (var (provider, dialect) in others)
        {
            Configure(start, $"Gateway__Providers__{provider}__Dialect", dialect);
            Configure(start, $"Gateway__Providers__{provider}__BaseUrl", scene.SandboxAddress);
            Configure(start, $"Gateway__Providers__{provider}__ApiKey", "sandbox");
        }

        if (finishWithin is not null) Configure(start, "Gateway__FinishWithin", finishWithin);
        Configure(start, "Gateway__Admission__Lease", Lease.ToString("c", CultureInfo.InvariantCulture));
        Configure(start, "Gateway__Admission__Heartbeat", Heartbeat.ToString("c", CultureInfo.InvariantCulture));

        foreach (var (path, value) in settings)
            Configure(start, path.Replace(":", "__", StringComparison.Ordinal), value);

        var started = new GatewayProcess(Process.Start(start)!, port);
        await started.ReadyAsync();
        return started;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Ct);
    }

    /// <summary>Asks it to stop, as a service manager does, and waits until it has.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync()
    {
        Signal("TERM");
        return await EndedAsync();
    }

    /// <summary>Waits until it has ended, whoever told it to.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndedAsync()
    {
        await _process.WaitForExitAsync(Ct).WaitAsync(StopWithin, Ct);
        return _process.ExitCode;
    }

    /// <summary>Sends a signal by its name.</summary>
    public void Signal(string name)
    {
        var pid = _process.Id.ToString(CultureInfo.InvariantCulture);
        using var kill = Process.Start("sh", ["-c", "kill -\"$0\" \"$1\"", name, pid]);
        kill.WaitForExit();
    }

    private async Task ReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = Address };
        var deadline = TimeProvider.System.GetUtcNow() + StartWithin;
        while (TimeProvider.System.GetUtcNow() < deadline && !_process.HasExited)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("/readyz", UriKind.Relative), Ct);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(50, Ct);
        }

        throw new InvalidOperationException($"The gateway did not start:\n{LastWords}");
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        _lines.Enqueue(line);
        if (_lines.Count > 200) _lines.TryDequeue(out _);
    }

    private static void Configure(ProcessStartInfo start, string name, string value) =>
        start.Environment["GUERDON_CONFIG_" + name] = value;

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
        return ValueTask.CompletedTask;
    }
}
