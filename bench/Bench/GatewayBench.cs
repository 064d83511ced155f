using System.Globalization;
using Guerdon.Host.Database;
using Guerdon.Metering.Audit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Guerdon.Bench;

/// <summary>
/// The gateway, metering, holding and booking on, beside a bare Kestrel proxy, nginx, Portkey's gateway and the mock
/// itself: throughput of whole answers and of streams, CPU and memory per request, what it allocates, and the time it
/// adds to the first byte. All on one machine, in turn, medians.
/// </summary>
internal static class GatewayBench
{
    private const string Bare = "bare proxy";
    private const string Stip = "guerdon, metering on";
    private const string Nginx = "nginx";
    private const string Direct = "direct";
    private const string Portkey = "portkey (meters nothing)";
    private const int Wallets = 64;
    private const string MockUrl = "http://127.0.0.1:18090";
    private const string BareUrl = "http://127.0.0.1:18091";
    private const string NginxUrl = "http://127.0.0.1:18092";
    private const string GuerdonUrl = "http://127.0.0.1:18093";
    private const string PortkeyUrl = "http://127.0.0.1:18094";
    private const string CountedUrl = "http://127.0.0.1:18095";
    private const int BareCounter = 18101;
    private const int GuerdonCounter = 18103;

    public const string Body = """{"model":"gpt-5-mini","max_completion_tokens":256,"messages":[{"role":"user","content":"Name three risks of the migration plan."}]}""";

    private static readonly string StreamBody = Body[..^1] + ",\"stream\":true}";

    private static readonly HashSet<string> Warmed = [];

    private sealed record Stages(Stage Mock, Stage Bare, Stage? Nginx, Stage Guerdon, Stage? Portkey, int Database);

    private sealed record Scripts(string Plain, string Portkey);

    public static async Task<int> RunAsync(bool quick)
    {
        var home = Directory.CreateTempSubdirectory("guerdon-bench-").FullName;
        await using var cluster = await PrivateCluster.StartAsync(
            new PrivateClusterOptions(home), TimeProvider.System, NullLogger.Instance, default);
        await using var db = DatabaseSetup.Pool(
            new NpgsqlConnectionStringBuilder(cluster.ConnectionString()), new DatabaseOptions { Home = home });
        await cluster.MigrateAsync(default);
        var keys = await BenchWallets.FundAsync(db, Wallets);

        await using var mock = await Stage.OfBenchAsync($"mock {MockUrl}", MockUrl);
        await using var bare = await Stage.OfBenchAsync($"proxy {BareUrl} {MockUrl}", BareUrl);
        await using var nginx = await Peers.NginxAsync(home, NginxUrl, MockUrl);
        await using var portkey = await Peers.PortkeyAsync(PortkeyUrl);
        await using var guerdon = await Stage.GuerdonAsync(home, cluster, GuerdonUrl, MockUrl);
        var stages = new Stages(mock, bare, nginx, guerdon, portkey, cluster.Pid);

        var whole = Of("whole", Body);
        var (rounds, seconds) = quick ? (1, 4) : (3, 4);
        foreach (var connections in quick ? new[] { 64 } : [1, 16, 64, 256])
            await ThroughputAsync($"{connections} connections", connections, rounds, seconds, whole, stages);
        await ThroughputAsync(
            $"64 connections, streams of {Mock.Chunks} events", 64, rounds, seconds, Of("stream", StreamBody), stages);
        await FirstByteAsync("the provider answers at once", Body, keys, quick ? 3 : 8);
        await FirstByteAsync("the provider takes 25 ms", Body.Replace("Name", Mock.Later + " Name", StringComparison.Ordinal), keys, quick ? 3 : 8);
        await AllocationsAsync(whole.Plain, home, cluster);
        await MemoryAsync(quick ? 50_000 : 200_000, whole.Plain, guerdon);

        await Task.Delay(500);
        await foreach (var finding in VerifyEverything.RunAsync(db, null, default))
            throw new InvalidOperationException($"The bench broke the books: {finding}");
        Console.WriteLine("\nverify: nothing found.");
        return 0;

        Scripts Of(string name, string body) => new(
            Wrk.Script(home, name, keys, body),
            Wrk.Script(home, name + "-portkey", keys, body, Peers.PortkeyHeaders(MockUrl)));
    }

    private static async Task ThroughputAsync(
        string title, int connections, int rounds, int seconds, Scripts scripts, Stages on)
    {
        Console.WriteLine($"\n{title}");
        var table = new Table("requests/s", Bare);
        var cpu = new Dictionary<string, List<double>>();
        var database = new List<double>();
        var memory = new Dictionary<string, double>();
        foreach (var url in (string[])[BareUrl, GuerdonUrl]) await WarmAsync(url, connections, scripts.Plain);
        if (on.Portkey is not null) await WarmAsync(PortkeyUrl, connections, scripts.Portkey);
        for (var round = 0; round < rounds; round++)
        {
            await OneAsync(Direct, MockUrl, on.Mock);
            if (on.Nginx is not null) await OneAsync(Nginx, NginxUrl, on.Nginx);
            await OneAsync(Bare, BareUrl, on.Bare);
            await OneAsync(Stip, GuerdonUrl, on.Guerdon);
            if (on.Portkey is not null) await OneAsync(Portkey, PortkeyUrl, on.Portkey);
        }

        table.Print();
        Console.WriteLine("\n| what | CPU µs/request | memory MB |\n|---|---:|---:|");
        foreach (var (name, used) in cpu) Line($"| {name} | {Table.Median(used):N1} | {memory[name]:N0} |");
        Line($"| guerdon's database | {Table.Median(database):N1} | |");
        if (on.Portkey is not null) Line($"\nguerdon beside portkey: {table.Median(Stip) / table.Median(Portkey):N1}");

        async Task OneAsync(string name, string url, Stage stage)
        {
            var (before, stored) = (stage.CpuSeconds(), Stage.CpuSeconds(on.Database));
            var (perSecond, requests) = await Wrk.RunAsync(
                url, connections, seconds, name == Portkey ? scripts.Portkey : scripts.Plain);
            (cpu.TryGetValue(name, out var list) ? list : cpu[name] = []).Add((stage.CpuSeconds() - before) * 1e6 / requests);
            if (name == Stip) database.Add((Stage.CpuSeconds(on.Database) - stored) * 1e6 / requests);
            memory[name] = stage.MemoryMb();
            table.Add(name, perSecond);
        }
    }

    // The just-in-time compiler works beside the first hundred thousand requests, and would be measured with them.
    private static async Task WarmAsync(string url, int connections, string script)
    {
        var most = Warmed.Add(url) ? 8 : 1;
        double last, now = 0;
        var tries = 0;
        do
        {
            last = now;
            (now, _) = await Wrk.RunAsync(url, connections, 8, script);
        }
        while (++tries < most && now > last * 1.03);
    }

    // At half of what it can take or less, paced by the clock and not by the answers.
    private static async Task FirstByteAsync(string title, string body, IReadOnlyList<string> keys, int seconds)
    {
        const int perSecond = 3_000;
        Line($"\nfirst byte at {perSecond:N0} requests/s, open loop; {title}");
        var direct = await Pace.RunAsync(MockUrl, keys, body, perSecond, seconds);
        var bare = await Pace.RunAsync(BareUrl, keys, body, perSecond, seconds);
        var guerdon = await Pace.RunAsync(GuerdonUrl, keys, body, perSecond, seconds);
        Console.WriteLine("| what | p50 ms | p99 ms | added p50 | added p99 |\n|---|---:|---:|---:|---:|");
        foreach (var (name, l) in ((string, (double P50, double P99))[])[(Direct, direct), (Bare, bare), (Stip, guerdon)])
            Line($"| {name} | {l.P50:N2} | {l.P99:N2} | {l.P50 - direct.P50:N2} | {l.P99 - direct.P99:N2} |");
    }

    private static async Task AllocationsAsync(string script, string home, PrivateCluster cluster)
    {
        await using var counted = await Stage.GuerdonAsync(
            home, cluster, CountedUrl, MockUrl, $"Bench.dll guerdon {GuerdonCounter}");
        await WarmAsync(CountedUrl, 16, script);
        Console.WriteLine("\n| what | bytes allocated/request |\n|---|---:|");
        foreach (var (name, url, port) in ((string, string, int)[])[(Bare, BareUrl, BareCounter), (Stip, CountedUrl, GuerdonCounter)])
        {
            var before = await Counted.AskAsync(port);
            var (_, requests) = await Wrk.RunAsync(url, 16, 4, script);
            Line($"| {name} | {(await Counted.AskAsync(port) - before) / requests:N0} |");
        }
    }

    private static async Task MemoryAsync(int requests, string script, Stage guerdon)
    {
        Line($"\n| requests, of {requests:N0} | memory MB |\n|---|---:|\n| 0 | {guerdon.MemoryMb():N0} |");
        for (double done = 0, next = requests / 5d; done < requests;)
        {
            done += (await Wrk.RunAsync(GuerdonUrl, 64, 2, script)).Requests;
            if (done < next) continue;
            Line($"| {done:N0} | {guerdon.MemoryMb():N0} |");
            while (next <= done) next += requests / 5d;
        }
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
