using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Guerdon.Metering;

namespace Guerdon.Chaos;

/// <summary>Calls of every dialect, as streams and as whole answers, each told apart by its path.</summary>
internal sealed class StopCalls(Uri gateway, string key) : IDisposable
{
    /// <summary>Paths whose answers are streams; the last is Gemini's array.</summary>
    public static readonly IReadOnlyList<string> Streams =
    [
        "/v1/chat/completions", "/v1/responses", "/v1/messages",
        "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
        "/v1beta/models/gemini-2.5-flash:streamGenerateContent",
    ];

    /// <summary>The same APIs with whole answers.</summary>
    public static readonly IReadOnlyList<string> Bodies =
    [
        "/v1/chat/completions#", "/v1/responses#", "/v1/messages#", "/v1beta/models/gemini-2.5-flash:generateContent#",
    ];

    private readonly HttpClient _http = new() { BaseAddress = gateway, Timeout = TimeSpan.FromMinutes(3) };
    private int _begun;

    /// <summary>What came of a call.</summary>
    public sealed record Answer(string Api, int Status, string Text, TimeSpan Took)
    {
        public RequestId Id { get; init; }
        public TimeSpan? RetryAfter { get; init; }
        public bool IsClosed { get; init; }

        /// <summary>It ended as its dialect's answers end.</summary>
        public bool IsWhole => Status == 200 && !HasError && Api switch
        {
            "/v1/chat/completions" => Text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal),
            "/v1/responses" => Text.Contains("event: response.completed\n", StringComparison.Ordinal),
            "/v1/messages" => Text.Contains("event: message_stop\n", StringComparison.Ordinal),
            _ when Api.EndsWith("alt=sse", StringComparison.Ordinal) =>
                Text.Contains("\"finishReason\"", StringComparison.Ordinal),
            _ => JsonNode.Parse(Text) is not null,
        };

        /// <summary>Its last event, or the whole of it, is the error of a node that stops, in its dialect.</summary>
        public bool HasError
        {
            get
            {
                if (!Text.Contains("gateway.stopping", StringComparison.Ordinal)) return false;
                var last = LastJson();
                var error = last?["error"];
                return Api switch
                {
                    _ when Api.Contains("/v1beta/", StringComparison.Ordinal) =>
                        (int?)error?["code"] == 503 && (string?)error["status"] == "UNAVAILABLE",
                    _ when Api.StartsWith("/v1/messages", StringComparison.Ordinal) =>
                        (string?)last?["type"] == "error" && (string?)error?["type"] == "api_error",
                    "/v1/responses" when Status == 200 => (string?)last?["type"] == "error"
                        && (int?)last["sequence_number"] > 0 && (string?)error?["code"] == "gateway.stopping",
                    _ => (string?)error?["code"] == "gateway.stopping",
                };
            }
        }

        // Every event must be whole JSON: half of one before the error would break its reader.
        private JsonNode? LastJson()
        {
            if (!Text.Contains("data: ", StringComparison.Ordinal))
                return JsonNode.Parse(Text) is JsonArray array ? array[^1] : JsonNode.Parse(Text);
            return Text.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
                .Select(line => JsonNode.Parse(line["data: ".Length..])).Last();
        }
    }

    /// <summary>Waits until so many streams have begun.</summary>
    public async Task BegunAsync(int streams)
    {
        for (var tries = 0; Volatile.Read(ref _begun) < streams; tries++)
        {
            Assert.True(tries < 400, $"{_begun} of {streams} streams began.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public async Task<Answer> AskAsync(string api, string directives)
    {
        var watch = Stopwatch.StartNew();
        using var request = new HttpRequestMessage(HttpMethod.Post, api.TrimEnd('#'))
        {
            Content = new StringContent(BodyOf(api, directives), Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("x-api-key", key);
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Interlocked.Increment(ref _begun);
        var text = await answer.Content.ReadAsStringAsync();
        _ = RequestId.TryParse(answer.Headers.TryGetValues("x-guerdon-request-id", out var ids)
            ? ids.Single() : IdIn(answer), out var id);
        return new(api, (int)answer.StatusCode, text, watch.Elapsed)
        {
            Id = id, RetryAfter = answer.Headers.RetryAfter?.Delta, IsClosed = answer.Headers.ConnectionClose is true,
        };
    }

    private static string? IdIn(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("x-request-id", out var ids) || answer.Headers.TryGetValues("request-id", out ids)
            ? ids.First() : null;

    private static string BodyOf(string api, string directives)
    {
        var text = $"Explain. {directives}";
        var stream = api.EndsWith('#') ? "false" : "true";
        return api switch
        {
            _ when api.Contains("/v1beta/", StringComparison.Ordinal) => $$$"""
                {"contents":[{"role":"user","parts":[{"text":"{{{text}}}"}]}],
                 "generationConfig":{"maxOutputTokens":400}}
                """,
            _ when api.StartsWith("/v1/responses", StringComparison.Ordinal) => $$"""
                {"model":"gpt-6-luna","input":"{{text}}","max_output_tokens":400,"store":false,"stream":{{stream}}}
                """,
            _ when api.StartsWith("/v1/messages", StringComparison.Ordinal) => $$"""
                {"model":"claude-haiku-4-5","max_tokens":400,"stream":{{stream}},
                 "messages":[{"role":"user","content":"{{text}}"}]}
                """,
            _ => $$"""
                {"model":"gpt-6-luna","max_tokens":400,"stream":{{stream}},
                 "messages":[{"role":"user","content":"{{text}}"}]}
                """,
        };
    }

    public void Dispose() => _http.Dispose();
}
