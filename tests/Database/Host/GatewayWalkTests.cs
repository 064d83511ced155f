using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Stipend.Database.Host;

/// <summary>Every route of the gateway, given what nobody should send, with a key that is good.</summary>
public sealed class GatewayWalkTests(RunningApp running) : IClassFixture<RunningApp>
{
    private readonly EndpointRequests requests = new(running.Address);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IEnumerable<RouteEndpoint> Endpoints => running.App.Services.GetRequiredService<EndpointDataSource>()
        .Endpoints.OfType<RouteEndpoint>();

    // With a key that is good: what comes in is read to its end, priced and held for.
    [Fact]
    public async Task Gateway_EdgeValuesWithAKey_NeverGive500()
    {
        var (bad, read) = (new ConcurrentBag<string>(), 0);
        foreach (var endpoint in Endpoints.Where(IsGateway))
            await Parallel.ForEachAsync(
                requests.RequestsOf(endpoint).Concat(CallsOf(endpoint)), Ct, async (make, ct) =>
                {
                    using var request = make();
                    var what = $"{request.Method} {EndpointRequests.Short(request.RequestUri!.OriginalString)}"
                        + $" {await EndpointRequests.BodyOfAsync(request)}";
                    using var response = await running.Caller.SendAsync(request, ct);
                    var status = (int)response.StatusCode;
                    if (status is >= 500 or 401) bad.Add($"{what}\n    {response.StatusCode}");
                    if (status == StatusCodes.Status402PaymentRequired) Interlocked.Increment(ref read);
                });

        Assert.True(read > 100, $"Only {read} bodies were read to their end."); // there is no money in the wallet
        Assert.True(bad.IsEmpty, running.Told(bad));
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
            "/v1/chat/completions" => (route, chat), "/v1/messages" or "/v1/messages/count_tokens" => (route, messages),
            "/v1/responses" or "/v1/responses/compact" => (route, responses), "/v1/fine_tuning/jobs" => (route, job),
            "/v1beta/models/{call}" => ("/v1beta/models/gemini-2.5-flash:generateContent", gemini),
            _ => (route, null),
        };
        if (sample is null || endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is not ["POST"])
            yield break;
        foreach (var json in EdgeValues.JsonOf(JsonNode.Parse(sample)!))
            yield return requests.Make("POST", path, Encoding.UTF8.GetBytes(json), "application/json");
        foreach (var bytes in EdgeValues.BytesOf(sample))
            yield return requests.Make("POST", path, bytes, "application/json");
    }
}
