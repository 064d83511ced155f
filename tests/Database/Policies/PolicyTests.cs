using System.Diagnostics;
using System.Text.Json;
using Dapper;
using Guerdon.Database.Gateway;
using Guerdon.Ledger;
using Guerdon.Metering.Audit;
using Guerdon.Metering.Requests;

namespace Guerdon.Database.Policies;

/// <summary>Policies, through a gateway before a sandbox.</summary>
public sealed class PolicyTests : IAsyncLifetime
{
    private const string Root = "/api/v1/gateway-policy";
    private const string Chat = "/v1/chat/completions";
    private const string ChatBody =
        """{"model":"gpt-6-luna","max_tokens":20,"messages":[{"role":"user","content":"Hi"}]}""";
    private const string Claude = """{"model":"claude-haiku-4-5","max_tokens":50,"messages":[]}""";
    private const string GeminiCall = "/v1beta/models/gemini-2.5-flash:generateContent";
    private const string GeminiBody = """{"contents":[{"parts":[{"text":"Hi"}]}]}""";

    private readonly GatewayServer _gateway = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _gateway.InitializeAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    private async Task<JsonElement> ApplyAsync(string yaml, string query = "")
    {
        var (status, body) = await _gateway.AskAsync(HttpMethod.Post, Root + query, yaml);
        Assert.True(status == 200, body.ToString());
        return body;
    }

    private async Task<(int Status, JsonElement Body)> CallAsync(
        string key, string path = Chat, string body = ChatBody, int? node = null)
    {
        using var answer = await _gateway.PostAsync(path, key, body, node: node);
        return ((int)answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync(Ct)));
    }

    private async Task AssertUntouchedAsync(WalletId wallet)
    {
        Assert.Empty(await _gateway.RecordsAsync(wallet, 0));
        await using var connection = await _gateway.Db.OpenConnectionAsync(Ct);
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>(
            "select count(*) from metering.opening where wallet_id = @id", new { id = wallet.Value }));
    }

    [Fact]
    public async Task Models_NotApproved_AreRefusedInEachShapeAndNotListed()
    {
        var (key, wallet) = await _gateway.KeyAsync(20_000_000);
        await ApplyAsync("models: {deny: [gpt-6-luna, claude-haiku-*, gemini-*]}");

        var (status, body) = await CallAsync(key);
        var error = body.GetProperty("error");
        Assert.Equal((403, "gateway.model_not_approved", "permission_error"),
            (status, error.GetProperty("code").GetString(), error.GetProperty("type").GetString()));
        Assert.Contains("models.deny has 'gpt-6-luna' in policy version 1", error.GetProperty("message").GetString(),
            StringComparison.Ordinal);

        (status, body) = await CallAsync(key, "/v1/messages", Claude);
        Assert.Equal((403, "error", "permission_error"), (status, body.GetProperty("type").GetString(),
            body.GetProperty("error").GetProperty("type").GetString()));

        (status, body) = await CallAsync(key, GeminiCall, GeminiBody);
        Assert.Equal((403, "PERMISSION_DENIED"), (status, body.GetProperty("error").GetProperty("status").GetString()));

        await AssertUntouchedAsync(wallet);
        var listed = await ListedAsync(key);
        Assert.DoesNotContain("gpt-6-luna", listed);
        Assert.Contains("gpt-6-sol", listed);
        Assert.Equal(200, (await CallAsync(key, body: ChatBody.Replace("luna", "sol", StringComparison.Ordinal)))
            .Status);
    }

    [Fact]
    public async Task Services_NotApproved_AreRefused()
    {
        var (key, wallet) = await _gateway.KeyAsync(20_000_000);
        await ApplyAsync("services: {allow: [openai]}");

        var (status, body) = await CallAsync(key, "/v1/messages", Claude);
        Assert.Equal((403, "gateway.service_not_approved"),
            (status, body.GetProperty("error").GetProperty("code").GetString()));
        Assert.Equal(403, (await CallAsync(key, "/v1/messages/count_tokens",
            """{"model":"claude-haiku-4-5","messages":[]}""")).Status);
        await AssertUntouchedAsync(wallet);
        Assert.Equal(200, (await CallAsync(key)).Status);
    }

    [Fact]
    public async Task Body_LargerThanThePolicyAllows_IsRefused()
    {
        var (key, wallet) = await _gateway.KeyAsync(20_000_000);
        await ApplyAsync("max_body_bytes: 100");

        var (status, body) = await CallAsync(key, body: ChatBody + new string(' ', 100));
        Assert.Equal(413, status);
        Assert.Contains("100 bytes. (max_body_bytes in policy version 1)",
            body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        await AssertUntouchedAsync(wallet);
        Assert.Equal(200, (await CallAsync(key)).Status);
    }

    [Fact]
    public async Task ZeroRated_EmptyWallet_IsMeteredAndFree()
    {
        var (key, wallet) = await _gateway.KeyAsync(1);
        await ApplyAsync("zero_rated: [gpt-6-luna]");

        using var answer = await _gateway.PostAsync(
            Chat, key, """{"model":"gpt-6-luna","messages":[{"role":"user","content":"Explain."}]}""");
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal("0.000", Assert.Single(answer.Headers.GetValues("x-guerdon-charge")));
        Assert.NotEqual("0.000000", Assert.Single(answer.Headers.GetValues("x-guerdon-cost-usd")));
        var record = Assert.Single(await _gateway.RecordsAsync(wallet));
        Assert.Equal((0, true, (short)Outcome.Answered), (record.Charged_Milli, record.Output > 0, record.Outcome));
        await using var connection = await _gateway.Db.OpenConnectionAsync(Ct);
        var (cost, held, opened) = await connection.QuerySingleAsync<(long, long, long)>(
            """
            select r.cost_milli, r.held_milli, (select count(*) from metering.v_request o where o.wallet_id = @id)
              from metering.request r where r.wallet_id = @id
            """, new { id = wallet.Value });
        Assert.Equal((true, 0, 1), (cost > 0, held, opened));

        Assert.Equal(402, (await CallAsync(
            key, body: """{"model":"gpt-6-sol","messages":[{"role":"user","content":"Explain."}]}""")).Status);
        await foreach (var finding in VerifyEverything.RunAsync(_gateway.Db, null, Ct)) Assert.Fail($"{finding}");
    }

    [Fact]
    public async Task Rates_Reached_Are429WithTheRuleAndRetryAfterInEachShape()
    {
        var (key, wallet) = await _gateway.KeyAsync(20_000_000);
        await ApplyAsync("rates: [{per: person, requests: 2, window: 1h}]");
        Assert.Equal(200, (await CallAsync(key)).Status);
        Assert.Equal(200, (await CallAsync(key, "/v1/messages",
            Claude.Replace("[]", """[{"role":"user","content":"Hi"}]""", StringComparison.Ordinal))).Status);

        using var answer = await _gateway.PostAsync(Chat, key, ChatBody);
        var error = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Ct)).GetProperty("error");
        Assert.Equal((429, "gateway.rate_limited", "rate_limit_error"), ((int)answer.StatusCode,
            error.GetProperty("code").GetString(), error.GetProperty("type").GetString()));
        Assert.Contains("rule 1: 2 requests an hour per person", error.GetProperty("message").GetString(),
            StringComparison.Ordinal);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 3_500, 3_661);
        foreach (var (path, sent, named, type) in ((string, string, string, string)[])
            [("/v1/messages", Claude, "type", "rate_limit_error"),
                (GeminiCall, GeminiBody, "status", "RESOURCE_EXHAUSTED")])
        {
            using var other = await _gateway.PostAsync(path, key, sent);
            error = JsonElement.Parse(await other.Content.ReadAsStringAsync(Ct)).GetProperty("error");
            Assert.Equal((429, type), ((int)other.StatusCode, error.GetProperty(named).GetString()));
            Assert.Contains("rule 1: 2 requests an hour per person", error.GetProperty("message").GetString(),
                StringComparison.Ordinal);
            Assert.InRange(other.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 3_500, 3_661);
        }

        Assert.Equal(2, (await _gateway.RecordsAsync(wallet, 2)).Count);
        Assert.Equal(200, (await CallAsync((await _gateway.KeyAsync(20_000_000)).Key)).Status);
    }

    [Fact]
    public async Task Rates_Tokens_AreWhatCallsUsedAndAnEmptyWalletTakesNone()
    {
        var (key, wallet) = await _gateway.KeyAsync(20_000_000);
        var (poor, _) = await _gateway.KeyAsync(1);
        await ApplyAsync("rates: [{per: model, models: [gpt-6-*], requests: 2, tokens: 5, window: 1d}]");
        for (var i = 0; i < 3; i++) // refused after the rates: does not count
            Assert.Equal(402, (await CallAsync(poor)).Status);

        Assert.Equal(200, (await CallAsync(key)).Status);
        var used = Assert.Single(await _gateway.RecordsAsync(wallet));
        Assert.True(used.Input + used.Output >= 5);
        Assert.Equal(429, (await CallAsync(key)).Status);
    }

    [Fact]
    public async Task Rates_TokensInFlight_AreWhatIsHeldAndNotTheModelsMost()
    {
        var most = _gateway.ChargeMilli("gpt-6-luna", new(0, 0, 0, 0, 128_000, 0));
        var (key, wallet) = await _gateway.KeyOfAsync(new(most * 2)); // too small to hold the most, uncapped
        await ApplyAsync("rates: [{per: person, tokens: 50000, window: 1h}]");
        const string uncapped = """{"model":"gpt-6-luna","messages":[{"role":"user","content":"Hi"}]}""";

        var running = _gateway.PostAsync(Chat, key, uncapped, "latency=5000");
        await _gateway.OpenedAsync(wallet, running);
        Assert.Equal(200, (await CallAsync(key)).Status);
        Assert.False(running.IsCompleted);
        using var answer = await running;
        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Rates_TwoNodes_ShareTheLimit()
    {
        var (key, wallet) = await _gateway.KeyAsync(20_000_000);
        await ApplyAsync("rates: [{per: person, requests: 5, window: 1d}]");
        await _gateway.ScaleAsync(2);
        var since = Stopwatch.StartNew();
        while (_gateway.RateNodes() != (2, 2) && since.Elapsed < 2 * GatewayServer.Busy) await Task.Delay(20, Ct);

        for (var call = 0; call < 6; call++)
            Assert.Equal(call < 4 ? 200 : 429, (await CallAsync(key, node: call % 2)).Status);
        Assert.Contains("This node's share of the limit is reached, one of 2: rule 1: 5 requests a day per person.",
            (await CallAsync(key, node: 1)).Body.GetProperty("error").GetProperty("message").GetString(),
            StringComparison.Ordinal);
        Assert.Equal(4, (await _gateway.RecordsAsync(wallet, 4)).Count);
    }

    [Fact]
    public async Task Close_ReachesAnotherNodeWithinASecond_AndOpenToo()
    {
        await _gateway.ScaleAsync(2);
        var (key, wallet) = await _gateway.KeyAsync(20_000_000);
        var (status, reply) = await _gateway.AskAsync(
            HttpMethod.Post, Root + "/close", """{"reason":"Fire drill."}""");
        Assert.True(status == 200 && reply.GetProperty("done").GetBoolean(), reply.ToString());

        var since = Stopwatch.StartNew();
        JsonElement body;
        while (((status, body) = await CallAsync(key, node: 1)).Item1 != 503 && since.Elapsed < 2 * GatewayServer.Busy)
            await Task.Delay(20, Ct);
        Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1) + GatewayServer.Busy);
        Assert.Equal("gateway.closed", body.GetProperty("error").GetProperty("code").GetString());
        Assert.Contains("closed: Fire drill. ", body.GetProperty("error").GetProperty("message").GetString(),
            StringComparison.Ordinal);
        Assert.Equal("api_error", (await CallAsync(key, "/v1/messages", Claude)).Body.GetProperty("error")
            .GetProperty("type").GetString());
        Assert.Equal(503, (await CallAsync(key, GeminiCall, GeminiBody)).Body.GetProperty("error")
            .GetProperty("code").GetInt32());
        var before = (await _gateway.RecordsAsync(wallet, 0)).Count; // calls that node 1 let pass before it heard

        (status, reply) = await _gateway.AskAsync(HttpMethod.Post, Root + "/open");
        Assert.True(status == 200 && reply.GetProperty("done").GetBoolean(), reply.ToString());
        since.Restart();
        while ((await CallAsync(key, node: 1)).Status != 200 && since.Elapsed < 2 * GatewayServer.Busy)
            await Task.Delay(20, Ct);
        Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1) + GatewayServer.Busy);
        Assert.Equal(before + 1, (await _gateway.RecordsAsync(wallet, before + 1)).Count);
        Assert.False((await _gateway.AskAsync(HttpMethod.Post, Root + "/open")).Body.GetProperty("done").GetBoolean());
    }

    [Fact]
    public async Task Close_CallInFlight_IsLetToEnd()
    {
        var (key, wallet) = await _gateway.KeyAsync(20_000_000);
        var running = _gateway.PostAsync(Chat, key, ChatBody, "latency=5000");
        await _gateway.OpenedAsync(wallet, running);
        await _gateway.AskAsync(HttpMethod.Post, Root + "/close", """{"reason":"Now."}""");
        Assert.Equal(503, (await CallAsync(key)).Status);
        Assert.False(running.IsCompleted);

        using var answer = await running;
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal((short)Outcome.Answered, Assert.Single(await _gateway.RecordsAsync(wallet)).Outcome);
    }

    [Fact]
    public async Task Apply_SameTextAgain_IsTheSameVersionAndAFutureOneWaits()
    {
        Assert.True((await ApplyAsync("max_body_bytes: 100")).GetProperty("added").GetBoolean());
        Assert.False((await ApplyAsync("max_body_bytes: 100")).GetProperty("added").GetBoolean());
        var next = await ApplyAsync("closed: Later.", "?from=2199-01-01T00:00:00Z");
        Assert.Equal(2, next.GetProperty("policy").GetProperty("version").GetInt32());
        Assert.False((await ApplyAsync("closed: Later.", "?from=2199-01-01T00:00:00Z")).GetProperty("added")
            .GetBoolean());

        var (_, shown) = await _gateway.AskAsync(HttpMethod.Get, Root, caller: "prs_00000000000000000000000000000001");
        Assert.Equal((1, "max_body_bytes: 100", "an administrator"), (
            shown.GetProperty("policy").GetProperty("version").GetInt32(),
            shown.GetProperty("policy").GetProperty("text").GetString(),
            shown.GetProperty("policy").GetProperty("appliedBy").GetString()));
        Assert.Equal("closed: Later.", (await _gateway.AskAsync(HttpMethod.Get, Root + "/versions/2")).Body
            .GetProperty("text").GetString());
        var (key, _) = await _gateway.KeyAsync(20_000_000);
        Assert.Equal(200, (await CallAsync(key)).Status);

        var (_, checkedBody) = await _gateway.AskAsync(HttpMethod.Post, Root + "/check", "closed: Now.");
        Assert.Equal(["closed", "max_body_bytes"],
            checkedBody.GetProperty("changes").EnumerateArray().Select(c => c.GetProperty("what").GetString()));
        Assert.Equal(404, (await _gateway.AskAsync(HttpMethod.Get, Root + "/versions/3")).Status);
    }

    [Theory]
    [InlineData("", "models: 1", 422, "gateway.policy_invalid")]
    [InlineData("", null, 413, "gateway.policy_too_large")]
    [InlineData("?from=2020-01-01T00:00:00Z", "closed: x", 400, "gateway.policy_from_past")]
    [InlineData("/close", """{"reason":" "}""", 400, "gateway.close_reason_invalid")]
    public async Task Administrators_Mistakes_ChangeNothing(string path, string? body, int status, string code)
    {
        var answer = await _gateway.AskAsync(HttpMethod.Post, Root + path, body ?? "#" + new string('x', 70_000));
        Assert.Equal((status, code), (answer.Status, answer.Body.GetProperty("title").GetString()));
        Assert.Equal(JsonValueKind.Null,
            (await _gateway.AskAsync(HttpMethod.Get, Root)).Body.GetProperty("policy").ValueKind);
    }

    [Fact]
    public async Task Open_WhileThePolicyCloses_SaysSo()
    {
        await ApplyAsync("closed: By the book.");
        var (status, body) = await _gateway.AskAsync(HttpMethod.Post, Root + "/open");
        Assert.Equal((409, "gateway.closed_by_policy"), (status, body.GetProperty("title").GetString()));
    }

    [Theory]
    [InlineData("POST", "")]
    [InlineData("POST", "/check")]
    [InlineData("POST", "/close")]
    [InlineData("POST", "/open")]
    [InlineData("GET", "/versions/1")]
    public async Task Routes_OtherCallers_AreTurnedAway(string method, string path)
    {
        const string person = "prs_00000000000000000000000000000001";
        Assert.Equal(403, (await _gateway.AskAsync(new(method), Root + path, caller: person)).Status);
        Assert.Equal(401, (await _gateway.AskAsync(new(method), Root + path, caller: "nobody")).Status);
        Assert.Equal(200, (await _gateway.AskAsync(HttpMethod.Get, Root, caller: person)).Status);
        Assert.Equal(401, (await _gateway.AskAsync(HttpMethod.Get, Root, caller: "nobody")).Status);
    }

    private async Task<IReadOnlyList<string?>> ListedAsync(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Add("x-api-key", key);
        using var answer = await _gateway.Http.SendAsync(request, Ct);
        var json = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Ct));
        return [.. json.GetProperty("data").EnumerateArray().Select(m => m.GetProperty("id").GetString())];
    }
}
