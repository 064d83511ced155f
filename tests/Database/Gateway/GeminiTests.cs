using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Guerdon.Metering.Requests;
using Guerdon.Pricing.Costing;

namespace Guerdon.Database.Gateway;

/// <summary>Gemini through the gateway, before a sandbox that speaks it.</summary>
public sealed class GeminiTests(GatewayServer gateway) : IClassFixture<GatewayServer>
{
    private const string Flash = "/v1beta/models/gemini-2.5-flash:";
    private const string Latest = "/v1beta/models/gemini-3.8-flash:"; // sends its usage once more at the end
    private const string Says = "\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Explain the plan.\"}]}]";
    private const string Plain = "{" + Says + "}";
    private const string Thinking = "{" + Says
        + ",\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":100,\"includeThoughts\":true}}"
        + ",\"tools\":[{\"googleSearch\":{}}]}";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Flash + "generateContent", "gemini-2.5-flash", Plain)]
    [InlineData(Flash + "generateContent", "gemini-2.5-flash", Thinking)]
    [InlineData("/v1/models/gemini-2.5-flash:generateContent", "gemini-2.5-flash", Plain)]
    [InlineData(Latest + "generateContent?alt=json", "gemini-3.8-flash", Thinking)]
    public async Task Whole_Answer_IsTheProvidersAndCostsUsageTimesPrice(string path, string model, string body)
    {
        var (key, wallet) = await gateway.KeyAsync(50_000_000);
        using var answer = await SendAsync(HttpMethod.Post, path, key, body);
        using var direct = await gateway.Sandbox.Post(path, body);
        var text = await answer.Content.ReadAsStringAsync(Ct);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(await direct.Content.ReadAsStringAsync(Ct), text);
        var booked = Assert.Single(await gateway.RecordsAsync(wallet));
        Assert.Equal(((short)RecordState.Settled, (short)Outcome.Answered), (booked.State, booked.Outcome));
        Assert.Equal(gateway.ChargeMilli(model, UsageOf(JsonElement.Parse(text))), booked.Charged_Milli);
        Assert.Equal(booked.Charged_Milli, Milli(answer.Headers.GetValues("x-guerdon-charge").Single()));
        Assert.Equal(body == Thinking, text.Contains("thoughtsTokenCount", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whole_CachedInput_CostsTheCachedPrice()
    {
        var (key, wallet) = await gateway.KeyAsync(50_000_000);
        var body = Plain.Replace("Explain", new string('c', 8_000), StringComparison.Ordinal);
        using var first = await SendAsync(HttpMethod.Post, Flash + "generateContent", key, body);
        using var second = await SendAsync(HttpMethod.Post, Flash + "generateContent", key, body);
        var usage = UsageOf(JsonElement.Parse(await second.Content.ReadAsStringAsync(Ct)));

        Assert.True(usage.CachedInput >= 1_024, usage.ToString());
        var booked = await gateway.RecordsAsync(wallet, 2);
        Assert.Equal(gateway.ChargeMilli("gemini-2.5-flash", usage), booked[1].Charged_Milli);
        Assert.True(booked[1].Charged_Milli < booked[0].Charged_Milli);
    }

    [Theory]
    [InlineData(Flash, "gemini-2.5-flash", "?alt=sse", Plain)]
    [InlineData(Flash, "gemini-2.5-flash", "", Plain)]
    [InlineData(Flash, "gemini-2.5-flash", "?alt=sse", Thinking)]
    [InlineData(Flash, "gemini-2.5-flash", "", Thinking)]
    [InlineData(Latest, "gemini-3.8-flash", "?alt=sse", Thinking)]
    [InlineData(Latest, "gemini-3.8-flash", "", Thinking)]
    public async Task Stream_InOddPieces_SaysTheSameAndCarriesTheReport(
        string path, string model, string alt, string body)
    {
        var (key, wallet) = await gateway.KeyAsync(50_000_000);
        using var answer = await SendAsync(HttpMethod.Post, path + "streamGenerateContent" + alt, key, body, "split");
        using var direct = await gateway.Sandbox.Post(path + "streamGenerateContent" + alt, body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(direct.Content.Headers.ContentType, answer.Content.Headers.ContentType);
        var chunks = await ChunksAsync(answer);

        var report = chunks[^1].GetProperty("guerdon");
        Assert.All(chunks[..^1], chunk => Assert.False(chunk.TryGetProperty("guerdon", out _)));
        Assert.Equal([.. (await ChunksAsync(direct)).Select(TextOf)], chunks.Select(TextOf));
        var booked = Assert.Single(await gateway.RecordsAsync(wallet));
        Assert.Equal(((short)RecordState.Settled, (short)Outcome.Answered), (booked.State, booked.Outcome));
        Assert.Equal(gateway.ChargeMilli(model, UsageOf(chunks[^1])), booked.Charged_Milli);
        Assert.Equal(booked.Charged_Milli, Milli(report.GetProperty("charge").GetString()!));
        Assert.False(report.GetProperty("estimated").GetBoolean());
    }

    [Theory]
    [InlineData("generateContent", "{" + Says + "}")]
    [InlineData("generateContent", "{" + Says + ",\"generation_config\":{\"max_output_tokens\":9000}}")]
    [InlineData("streamGenerateContent", "{" + Says + ",\"generationConfig\":{\"temperature\":0}}")]
    public async Task Cap_BeyondTheWallet_IsLoweredAndSaid(string method, string body)
    {
        var (key, wallet) = await gateway.KeyAsync(6_000);
        var path = $"/v1beta/models/gemini-3.1-pro-preview:{method}";
        using var answer = await SendAsync(HttpMethod.Post, path, key, body, "tokens=5000");
        var text = await answer.Content.ReadAsStringAsync(Ct);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("MAX_TOKENS", text, StringComparison.Ordinal);
        var cap = long.Parse(answer.Headers.GetValues("x-guerdon-capped-to").Single(), CultureInfo.InvariantCulture);
        var booked = Assert.Single(await gateway.RecordsAsync(wallet));
        Assert.Equal((cap, cap), (booked.Sent_Cap, booked.Output));
        Assert.InRange(booked.Charged_Milli, 1, 6_000_000);
    }

    [Theory]
    [InlineData("generateContent", "no-usage", Outcome.Answered)]
    [InlineData("generateContent", "null-usage", Outcome.Answered)]
    [InlineData("generateContent", "cut=1", Outcome.Cut)]
    [InlineData("streamGenerateContent?alt=sse", "no-usage", Outcome.Answered)]
    [InlineData("streamGenerateContent?alt=sse", "cut=3", Outcome.Cut)]
    [InlineData("streamGenerateContent?alt=sse", "fail=3", Outcome.Cut)]
    [InlineData("streamGenerateContent", "no-usage", Outcome.Answered)]
    [InlineData("streamGenerateContent", "cut=3", Outcome.Cut)]
    public async Task Usage_Missing_IsEstimatedAndNeverFree(string method, string fault, Outcome outcome)
    {
        var (key, wallet) = await gateway.KeyAsync(50_000_000);
        using var answer = await SendAsync(HttpMethod.Post, Flash + method, key, Plain, fault);
        var isCutStream = fault[0] == 'c' && method[0] == 's';
        if (isCutStream) await Assert.ThrowsAsync<HttpRequestException>(() => answer.Content.ReadAsStringAsync(Ct));
        else await answer.Content.ReadAsStringAsync(Ct);

        var booked = Assert.Single(await gateway.RecordsAsync(wallet));
        Assert.Equal(((short)RecordState.Estimated, (short)outcome), (booked.State, booked.Outcome));
        Assert.True(booked is { Charged_Milli: > 0, Input: > 0, Output: > 0 }, booked.ToString());
        await AnsweredAsync();
    }

    // Two people's failures with no answer between would have the provider left alone in the tests that follow.
    private async Task AnsweredAsync()
    {
        var (key, _) = await gateway.KeyAsync(50_000_000);
        using var answer = await SendAsync(HttpMethod.Post, Flash + "generateContent", key, Plain);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("generateContent", "status=429; retry-after=7", 429, "RESOURCE_EXHAUSTED")]
    [InlineData("streamGenerateContent?alt=sse", "status=500", 500, "INTERNAL")]
    [InlineData("streamGenerateContent", "status=503", 503, "UNAVAILABLE")]
    public async Task ProviderError_IsRelayedAndFree(string method, string fault, int status, string says)
    {
        var (key, wallet) = await gateway.KeyAsync(50_000_000);
        using var answer = await SendAsync(HttpMethod.Post, Flash + method, key, Plain, fault);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(says, ErrorOf(await answer.Content.ReadAsStringAsync(Ct)).GetProperty("status").GetString());
        Assert.Equal(status == 429, answer.Headers.RetryAfter is not null);
        var attempts = status == 503 ? 2 : 1; // not its answer: tried once more
        var booked = await gateway.RecordsAsync(wallet, attempts);
        Assert.Equal(attempts, booked.Count);
        Assert.All(booked, b => Assert.Equal((0L, (short)Outcome.ProviderError), (b.Charged_Milli, b.Outcome)));
        await AnsweredAsync();
    }

    [Theory]
    [InlineData("streamGenerateContent?alt=sse")]
    [InlineData("streamGenerateContent")]
    public async Task Caller_HangsUp_IsChargedForTheWholeAnswer(string method)
    {
        var (key, wallet) = await gateway.KeyAsync(50_000_000);
        using (var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Ct))
        {
            using var answer = await SendAsync(
                HttpMethod.Post, Flash + method, key, Plain, "chunk-delay=20; tokens=60", hangUp.Token);
            await using var stream = await answer.Content.ReadAsStreamAsync(Ct);
            Assert.True(await stream.ReadAsync(new byte[10], Ct) > 0);
        }

        var booked = Assert.Single(await gateway.RecordsAsync(wallet));
        Assert.Equal((short)Outcome.HungUp, booked.Outcome);
        Assert.Equal(((short)RecordState.Settled, 60L), (booked.State, booked.Output));
    }

    [Fact]
    public async Task ToolCall_ComesThrough()
    {
        var (key, _) = await gateway.KeyAsync(50_000_000);
        var body = Plain[..^1] + """
            ,"tools":[{"functionDeclarations":[{"name":"look_up",
              "parameters":{"type":"OBJECT","properties":{"n":{"type":"INTEGER"}},"required":["n"]}}]}],
             "toolConfig":{"functionCallingConfig":{"mode":"ANY"}}}
            """;
        using var answer = await SendAsync(HttpMethod.Post, Flash + "streamGenerateContent", key, body);
        var call = (await ChunksAsync(answer))[^1].GetProperty("candidates")[0].GetProperty("content")
            .GetProperty("parts")[0].GetProperty("functionCall");
        Assert.Equal(("look_up", 1),
            (call.GetProperty("name").GetString(), call.GetProperty("args").GetProperty("n").GetInt32()));
    }

    [Fact]
    public async Task CountTokens_IsFree()
    {
        var (key, wallet) = await gateway.KeyAsync(1);
        using var answer = await SendAsync(HttpMethod.Post, Flash + "countTokens", key, Plain);
        var counted = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Ct));
        Assert.True(counted.GetProperty("totalTokens").GetInt64() > 0);
        Assert.Empty(await gateway.RecordsAsync(wallet, 0));
    }

    [Fact]
    public async Task Models_AreTheKeysInGooglesShape()
    {
        var (key, _) = await gateway.KeyAsync(1, "gemini-2.5-flash", "gpt-6-luna");
        using var all = await SendAsync(HttpMethod.Get, "/v1beta/models?pageSize=50", key);
        var model = Assert.Single(JsonElement.Parse(await all.Content.ReadAsStringAsync(Ct))
            .GetProperty("models").EnumerateArray());
        Assert.Equal("models/gemini-2.5-flash", model.GetProperty("name").GetString());
        Assert.Equal(1_048_576, model.GetProperty("inputTokenLimit").GetInt64());
        using var one = await SendAsync(HttpMethod.Get, "/v1beta/models/gemini-2.5-flash", key);
        Assert.Equal(model.GetRawText(), await one.Content.ReadAsStringAsync(Ct));
    }

    [Theory]
    [InlineData("POST", Flash + "generateContent", "", Plain, 401, "gateway.missing_key", "UNAUTHENTICATED")]
    [InlineData("POST", Flash + "generateContent", "AIza-of-nobody", Plain, 401, "gateway.bad_key", "UNAUTHENTICATED")]
    [InlineData("POST", Flash + "generateContent", null, "{", 400, "gateway.malformed_body", "INVALID_ARGUMENT")]
    [InlineData("POST", Flash + "streamGenerateContent", null, "{}", 400, "gateway.malformed_body",
        "INVALID_ARGUMENT")]
    [InlineData("POST", "/v1beta/models/none:generateContent", null, Plain, 404, "gateway.unknown_model", "NOT_FOUND")]
    [InlineData("POST", Latest + "generateContent", null, Plain, 403, "gateway.model_not_allowed",
        "PERMISSION_DENIED")]
    [InlineData("POST", "/v1beta/models/gpt-6-luna:generateContent", null, Plain, 400, "gateway.wrong_dialect",
        "INVALID_ARGUMENT")]
    [InlineData("POST", Flash + "embedContent", null, "{}", 404, "gateway.path_not_served", "NOT_FOUND")]
    [InlineData("POST", Flash + "batchGenerateContent", null, "{}", 404, "gateway.path_not_served", "NOT_FOUND")]
    [InlineData("POST", "/v1beta/cachedContents", null, "{}", 404, "gateway.path_not_served", "NOT_FOUND")]
    [InlineData("GET", "/v1beta/files", null, null, 404, "gateway.path_not_served", "NOT_FOUND")]
    [InlineData("POST", "/upload/v1beta/files", null, "{}", 404, "gateway.path_not_served", "NOT_FOUND")]
    [InlineData("POST", "/v1alpha/models/gemini-2.5-flash:generateContent", null, Plain, 404,
        "gateway.path_not_served", "NOT_FOUND")]
    [InlineData("POST", Flash + "generateContent?key=", null, Plain, 401, "gateway.key_in_url", "UNAUTHENTICATED")]
    [InlineData("POST", Flash + "streamGenerateContent?alt=sse&key=", null, Plain, 401, "gateway.key_in_url",
        "UNAUTHENTICATED")]
    [InlineData("GET", "/v1beta/models?key=", null, null, 401, "gateway.key_in_url", "UNAUTHENTICATED")]
    [InlineData("POST", Flash + "generateContent?fields=candidates", null, Plain, 400, "gateway.unknown_option",
        "INVALID_ARGUMENT")]
    public async Task Refused_InGooglesShape(
        string method, string path, string? key, string? body, int status, string code, string says)
    {
        var made = (await gateway.KeyAsync(20_000_000, "gemini-2.5-flash", "gpt-6-luna")).Key;
        if (path.EndsWith('=')) (path, key) = (path + made, ""); // a good key, in the wrong place
        using var answer = await SendAsync(new(method), path, key ?? made, body);

        Assert.Equal(status, (int)answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.Equal(path.EndsWith("streamGenerateContent", StringComparison.Ordinal), text[0] == '[');
        var error = ErrorOf(text);
        Assert.Equal((status, says), (error.GetProperty("code").GetInt32(), error.GetProperty("status").GetString()));
        Assert.Equal(code, error.GetProperty("details")[0].GetProperty("metadata").GetProperty("code").GetString());
        Assert.DoesNotContain(made, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_InTheAddress_IsInNoTrace()
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => seen.Add(activity.DisplayName + " " + activity.OperationName + " "
                + string.Join(' ', activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))),
        };
        ActivitySource.AddActivityListener(listener);
        const string path = Flash + "generateContent?key=sk-guerdon-in-the-wrong-place";
        using var answer = await SendAsync(HttpMethod.Post, path, "", Plain);
        using var other = await SendAsync(HttpMethod.Post, Flash + "countTokens", "", Plain);

        Assert.Equal((401, 401), ((int)answer.StatusCode, (int)other.StatusCode));
        Assert.Contains(seen, text => text.Contains("HttpRequestIn", StringComparison.Ordinal));
        Assert.DoesNotContain(seen, text => text.Contains("wrong-place", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Wallet_Exhausted_Is402AndNothingIsBooked()
    {
        var (key, wallet) = await gateway.KeyAsync(1);
        using var answer = await SendAsync(HttpMethod.Post, Flash + "generateContent", key, Plain);
        Assert.Equal(402, (int)answer.StatusCode);
        Assert.Equal("RESOURCE_EXHAUSTED", ErrorOf(await answer.Content.ReadAsStringAsync(Ct))
            .GetProperty("status").GetString());
        Assert.Empty(await gateway.RecordsAsync(wallet, 0));
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string key, string? body = null,
        string? sandbox = null, CancellationToken? ct = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        if (key.Length > 0) request.Headers.Add("x-goog-api-key", key);
        if (sandbox is not null) request.Headers.Add("x-sandbox", sandbox);
        return gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct ?? Ct);
    }

    private static JsonElement ErrorOf(string text)
    {
        var json = JsonElement.Parse(text);
        return (json.ValueKind == JsonValueKind.Array ? json[0] : json).GetProperty("error");
    }

    private static async Task<JsonElement[]> ChunksAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Ct);
        if (answer.Content.Headers.ContentType?.MediaType != "text/event-stream")
            return [.. JsonElement.Parse(text).EnumerateArray()];
        return [.. text.Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(chunk => JsonElement.Parse(chunk["data: ".Length..]))];
    }

    private static string TextOf(JsonElement chunk) =>
        chunk.TryGetProperty("candidates", out var candidates) ? candidates.GetRawText() : "";

    private static Usage UsageOf(JsonElement answer)
    {
        var said = answer.GetProperty("usageMetadata");
        long Count(string name) => said.TryGetProperty(name, out var count) ? count.GetInt64() : 0;
        var (cached, thoughts) = (Count("cachedContentTokenCount"), Count("thoughtsTokenCount"));
        var input = Count("promptTokenCount") - cached + Count("toolUsePromptTokenCount");
        return new(input, cached, 0, 0, Count("candidatesTokenCount") + thoughts, thoughts);
    }

    private static long Milli(string tokens) => (long)(decimal.Parse(tokens, CultureInfo.InvariantCulture) * 1_000);
}
