using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Guerdon.Host.Verbs;
using Guerdon.Metering.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Host;

/// <summary>Every route of the gateway, given what nobody should send, with a key that is good and a wallet that has
/// enough: what passes the reader is held for, sent to a provider, relayed and settled.</summary>
public sealed class GatewayWalkTests(RunningApp running) : IClassFixture<RunningApp>
{
    private readonly EndpointRequests _requests = new(running.Address);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IEnumerable<RouteEndpoint> Endpoints => running.App.Services.GetRequiredService<EndpointDataSource>()
        .Endpoints.OfType<RouteEndpoint>();

    [Fact]
    public async Task Gateway_EdgeValuesWithAKey_NeverGive500AndCostNoMoreThanTheirHolds()
    {
        await running.FundAsync(10_000_000_000);
        var (bad, answered) = (new ConcurrentBag<string>(), 0);
        foreach (var endpoint in Endpoints.Where(IsGateway))
            await Parallel.ForEachAsync(
                _requests.RequestsOf(endpoint).Concat(CallsOf(endpoint)), Ct, async (make, ct) =>
                {
                    using var request = make();
                    var what = $"{request.Method} {EndpointRequests.Short(request.RequestUri!.OriginalString)}"
                        + $" {await EndpointRequests.BodyOfAsync(request)}";
                    using var response = await running.Caller.SendAsync(request, ct);
                    var status = (int)response.StatusCode;
                    if (status is >= 500 or 401) bad.Add($"{what}\n    {response.StatusCode}");
                    if (status == StatusCodes.Status200OK && response.Headers.Contains("x-guerdon-request-id"))
                        Interlocked.Increment(ref answered);
                });

        Assert.True(bad.IsEmpty, running.Told(bad));
        Assert.True(answered > 300, $"Only {answered} calls were answered by a provider.");
        await AssertSettledAsync(answered);
    }

    // What was answered is booked, nothing costs more than was held for it, and the books are sound.
    private async Task AssertSettledAsync(int answered)
    {
        var since = Stopwatch.StartNew();
        while (await running.NumberAsync("select coalesce(sum(amount_milli), 0)::bigint from ledger.v_escrow") != 0)
        {
            Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
            await Task.Delay(200, Ct);
        }

        await running.App.Services.GetRequiredService<RequestJournal>().DrainAsync();
        Assert.True(await running.NumberAsync("select count(*) from metering.request") >= answered);
        Assert.Equal(0, await running.NumberAsync(
            "select count(*) from metering.request where greatest(charged_milli, cost_milli) > held_milli"));
        Assert.Equal(0, await running.NumberAsync("select count(*) from gateway.v_wallet_stop"));
        var report = await Verify.RunAsync(running.Db, static _ => { }, Ct);
        Assert.True(report.Sound, string.Join('\n', report.First));
    }

    private static bool IsGateway(RouteEndpoint endpoint) =>
        endpoint.Metadata.Any(m => m.GetType().Name == "ShortCircuitMetadata");

    private IEnumerable<Func<HttpRequestMessage>> CallsOf(RouteEndpoint endpoint)
    {
        const string chat = """
            {"model":"gpt-5-mini","max_completion_tokens":100,"stream":true,"stream_options":{"include_usage":true},
             "temperature":1,"stop":["x"],"tools":[{"type":"function","function":{"name":"f","parameters":{}}}],
             "messages":[{"role":"user","content":[{"type":"text","text":"x"},
              {"type":"image_url","image_url":{"url":"https://example.com/a.png","detail":"low"}}]}]}
            """;
        const string messages = """
            {"model":"claude-haiku-4-5","max_tokens":100,"system":[{"type":"text","text":"x"}],
             "tools":[{"name":"f","input_schema":{}},{"type":"web_search_20250305","name":"web_search","max_uses":1}],
             "messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"image",
              "source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}]}]}
            """;
        const string responses = """
            {"model":"gpt-5-mini","max_output_tokens":100,"input":[{"role":"user","content":[
              {"type":"input_text","text":"x"}]}],"tools":[{"type":"web_search"}],"store":false,
             "reasoning":{"effort":"low"}}
            """;
        const string gemini = """
            {"contents":[{"role":"user","parts":[{"text":"x"},
              {"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}}]}],"tools":[{"googleSearch":{}}],
             "generationConfig":{"maxOutputTokens":100,"temperature":1,"stopSequences":["x"]}}
            """;
        const string job = """
            {"model":"gpt-4o-mini-2024-07-18","training_file":"file-1","suffix":"x","seed":1,
             "hyperparameters":{"n_epochs":1}}
            """;
        var route = endpoint.RoutePattern.RawText!;
        var (path, sample) = route switch
        {
            "/v1/chat/completions" => (route, chat),
            "/v1/messages" or "/v1/messages/count_tokens" => (route, messages),
            "/v1/responses" or "/v1/responses/compact" => (route, responses),
            "/v1/fine_tuning/jobs" => (route, job),
            "/v1beta/models/{call}" => ("/v1beta/models/gemini-2.5-flash:generateContent", gemini),
            _ => (route, null),
        };
        if (sample is null || endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is not ["POST"])
            yield break;
        foreach (var json in EdgeValues.JsonOf(JsonNode.Parse(sample)!))
            yield return _requests.Make("POST", path, Encoding.UTF8.GetBytes(json), "application/json");
        foreach (var bytes in EdgeValues.BytesOf(sample))
            yield return _requests.Make("POST", path, bytes, "application/json");
        foreach (var (encoding, bytes) in Compressed(Encoding.UTF8.GetBytes(sample)))
            yield return () =>
            {
                var request = _requests.Make("POST", path, bytes, "application/json")();
                request.Content!.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
                return request;
            };
    }

    private static IEnumerable<(string Encoding, byte[] Bytes)> Compressed(byte[] body)
    {
        var whole = Gzip(body);
        string[] names = ["gzip", "GZIP", "x-gzip", "br", "deflate", "zstd", "identity", "gzip, gzip"];
        foreach (var encoding in names)
            yield return (encoding, whole);
        yield return ("gzip", body);
        yield return ("gzip", whole[..(whole.Length / 2)]);
        yield return ("gzip", [.. whole, .. whole]);
        yield return ("gzip", Gzip(new byte[50_000_000]));
        yield return ("gzip", Gzip([]));
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var whole = new MemoryStream();
        using (var gzip = new GZipStream(whole, CompressionLevel.Fastest)) gzip.Write(bytes);
        return whole.ToArray();
    }
}
