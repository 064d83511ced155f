using System.ClientModel;
using System.Text.Json;
using Guerdon.Metering.Requests;
using OpenAI;
using OpenAI.Chat;

namespace Guerdon.Database.Gateway;

public sealed class RefusalTests(GatewayServer gateway) : IClassFixture<GatewayServer>
{
    private const string Chat = """{"model":"gpt-6-luna","messages":[]}""";
    private const string Claude = """{"model":"claude-haiku-4-5","max_tokens":50,"messages":[]}""";
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/chat/completions", "", Chat, 401, "gateway.missing_key", "authentication_error")]
    [InlineData("/v1/chat/completions", "sk-guerdon-of-nobody-that-is-long-enough-to-be-one", Chat, 401,
        "gateway.bad_key", "authentication_error")]
    [InlineData("/v1/messages", "sk-other", Claude, 401, "gateway.bad_key", "authentication_error")]
    [InlineData("/v1/chat/completions", null, "{", 400, "gateway.malformed_body", "invalid_request_error")]
    [InlineData("/v1/messages", null, "{", 400, "gateway.malformed_body", "invalid_request_error")]
    [InlineData("/v1/chat/completions", null, """{"model":"none","messages":[]}""", 404, "gateway.unknown_model",
        "invalid_request_error")]
    [InlineData("/v1/messages", null, """{"model":"none","messages":[]}""", 404, "gateway.unknown_model",
        "not_found_error")]
    [InlineData("/v1/messages", null, Chat, 400, "gateway.wrong_dialect", "invalid_request_error")]
    [InlineData("/v1/chat/completions", null, Claude, 400, "gateway.wrong_dialect", "invalid_request_error")]
    [InlineData("/v1/chat/completions", null, """{"model":"gpt-6-sol","messages":[]}""", 403,
        "gateway.model_not_allowed", "permission_error")]
    [InlineData("/v1/chat/completions", null, """{"model":"mistral-large-2512","messages":[]}""", 503,
        "gateway.provider_unconfigured", "server_error")]
    [InlineData("/v1/chat/completions", null, """{"model":"deepseek-v4-pro","messages":[]}""", 502,
        "gateway.upstream_unreachable", "server_error")]
    [InlineData("/v1/responses", null, """{"model":"gpt-6-luna","input":"x","background":true}""", 400,
        "gateway.unmetered", "invalid_request_error")]
    [InlineData("/v1/responses", null, """{"model":"gpt-6-luna","input":"x","service_tier":"priority"}""", 400,
        "gateway.unpriced", "invalid_request_error")]
    [InlineData("/v1/batches", null, "{}", 404, "gateway.path_not_served", "invalid_request_error")]
    [InlineData("/v1/messages/batches", null, "{}", 404, "gateway.path_not_served", "not_found_error")]
    public async Task Refused_InTheCallersShape(
        string path, string? key, string body, int status, string code, string type)
    {
        key ??= (await gateway.KeyAsync(20_000_000, "gpt-6-luna", "claude-haiku-4-5", "mistral-large-2512",
            "deepseek-v4-pro")).Key;
        using var answer = await gateway.PostAsync(path, key.Length == 0 ? null : key, body);
        var json = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Ct));

        Assert.Equal(status, (int)answer.StatusCode);
        var error = json.GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(type, error.GetProperty("type").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.Equal(path.StartsWith("/v1/messages", StringComparison.Ordinal),
            json.TryGetProperty("request_id", out _));
    }

    [Fact]
    public async Task Body_TooLarge_IsRefused()
    {
        var (key, _) = await gateway.KeyAsync(1_000);
        using var answer = await gateway.PostAsync("/v1/messages", key, new string(' ', 1_000_001));
        Assert.Equal(413, (int)answer.StatusCode);
        Assert.Contains("request_too_large", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wallet_Exhausted_Is402AndTheSdkDoesNotRetry()
    {
        var (key, wallet) = await gateway.KeyAsync(1);
        var chat = new OpenAIClient(
            new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri(gateway.Address, "/v1") })
            .GetChatClient("gpt-6-sol");
        var thrown = await Assert.ThrowsAsync<ClientResultException>(
            () => chat.CompleteChatAsync([new UserChatMessage("Explain.")], cancellationToken: Ct));
        Assert.Equal(402, thrown.Status);
        Assert.Contains("gateway.wallet_exhausted", thrown.Message, StringComparison.Ordinal);
        Assert.Empty(await gateway.RecordsAsync(wallet, 0));
    }

    [Fact]
    public async Task Provider_Unreachable_IsFree()
    {
        var (key, wallet) = await gateway.KeyAsync(20_000_000);
        using var answer =
            await gateway.PostAsync("/v1/chat/completions", key, """{"model":"deepseek-v4-pro","messages":[]}""");
        Assert.Equal(502, (int)answer.StatusCode);
        var booked = await gateway.RecordsAsync(wallet, 2); // it is tried once more
        Assert.Equal(2, booked.Count);
        Assert.All(booked, b => Assert.Equal((0L, (short)Outcome.Unreachable), (b.Charged_Milli, b.Outcome)));
    }

    [Fact]
    public async Task Models_AreTheKeysInTheCallersShape()
    {
        var (key, _) = await gateway.KeyAsync(1, "gpt-6-luna", "claude-haiku-4-5");
        var openAi = await GetAsync("/v1/models", key, null);
        Assert.Equal("gpt-6-luna",
            Assert.Single(openAi.GetProperty("data").EnumerateArray()).GetProperty("id").GetString());
        var anthropic = await GetAsync("/v1/models", key, "2023-06-01");
        Assert.Equal("claude-haiku-4-5", anthropic.GetProperty("first_id").GetString());
        var one = await GetAsync("/v1/models/gpt-6-luna", key, null);
        Assert.Equal("model", one.GetProperty("object").GetString());
        Assert.Equal("gateway.unknown_model",
            (await GetAsync("/v1/models/gpt-6-sol", key, null)).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Head_Root_Is200()
    {
        using var answer = await gateway.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/"), Ct);
        Assert.True(answer.IsSuccessStatusCode);
    }

    private async Task<JsonElement> GetAsync(string path, string key, string? version)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("x-api-key", key);
        if (version is not null) request.Headers.Add("anthropic-version", version);
        using var answer = await gateway.Http.SendAsync(request, Ct);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync(Ct));
    }
}
