using System.Globalization;
using System.Net;
using System.Text.Json;
using Guerdon.Metering.Requests;

namespace Guerdon.Database.Gateway;

public sealed class ForwardCallTests(GatewayServer gateway) : IClassFixture<GatewayServer>
{
    private const string Chat = """{"model":"gpt-6-luna","messages":[{"role":"user","content":"Explain the plan."}]}""";
    private const string Messages =
        """{"model":"claude-haiku-4-5","max_tokens":500,"messages":[{"role":"user","content":"Explain the plan."}]}""";
    private const string Responses = """{"model":"gpt-6-luna","input":"Explain the plan."}""";
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/chat/completions", Chat)]
    [InlineData("/v1/responses", Responses)]
    [InlineData("/v1/messages", Messages)]
    [InlineData("/v1/embeddings", """{"model":"text-embedding-3-small","input":["one","two"]}""")]
    public async Task Whole_Answer_IsTheProvidersAndIsCharged(string path, string body)
    {
        var (key, wallet) = await gateway.KeyAsync(5_000_000);
        using var answer = await gateway.PostAsync(path, key, body);
        using var direct = await gateway.Sandbox.Post(path, body);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var (relayed, said) = (await JsonOf(answer), await JsonOf(direct));
        Assert.Equal(said.GetProperty("usage").GetRawText(), relayed.GetProperty("usage").GetRawText());
        var booked = Assert.Single(await gateway.RecordsAsync(wallet));
        Assert.Equal((short)RecordState.Settled, booked.State);
        Assert.Equal((short)Outcome.Answered, booked.Outcome);
        Assert.Equal(Charge(answer), booked.Charged_Milli);
        Assert.True(booked.Charged_Milli > 0);
        Assert.Equal(5_000_000_000 - booked.Charged_Milli, Milli(answer, "x-guerdon-balance"));
        Assert.StartsWith("req_", Header(answer, "x-guerdon-request-id"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/chat/completions", Chat, "", ": guerdon {")]
    [InlineData("/v1/chat/completions", Chat, ",\"stream_options\":{\"include_usage\":true}", "data: {\"guerdon\":{")]
    [InlineData("/v1/responses", Responses, "", "data: {\"guerdon\":{")]
    [InlineData("/v1/messages", Messages, "", "data: {\"guerdon\":{")]
    public async Task Stream_InOddPieces_CarriesTheReportAndIsCharged(
        string path, string body, string options, string report)
    {
        var (key, wallet) = await gateway.KeyAsync(5_000_000);
        var streamed = body[..^1] + ",\"stream\":true" + options + "}";
        using var answer = await gateway.PostAsync(path, key, streamed, "split");
        var text = await answer.Content.ReadAsStringAsync(Ct);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(report, text, StringComparison.Ordinal);
        Assert.Contains("\"cost_usd\":\"0.", text, StringComparison.Ordinal);
        var booked = Assert.Single(await gateway.RecordsAsync(wallet));
        Assert.Equal((short)RecordState.Settled, booked.State);
        var charge = text[(text.IndexOf("\"charge\":\"", StringComparison.Ordinal) + 10)..].Split('"')[0];
        Assert.Equal(Milli(charge), booked.Charged_Milli);

        using var whole = await gateway.PostAsync(path, key, body);
        Assert.Equal(Charge(whole), booked.Charged_Milli); // the same words at the same price, streamed or not
    }

    [Fact]
    public async Task Cap_BeyondTheWallet_IsLoweredAndSaid()
    {
        var (key, wallet) = await gateway.KeyAsync(3_000);
        var body = """{"model":"gpt-6-sol","messages":[{"role":"user","content":"Explain."}],"max_tokens":9000}""";
        using var answer = await gateway.PostAsync("/v1/chat/completions", key, body, "tokens=5000");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var cap = long.Parse(Header(answer, "x-guerdon-capped-to"), CultureInfo.InvariantCulture);
        var booked = Assert.Single(await gateway.RecordsAsync(wallet));
        Assert.Equal(cap, booked.Sent_Cap);
        Assert.Equal(cap, booked.Output);
        Assert.InRange(booked.Charged_Milli, 1, 3_000_000);
    }

    [Theory]
    // sandbox, stream, state, outcome
    [InlineData("no-usage", false, RecordState.Estimated, Outcome.Answered)]
    [InlineData("null-usage", false, RecordState.Estimated, Outcome.Answered)]
    [InlineData("no-usage", true, RecordState.Estimated, Outcome.Answered)]
    [InlineData("cut=3", true, RecordState.Estimated, Outcome.Cut)]
    [InlineData("cut=1", false, RecordState.Estimated, Outcome.Cut)]
    public async Task Usage_Missing_IsEstimatedAndNeverFree(
        string fault, bool stream, RecordState state, Outcome outcome)
    {
        var (key, wallet) = await gateway.KeyAsync(5_000_000);
        using var answer = await gateway.PostAsync(
            "/v1/chat/completions", key, Chat[..^1] + (stream ? ",\"stream\":true}" : "}"), fault);
        try
        {
            await answer.Content.ReadAsStringAsync(Ct);
            Assert.False(stream && outcome == Outcome.Cut, "the caller must notice the cut");
        }
        catch (HttpRequestException) when (stream)
        {
        }

        var booked = Assert.Single(await gateway.RecordsAsync(wallet));
        Assert.Equal(((short)state, (short)outcome), (booked.State, booked.Outcome));
        Assert.True(booked is { Charged_Milli: > 0, Input: > 0, Output: > 0 }, booked.ToString());
    }

    [Theory]
    [InlineData("/v1/chat/completions", Chat, "status=429; retry-after=7", 429, 1)]
    [InlineData("/v1/messages", Messages, "status=529", 529, 2)] // not its answer: tried once more
    [InlineData("/v1/messages", Messages, "status=400", 400, 1)]
    public async Task ProviderError_IsRelayedAndFree(string path, string body, string fault, int status, int attempts)
    {
        var (key, wallet) = await gateway.KeyAsync(1_000_000);
        using var answer = await gateway.PostAsync(path, key, body, fault);
        using var direct = await gateway.Sandbox.Post(path, body, fault);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(direct.Headers.RetryAfter, answer.Headers.RetryAfter);
        Assert.Equal(
            (await JsonOf(direct)).GetProperty("error").GetProperty("type").GetString(),
            (await JsonOf(answer)).GetProperty("error").GetProperty("type").GetString());
        var booked = await gateway.RecordsAsync(wallet, attempts);
        Assert.Equal(attempts, booked.Count);
        Assert.All(booked, b => Assert.Equal((0L, (short)Outcome.ProviderError), (b.Charged_Milli, b.Outcome)));
    }

    [Fact]
    public async Task Caller_HangsUp_IsChargedForTheWholeAnswer()
    {
        var (key, wallet) = await gateway.KeyAsync(5_000_000);
        using (var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Ct))
        {
            using var answer = await gateway.PostAsync("/v1/chat/completions", key, Chat[..^1] + ",\"stream\":true}",
                "chunk-delay=20; tokens=60", hangUp.Token);
            await using var stream = await answer.Content.ReadAsStreamAsync(Ct);
            Assert.True(await stream.ReadAsync(new byte[10], Ct) > 0);
        }

        var booked = Assert.Single(await gateway.RecordsAsync(wallet));
        Assert.Equal((short)Outcome.HungUp, booked.Outcome);
        Assert.Equal(((short)RecordState.Settled, 60L), (booked.State, booked.Output));
    }

    [Fact]
    public async Task Answer_TooLongToBuffer_IsRelayedAndChargedByItsEnd()
    {
        var (key, wallet) = await gateway.KeyAsync(5_000_000);
        var inputs = string.Join(',', Enumerable.Range(0, 40).Select(i => $"\"text {i}\""));
        var body = $$"""{"model":"text-embedding-3-large","input":[{{inputs}}]}""";
        using var answer = await gateway.PostAsync("/v1/embeddings", key, body);
        var json = await JsonOf(answer);

        Assert.Equal(40, json.GetProperty("data").GetArrayLength());
        var booked = Assert.Single(await gateway.RecordsAsync(wallet));
        Assert.Equal((short)RecordState.Settled, booked.State);
        Assert.Equal(json.GetProperty("usage").GetProperty("prompt_tokens").GetInt64(), booked.Input);
    }

    [Fact]
    public async Task CountTokens_IsFree()
    {
        var (key, wallet) = await gateway.KeyAsync(1);
        using var answer = await gateway.PostAsync("/v1/messages/count_tokens?beta=true", key, Messages);
        Assert.True((await JsonOf(answer)).GetProperty("input_tokens").GetInt64() > 0);
        Assert.Empty(await gateway.RecordsAsync(wallet, 0));
    }

    private static async Task<JsonElement> JsonOf(HttpResponseMessage answer) =>
        JsonElement.Parse(await answer.Content.ReadAsStringAsync(Ct));

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();

    private static long Charge(HttpResponseMessage answer) => Milli(answer, "x-guerdon-charge");

    private static long Milli(HttpResponseMessage answer, string name) => Milli(Header(answer, name));

    private static long Milli(string tokens) => (long)(decimal.Parse(tokens, CultureInfo.InvariantCulture) * 1_000);
}
