using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Dapper;
using Guerdon.Host.Database;
using Guerdon.Metering.Audit;
using Guerdon.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Guerdon.Bench;

/// <summary>
/// kill -TERM with ten streams of a minute under way, twenty times: every one arrives whole, new calls are refused at
/// once, the program ends with 0, nothing is in escrow, and the books match.
/// </summary>
internal static class StopBench
{
    private const int Streams = 10;
    private const string Url = "http://127.0.0.1:18094";

    /// <param name="rounds">How often.</param>
    /// <param name="seconds">How long each stream takes, about.</param>
    public static async Task<int> RunAsync(int rounds, int seconds)
    {
        var home = Directory.CreateTempSubdirectory("guerdon-bench-").FullName;
        await using var cluster = await PrivateCluster.StartAsync(
            new PrivateClusterOptions(home), TimeProvider.System, NullLogger.Instance, default);
        await using var db = DatabaseSetup.Pool(
            new NpgsqlConnectionStringBuilder(cluster.ConnectionString()), new DatabaseOptions { Home = home });
        await cluster.MigrateAsync(default);
        var keys = await BenchWallets.FundAsync(db, Streams);
        await using var sandbox = SandboxModule.Create(new SandboxOptions(), "http://127.0.0.1:0");
        await sandbox.StartAsync();

        var bad = 0;
        for (var round = 1; round <= rounds; round++)
        {
            var (line, isGood) = await RoundAsync(home, cluster, db, sandbox.Urls.First(), keys, seconds);
            Console.WriteLine($"round {round,2}: {line}");
            if (!isGood) bad++;
        }

        await foreach (var finding in VerifyEverything.RunAsync(db, null, default))
        {
            Console.WriteLine($"The books do not match: {finding}");
            bad++;
        }

        Console.WriteLine(bad == 0 ? $"{rounds} rounds: all whole, exit 0, nothing in escrow, verify found nothing." : $"{bad} faults.");
        return bad == 0 ? 0 : 1;
    }

    private static async Task<(string Line, bool IsGood)> RoundAsync(
        string home, PrivateCluster cluster, NpgsqlDataSource db, string provider, IReadOnlyList<string> keys, int seconds)
    {
        await using var guerdon = await Stage.GuerdonAsync(home, cluster, Url, provider);
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
        var watch = Stopwatch.StartNew();
        var begun = new CountdownEvent(Streams);
        var streams = keys.Select(key => StreamAsync(http, key, seconds, begun)).ToList();
        await Task.Run(() => begun.Wait(TimeSpan.FromMinutes(1)));

        var ending = guerdon.TermAsync();
        await Task.Delay(200);
        using var fresh = new HttpClient();
        using var ready = await fresh.GetAsync(new Uri(Url + "/readyz"));
        using var refused = await fresh.SendAsync(Call(keys[0], 1));
        var whole = (await Task.WhenAll(streams)).Count(isWhole => isWhole);
        var took = watch.Elapsed;
        var code = await ending;

        await using var connection = await db.OpenConnectionAsync();
        var escrow = await connection.ExecuteScalarAsync<long>("select coalesce(sum(amount_milli), 0)::bigint from ledger.v_escrow");
        var isRefused = (ready.StatusCode, refused.StatusCode) is (HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable)
            && refused.Headers.RetryAfter is not null;
        return (string.Create(CultureInfo.InvariantCulture,
            $"{whole} of {Streams} whole after {took.TotalSeconds:N1} s, refused meanwhile {isRefused}, exit {code}, in escrow {escrow}"),
            whole == Streams && isRefused && code == 0 && escrow == 0);
    }

    private static async Task<bool> StreamAsync(HttpClient http, string key, int seconds, CountdownEvent begun)
    {
        using var request = Call(key, seconds);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        begun.Signal();
        var text = await answer.Content.ReadAsStringAsync();
        return answer.StatusCode == HttpStatusCode.OK && text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal);
    }

    // The sandbox sends about fifty chunks for fifty tokens.
    private static HttpRequestMessage Call(string key, int seconds)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Url + "/v1/chat/completions"))
        {
            Content = new StringContent(
                $$"""{"model":"gpt-6-luna","stream":true,"max_tokens":100,"messages":[{"role":"user","content":"[tokens=50; chunk-delay={{seconds * 20}}]"}]}""",
                Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        return request;
    }
}
