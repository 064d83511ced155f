using System.Globalization;
using System.Net;
using System.Text;
using Dapper;
using Guerdon.Host.Database;
using Guerdon.Metering.Audit;
using Guerdon.Metering.Requests;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Guerdon.Bench;

/// <summary>
/// A thousand streams at once that each take a minute: every one arrives whole, is settled at exactly what its provider
/// counted, and the gateway's memory stays where it was.
/// </summary>
internal static class StreamsBench
{
    private const int Wallets = 64;
    private const string MockUrl = "http://127.0.0.1:18090";
    private const string GuerdonUrl = "http://127.0.0.1:18093";
    private const string Body = """{"model":"gpt-5-mini","stream":true,"max_completion_tokens":256,"messages":[{"role":"user","content":"[slow] Name three risks."}]}""";

    public static async Task<int> RunAsync(bool quick)
    {
        var streams = quick ? 200 : 1_000;
        var home = Directory.CreateTempSubdirectory("guerdon-bench-").FullName;
        await using var cluster = await PrivateCluster.StartAsync(
            new PrivateClusterOptions(home), TimeProvider.System, NullLogger.Instance, default);
        await using var db = DatabaseSetup.Pool(
            new NpgsqlConnectionStringBuilder(cluster.ConnectionString()), new DatabaseOptions { Home = home });
        await cluster.MigrateAsync(default);
        var keys = await BenchWallets.FundAsync(db, Wallets);
        await using var mock = await Stage.OfBenchAsync($"mock {MockUrl}", MockUrl);
        await using var guerdon = await Stage.GuerdonAsync(home, cluster, GuerdonUrl, MockUrl);

        using var handler = new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null };
        using var client = new HttpMessageInvoker(handler);
        var (memory, cpu) = (guerdon.MemoryMb(), guerdon.CpuSeconds());
        Line($"{streams:N0} streams of {Mock.SlowChunks} events, one each half second; memory before: {memory:N0} MB");
        var running = Task.WhenAll(Enumerable.Range(0, streams).Select(i => OneAsync(client, keys[i % keys.Count])));
        var most = memory;
        while (await Task.WhenAny(running, Task.Delay(5_000)) != running)
        {
            most = Math.Max(most, guerdon.MemoryMb());
            Line($"  memory {guerdon.MemoryMb():N0} MB, {guerdon.CpuSeconds() - cpu:N1} s of CPU so far");
        }

        var whole = (await running).Count(isWhole => isWhole);
        await Task.Delay(1_000);
        await using var connection = await db.OpenConnectionAsync();
        var exact = await connection.ExecuteScalarAsync<long>(
            "select count(*) from metering.request where state = @settled and outcome = @answered and input = 23 and output = @chunks",
            new { settled = (short)RecordState.Settled, answered = (short)Outcome.Answered, chunks = Mock.SlowChunks });
        await foreach (var finding in VerifyEverything.RunAsync(db, null, default))
            throw new InvalidOperationException($"The bench broke the books: {finding}");
        Line($"{whole:N0} arrived whole, {exact:N0} are settled at the provider's count, verify found nothing; ");
        Line($"at most {most:N0} MB: {(most - memory) * 1_024 / streams:N0} kB for each stream.");
        return whole == streams && exact == streams ? 0 : 1;
    }

    private static async Task<bool> OneAsync(HttpMessageInvoker client, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{GuerdonUrl}/v1/chat/completions"))
        {
            Content = new StringContent(Body, Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        using var answer = await client.SendAsync(request, default);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.StatusCode == HttpStatusCode.OK && text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal);
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
