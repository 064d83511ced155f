using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Stipend.Gateway;
using Stipend.Host.Database;
using Stipend.Kernel;
using Stipend.Ledger;
using Stipend.Metering;

namespace Stipend.Bench;

/// <summary>
/// The gateway, metering, holding and booking on, beside a bare Kestrel proxy, nginx and the mock itself: throughput,
/// CPU and memory per request, and added first-byte latency at half load. All on one machine, in turn, medians.
/// </summary>
internal static partial class GatewayBench
{
    private const string Bare = "bare proxy";
    private const string Stip = "stipend, metering on";
    private const string Nginx = "nginx";
    private const string Direct = "direct";
    private const int Wallets = 64;
    private const string MockUrl = "http://127.0.0.1:18090";
    private const string BareUrl = "http://127.0.0.1:18091";
    private const string NginxUrl = "http://127.0.0.1:18092";
    private const string StipendUrl = "http://127.0.0.1:18093";

    public const string Body = """{"model":"gpt-5-mini","max_completion_tokens":256,"messages":[{"role":"user","content":"Name three risks of the migration plan."}]}""";

    public static async Task<int> RunAsync(bool quick)
    {
        var home = Directory.CreateTempSubdirectory("stipend-bench-").FullName;
        await using var cluster = await PrivateCluster.StartAsync(
            new PrivateClusterOptions(home), TimeProvider.System, NullLogger.Instance, default);
        await using var db = DatabaseSetup.Pool(
            new NpgsqlConnectionStringBuilder(cluster.ConnectionString()), new DatabaseOptions { Home = home });
        await new Migrator(db, NullLogger.Instance).MigrateAsync(default);
        var keys = await BenchWallets.FundAsync(db, Wallets);

        var self = Environment.ProcessPath!;
        var dll = Path.Combine(AppContext.BaseDirectory, "Bench.dll");
        await using var mock = await Stage.StartAsync(self, $"{dll} mock {MockUrl}", MockUrl);
        await using var bare = await Stage.StartAsync(self, $"{dll} proxy {BareUrl} {MockUrl}", BareUrl);
        await using var nginx = await StartNginxAsync(home);
        await using var stipend = await Stage.StartAsync(self,
            $"{Path.Combine(AppContext.BaseDirectory, "stipend.dll")} serve --listen {StipendUrl}", StipendUrl + "/healthz",
            new Dictionary<string, string?>
            {
                ["STIPEND_DB"] = cluster.ConnectionString(), ["STIPEND_HOME"] = home,
                ["STIPEND_CONFIG_Gateway__Providers__openai__Dialect"] = "OpenAi",
                ["STIPEND_CONFIG_Gateway__Providers__openai__BaseUrl"] = MockUrl,
                ["STIPEND_CONFIG_Gateway__Providers__openai__ApiKey"] = "bench",
            });
        var script = WriteScript(home, keys);

        var rounds = quick ? 1 : 3;
        foreach (var connections in quick ? new[] { 64 } : [16, 64])
            await ThroughputAsync(connections, rounds, quick ? 4 : 6, script, (mock, bare, nginx, stipend, cluster));
        await LatencyAsync(keys, quick ? 3 : 6);

        await Task.Delay(500);
        await foreach (var finding in VerifyEverything.RunAsync(db, null, default))
            throw new InvalidOperationException($"The bench broke the books: {finding}");
        Console.WriteLine("verify: nothing found.");
        return 0;
    }

    private static async Task ThroughputAsync(
        int connections, int rounds, int seconds, string script,
        (Stage Mock, Stage Bare, Stage? Nginx, Stage Stipend, PrivateCluster Db) on)
    {
        Console.WriteLine($"\n{connections} connections");
        var table = new Table("requests/s", Bare);
        var cpu = new Dictionary<string, List<double>>();
        var database = new List<double>();
        var memory = new Dictionary<string, double>();
        foreach (var url in (string[])[BareUrl, StipendUrl]) await WarmAsync(url, connections, script);
        for (var round = 0; round < rounds; round++)
        {
            await OneAsync(Direct, MockUrl, on.Mock);
            if (on.Nginx is not null) await OneAsync(Nginx, NginxUrl, on.Nginx);
            await OneAsync(Bare, BareUrl, on.Bare);
            await OneAsync(Stip, StipendUrl, on.Stipend, on.Db.Pid);
        }

        table.Print();
        Console.WriteLine("\n| what | CPU µs/request | memory MB |\n|---|---:|---:|");
        foreach (var (name, used) in cpu)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {Table.Median(used):N1} | {memory[name]:N0} |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| stipend's database | {Table.Median(database):N1} | |"));

        async Task OneAsync(string name, string url, Stage stage, int? store = null)
        {
            var (before, stored) = (stage.CpuSeconds(), store is { } s ? Stage.CpuSeconds(s) : 0);
            var (perSecond, requests) = await WrkAsync(url, connections, seconds, script);
            (cpu.TryGetValue(name, out var list) ? list : cpu[name] = []).Add((stage.CpuSeconds() - before) * 1e6 / requests);
            if (store is { } pid) database.Add((Stage.CpuSeconds(pid) - stored) * 1e6 / requests);
            memory[name] = stage.MemoryMb();
            table.Add(name, perSecond);
        }
    }

    // The just-in-time compiler works beside the first hundred thousand requests, and would be measured with them.
    private static async Task WarmAsync(string url, int connections, string script)
    {
        double last, now = 0;
        var tries = 0;
        do
        {
            last = now;
            (now, _) = await WrkAsync(url, connections, 8, script);
        }
        while (++tries < 8 && now > last * 1.03);
    }

    // At half of what it can take, paced by the clock and not by the answers.
    private static async Task LatencyAsync(IReadOnlyList<string> keys, int seconds)
    {
        Console.WriteLine("\nfirst byte at 3,000 requests/s, open loop (well below half of the gateway's throughput)");
        var direct = await Pace.RunAsync(MockUrl, keys, 3_000, seconds);
        var bare = await Pace.RunAsync(BareUrl, keys, 3_000, seconds);
        var stipend = await Pace.RunAsync(StipendUrl, keys, 3_000, seconds);
        Console.WriteLine("| what | p50 ms | p99 ms | added p50 | added p99 |\n|---|---:|---:|---:|---:|");
        foreach (var (name, l) in ((string, (double P50, double P99))[])[(Direct, direct), (Bare, bare), (Stip, stipend)])
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {l.P50:N2} | {l.P99:N2} | {l.P50 - direct.P50:N2} | {l.P99 - direct.P99:N2} |"));
    }

    private static async Task<(double PerSecond, double Requests)> WrkAsync(string url, int connections, int seconds, string script)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "wrk", $"-t 2 -c {connections} -d {seconds}s -s {script} {url}/v1/chat/completions") { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (output.Contains("Non-2xx", StringComparison.Ordinal)) throw new InvalidOperationException($"{url} refused:\n{output}");
        return (double.Parse(PerSecond().Match(output).Groups[1].Value, CultureInfo.InvariantCulture),
            double.Parse(Requests().Match(output).Groups[1].Value, CultureInfo.InvariantCulture));
    }

    private static string WriteScript(string home, IReadOnlyList<string> keys)
    {
        var path = Path.Combine(home, "bench.lua");
        File.WriteAllText(path, $$"""
            local keys = { {{string.Join(", ", keys.Select(k => $"\"{k}\""))}} }
            local requests = {}
            local body = '{{Body}}'
            function init(args)
              for i, key in ipairs(keys) do
                requests[i] = wrk.format("POST", nil, { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. key }, body)
              end
            end
            local n = math.random(#keys)
            function request() n = n % #keys + 1; return requests[n] end
            """);
        return path;
    }

    private static async Task<Stage?> StartNginxAsync(string home)
    {
        if (!File.Exists("/usr/sbin/nginx")) { Console.WriteLine("nginx is not installed: left out."); return null; }
        var path = Path.Combine(home, "nginx.conf");
        await File.WriteAllTextAsync(path, $$"""
            daemon off; pid {{home}}/nginx.pid; error_log /dev/null; worker_processes 2;
            events { worker_connections 4096; }
            http { access_log off; client_body_temp_path {{home}}/body; proxy_temp_path {{home}}/proxy; fastcgi_temp_path {{home}}/f; uwsgi_temp_path {{home}}/u; scgi_temp_path {{home}}/s; keepalive_requests 1000000000;
              upstream mock { server 127.0.0.1:18090; keepalive 256; keepalive_requests 1000000000; }
              server { listen 127.0.0.1:18092; location / { proxy_pass http://mock; proxy_http_version 1.1; proxy_set_header Connection ""; } } }
            """);
        return await Stage.StartAsync("/usr/sbin/nginx", $"-c {path} -p {home}", NginxUrl);
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex PerSecond();

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Requests();
}

/// <summary>Wallets with money and a key each.</summary>
internal static class BenchWallets
{
    public static async Task<IReadOnlyList<string>> FundAsync(NpgsqlDataSource db, int count)
    {
        await using var ledger = new LedgerWriter(db,
            Microsoft.Extensions.Options.Options.Create(new LedgerOptions()), TimeProvider.System, NullLogger<LedgerWriter>.Instance);
        await ledger.StartAsync(default);
        var (issue, keys) = (new CreateKey.IssueKey(db, TimeProvider.System), new List<string>());
        var pool = new WalletId(new Guid(7, 9, 7, [0x80, 0, 0, 0, 0, 0, 0, 7]));
        for (var i = 0; i < count; i++)
        {
            var (wallet, amount) = (new WalletId(new Guid(i + 1, 9, 9, [0x80, 0, 0, 0, 0, 0, 0, 9])), new Tokens(1_000_000_000_000));
            await ledger.PostAsync(
            [
                new() { Kind = TransferKind.Fund, Wallet = WalletId.Treasury, To = pool, Amount = amount, Key = $"fund:{i}" },
                new() { Kind = TransferKind.Grant, Wallet = pool, To = wallet, Amount = amount, Key = $"grant:{i}", NewLot = new("work_compute", "bench", null) },
            ], null, default);
            keys.Add((await issue.RunAsync(wallet, new(null, "bench", null, null, null), default)).Key);
        }

        await ledger.StopAsync(default);
        return keys;
    }
}

/// <summary>An open-loop load: requests leave by the clock, and each one's first byte is timed from when it was due.</summary>
internal static class Pace
{
    public static async Task<(double P50, double P99)> RunAsync(string url, IReadOnlyList<string> keys, int perSecond, int seconds)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 256, UseProxy = false, ActivityHeadersPropagator = null };
        using var invoker = new HttpMessageInvoker(handler);
        var target = new Uri($"{url}/v1/chat/completions");
        var body = Encoding.UTF8.GetBytes(GatewayBench.Body);
        await OneAsync(0);

        var times = new List<Task<double>>();
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < perSecond * seconds;)
        {
            var due = Stopwatch.GetElapsedTime(begun).TotalSeconds * perSecond;
            for (; i < due && i < perSecond * seconds; i++) times.Add(OneAsync(i));
            await Task.Delay(1);
        }

        var sorted = (await Task.WhenAll(times)).Skip(times.Count / 4).Order().ToArray();
        return (sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100]);

        async Task<double> OneAsync(int i)
        {
            var start = Stopwatch.GetTimestamp();
            using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {keys[i % keys.Count]}");
            using var answer = await invoker.SendAsync(request, default);
            var first = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (answer.StatusCode != HttpStatusCode.OK) throw new InvalidOperationException($"{url}: {answer.StatusCode}");
            await answer.Content.CopyToAsync(Stream.Null);
            return first;
        }
    }
}
