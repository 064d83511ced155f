using System.Diagnostics;
using System.Text.Json;
using Dapper;
using Guerdon.Database.Gateway;
using Guerdon.Identity.Protection;
using Guerdon.Metering.Audit;
using Guerdon.Providers;
using Guerdon.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Providers;

/// <summary>Providers that administrators set, through two gateways before a provider that checks its keys.</summary>
public sealed class ProviderAdminTests : IAsyncLifetime
{
    private const string Root = "/api/v1/providers";
    private const string Chat = "/v1/chat/completions";
    private const string Body =
        """{"model":"gpt-6-luna","max_tokens":20,"messages":[{"role":"user","content":"Hi"}]}""";
    private const string OldKey = "sk-old-0123456789abcdefghijklmnop-OLD1";
    private const string NewKey = "sk-new-0123456789abcdefghijklmnop-NEW2";

    private readonly GatewayServer _gateway = new();
    private readonly CapturedLogs _logs = new();
    private KeyedProvider _upstream = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _upstream = await KeyedProvider.StartAsync(OldKey);
        var file = Path.Combine(TestHome.New(), "data.key");
        KeyFile.Make(file);
        _gateway.Settings[KeyFile.Setting] = file;
        _gateway.Settings["Gateway:BreakFor"] = "00:00:04";
        _gateway.Logs = _logs;
    }

    private async Task StartAsync(bool withSpare = false)
    {
        _gateway.HasSpare = withSpare;
        await _gateway.InitializeAsync();
        await _gateway.ScaleAsync(2);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
        _logs.Dispose();
    }

    private Task<(int Status, JsonElement Body)> AskAsync(HttpMethod method, string path, object? body = null) =>
        _gateway.AskAsync(method, Root + path, body is null ? null : JsonSerializer.Serialize(body));

    private async Task<JsonElement> SetAsync(object body, string name = "openai")
    {
        var (status, reply) = await AskAsync(HttpMethod.Put, "/" + name, body);
        Assert.True(status == 200, reply.ToString());
        return reply;
    }

    private async Task<JsonElement> ListedAsync(string name = "openai", int node = 0)
    {
        var (_, list) = await _gateway.AskAsync(HttpMethod.Get, Root, node: node);
        return list.EnumerateArray().Single(item => item.GetProperty("name").GetString() == name);
    }

    private async Task<int> CallAsync(string key, int? node = null)
    {
        using var answer = await _gateway.PostAsync(Chat, key, Body, node: node);
        await answer.Content.ReadAsByteArrayAsync(Ct);
        return (int)answer.StatusCode;
    }

    private static async Task WithinASecondAsync(Func<Task<bool>> isSo)
    {
        var since = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1) + GatewayServer.Busy);
            await Task.Delay(20, Ct);
        }
    }

    private async Task<string> HealthAsync(string name = "openai") =>
        (await ListedAsync(name)).GetProperty("health").GetProperty("state").GetString()!;

    [Fact]
    public async Task Set_WhileNodesServe_BothCallItAndRemoveGivesConfigurationBack()
    {
        await StartAsync();
        var (key, _) = await _gateway.KeyAsync(20_000_000);
        Assert.Equal(200, await CallAsync(key, node: 1)); // the sandbox of configuration
        Assert.Equal("configuration", (await ListedAsync()).GetProperty("source").GetString());

        var reply = await SetAsync(new { baseUrl = _upstream.Url, key = OldKey });
        Assert.True(reply.GetProperty("changed").GetBoolean());
        Assert.Equal(200, await CallAsync(key, node: 0));
        Assert.Equal(1, _upstream.Calls[OldKey]);
        await WithinASecondAsync(async () =>
        {
            Assert.Equal(200, await CallAsync(key, node: 1));
            return _upstream.Calls[OldKey] > 1;
        });

        var listed = await ListedAsync(node: 1);
        Assert.Equal(("database", true, "OLD1", "Healthy", 1), (
            listed.GetProperty("source").GetString(), listed.GetProperty("hidesConfiguration").GetBoolean(),
            listed.GetProperty("firstKey").GetProperty("hint").GetString(),
            listed.GetProperty("health").GetProperty("state").GetString(), listed.GetProperty("version").GetInt32()));
        Assert.Equal(KeyMark.Of(OldKey).Fingerprint,
            listed.GetProperty("firstKey").GetProperty("fingerprint").GetString());
        Assert.False((await SetAsync(new { baseUrl = _upstream.Url, key = OldKey })).GetProperty("changed")
            .GetBoolean());

        var (status, removed) = await AskAsync(HttpMethod.Delete, "/openai");
        Assert.True(status == 200 && removed.GetProperty("configurationHolds").GetBoolean(), removed.ToString());
        var before = _upstream.Calls[OldKey];
        Assert.Equal(200, await CallAsync(key, node: 0));
        Assert.Equal(before, _upstream.Calls[OldKey]);
        Assert.Equal((409, "gateway.provider_configured"), await NoAsync(HttpMethod.Delete, "/openai"));
        await using var connection = await _gateway.Db.OpenConnectionAsync(Ct);
        Assert.Equal(0, await connection.ExecuteScalarAsync<long>(
            "select count(*) from gateway.provider_key where sealed is not null"));
        Assert.Equal(["set", "removed"], await connection.QueryAsync<string>(
            "select change from gateway.v_provider where name = 'openai' order by version"));
        Assert.Equal(2, (await SetAsync(new { baseUrl = _upstream.Url, key = OldKey })).GetProperty("provider")
            .GetProperty("version").GetInt32() - 1);
        await foreach (var finding in VerifyEverything.RunAsync(_gateway.Db, null, Ct)) Assert.Fail($"{finding}");
    }

    [Fact]
    public async Task Rotate_UnderLoad_NoCallFailsAndNoKeyLiesInTheOpen()
    {
        await StartAsync();
        var (key, _) = await _gateway.KeyAsync(20_000_000);
        var (loaded, wallet) = await _gateway.KeyAsync(200_000_000);
        _upstream.Takes = TimeSpan.FromMilliseconds(20);
        await SetAsync(new { baseUrl = _upstream.Url, key = OldKey });
        await WithinASecondAsync(async () =>
            await CallAsync(key, node: 1) == 200 && _upstream.Calls.GetValueOrDefault(OldKey) > 0);

        using var stop = new CancellationTokenSource();
        var statuses = new System.Collections.Concurrent.ConcurrentBag<int>();
        var load = Enumerable.Range(0, 6).Select(async _ =>
        {
            while (!stop.IsCancellationRequested) statuses.Add(await CallAsync(loaded));
        }).ToArray();
        await Task.Delay(300, Ct);
        // The provider does not know the new key yet, knows both, then only the new one.
        var (status, reply) = await AskAsync(HttpMethod.Post, "/openai/rotate", new { key = NewKey });
        Assert.True(status == 200 && reply.GetProperty("changed").GetBoolean(), reply.ToString());
        await Task.Delay(300, Ct);
        Assert.Equal("OnSecondKey", await HealthAsync());
        _upstream.Keys = new HashSet<string> { OldKey, NewKey };
        await Task.Delay(300, Ct);
        Assert.Equal("Healthy", await HealthAsync());
        _upstream.Keys = new HashSet<string> { NewKey };
        await Task.Delay(300, Ct);
        Assert.True((await AskAsync(HttpMethod.Post, "/openai/retire")).Body.GetProperty("changed").GetBoolean());
        await Task.Delay(300, Ct);
        await stop.CancelAsync();
        await Task.WhenAll(load);

        Assert.All(statuses, s => Assert.Equal(200, s));
        Assert.InRange(statuses.Count, 50, int.MaxValue);
        Assert.True(_upstream.Calls[NewKey] > 10);
        Assert.False((await AskAsync(HttpMethod.Post, "/openai/retire")).Body.GetProperty("changed").GetBoolean());
        Assert.Equal(JsonValueKind.Null, (await ListedAsync()).GetProperty("secondKey").ValueKind);
        var records = await _gateway.RecordsAsync(wallet, statuses.Count);
        Assert.Equal(statuses.Count, records.Count); // the second key is no second attempt
        Assert.All(records, record => Assert.Equal(200, record.Http_Status));

        var dump = await _gateway.Database.DumpAsync();
        Assert.Contains("encryptedSecret", dump, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", dump, StringComparison.Ordinal);
        foreach (var secret in new[] { OldKey, NewKey, "sk-old-", "sk-new-" })
        {
            foreach (var form in Forms(secret)) Assert.DoesNotContain(form, dump, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(secret, _logs.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, reply.ToString(), StringComparison.Ordinal);
        }

        Assert.Contains("provider_key", dump, StringComparison.Ordinal);
        Assert.NotEmpty(_logs.Text);
    }

    [Fact]
    public async Task Grace_Over_OldKeyIsErased()
    {
        await StartAsync();
        await SetAsync(new { baseUrl = _upstream.Url, key = OldKey });
        await AskAsync(HttpMethod.Post, "/openai/rotate", new { key = NewKey, graceSeconds = 60 });
        Assert.Equal("OLD1", (await ListedAsync()).GetProperty("secondKey").GetProperty("hint").GetString());

        await ProviderStore.EraseRetiredAsync(_gateway.Db, TimeProvider.System.GetUtcNow().AddSeconds(30), Ct);
        Assert.Equal("OLD1", (await ListedAsync()).GetProperty("secondKey").GetProperty("hint").GetString());
        await ProviderStore.EraseRetiredAsync(_gateway.Db, TimeProvider.System.GetUtcNow().AddSeconds(61), Ct);
        Assert.Equal(JsonValueKind.Null, (await ListedAsync()).GetProperty("secondKey").ValueKind);
        await using var connection = await _gateway.Db.OpenConnectionAsync(Ct);
        Assert.Equal(["NEW2"], await connection.QueryAsync<string>(
            "select hint from gateway.provider_key where sealed is not null"));
    }

    [Fact]
    public async Task Set_CallInFlight_EndsOnTheProviderItBeganWith()
    {
        await StartAsync();
        var (key, _) = await _gateway.KeyAsync(20_000_000);
        _upstream.Takes = TimeSpan.FromMilliseconds(700);
        await SetAsync(new { baseUrl = _upstream.Url, key = OldKey });
        var running = CallAsync(key, node: 0);
        await Task.Delay(250, Ct);
        await SetAsync(new { baseUrl = _gateway.Sandbox.Address.AbsoluteUri, key = NewKey });
        Assert.Equal(2, _gateway.Services.GetRequiredService<ProviderSet>().Waiting); // and the one of configuration
        Assert.Equal(200, await running);
        Assert.Equal(1, _upstream.Calls[OldKey]);
    }

    [Theory]
    [InlineData(401, 1)]
    [InlineData(403, 2)]
    public async Task Key_Refused_SpareAnswersAndTheListSaysSo(int refusal, int people)
    {
        await StartAsync(withSpare: true);
        _upstream.Refusal = refusal;
        await SetAsync(new { baseUrl = _upstream.Url, key = NewKey });
        var calls = 0;
        for (var deadline = 0; deadline < 50 && await HealthAsync() == "Healthy"; deadline++)
        {
            for (var person = 0; person < people; person++, calls++)
            {
                var (key, _) = await _gateway.KeyAsync(20_000_000);
                Assert.Equal(200, await CallAsync(key, node: 0));
            }

            await Task.Delay(300, Ct); // Guerdon asks by itself, at most once a second
        }

        var health = (await ListedAsync()).GetProperty("health");
        Assert.Equal("KeyRefused", health.GetProperty("state").GetString());
        Assert.NotEqual(JsonValueKind.Null, health.GetProperty("since").ValueKind);
        var (other, wallet) = await _gateway.KeyAsync(20_000_000);
        var asked = _upstream.Calls[NewKey];
        Assert.Equal(200, await CallAsync(other, node: 0)); // it is left alone now
        Assert.Equal(asked, _upstream.Calls[NewKey]);
        Assert.Single(await _gateway.RecordsAsync(wallet));

        _upstream.Keys = new HashSet<string> { NewKey };
        await Task.Delay(4_100, Ct);
        Assert.Equal(200, await CallAsync(other, node: 0));
        Assert.Equal("Healthy", await HealthAsync());
    }

    [Fact]
    public async Task Key_RefusedAndNobodyElse_CallerIsNotToldOfTheKey()
    {
        await StartAsync();
        var (key, wallet) = await _gateway.KeyAsync(20_000_000);
        await SetAsync(new { baseUrl = _upstream.Url, key = NewKey });

        using var answer = await _gateway.PostAsync(Chat, key, Body, node: 0);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.Equal(503, (int)answer.StatusCode);
        Assert.Contains("gateway.provider_key_refused", text, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-new", text, StringComparison.Ordinal);
        Assert.Equal(0, Assert.Single(await _gateway.RecordsAsync(wallet)).Charged_Milli);
        Assert.DoesNotContain("sk-new", _logs.Text, StringComparison.Ordinal);
        for (var tries = 0; tries < 100 && await HealthAsync() == "Healthy"; tries++) await Task.Delay(20, Ct);
        Assert.Equal("KeyRefused", await HealthAsync());
        Assert.Equal(503, await CallAsync(key, node: 0));
        Assert.Equal(1, _upstream.Calls[NewKey]);
    }

    public static TheoryData<string, string, int, string, string> Mistakes => new()
    {
        { "/ours", """{"baseUrl":"http://api.example.com","key":"sk-good"}""", 422, "gateway.provider_invalid",
            "BaseUrl must be https" },
        { "/ours", """{"baseUrl":"http://169.254.169.254","key":"sk-good"}""", 422, "gateway.provider_invalid",
            "BaseUrl must be https" },
        { "/ours", """{"baseUrl":"http://localhost:22","key":"sk-good"}""", 422, "gateway.provider_invalid",
            "BaseUrl localhost:22 is on this machine or in a private network" },
        { "/ours", """{"baseUrl":"https://169.254.169.254","key":"sk-good"}""", 422, "gateway.provider_invalid",
            "BaseUrl 169.254.169.254 is an address of the link" },
        { "/ours", """{"key":"sk-good"}""", 422, "gateway.provider_invalid", "BaseUrl must be https" },
        { "/ours", """{"baseUrl":"https://api.example.com"}""", 422, "gateway.provider_invalid",
            "ApiKey is missing." },
        { "/ours", """{"baseUrl":"https://api.example.com","key":"sk bad\n"}""", 422, "gateway.provider_invalid",
            "ApiKey has characters that no header can carry." },
        { "/ours", """{"baseUrl":"https://a.example","key":"sk-good","dialect":"Soap"}""", 422,
            "gateway.provider_invalid", "Dialect must be" },
        { "/ours", """{"baseUrl":"https://a.example","key":"sk-good","weight":-1}""", 422,
            "gateway.provider_invalid", "Weight must be" },
        { "/ours", """{"baseUrl":"https://a.example","key":"sk-good","serves":"a b"}""", 422,
            "gateway.provider_invalid", "Serves must be" },
        { "/ours", """{"baseUrl":"https://a.example","key":"sk-good","serves":"anthropic"}""", 422,
            "gateway.provider_invalid", "those that serve anthropic differ in Dialect." },
        { "/ours", """{"baseUrl":"https://a.example","key":"sk-good"}""", 422, "gateway.provider_invalid",
            "The price book has no models of 'ours': import their prices first" },
        { "/ours", """{"baseUrl":"https://a.example","key":"sk-good","serves":"opnai"}""", 422,
            "gateway.provider_invalid", "no models of 'opnai'" },
        { "/Ours!", """{"baseUrl":"https://a.example","key":"sk-good"}""", 422, "gateway.provider_invalid",
            "The name must be" },
        { "/openai", """{"baseUrl":"https://evil.example"}""", 422, "gateway.provider_key_needed",
            "is another host than" },
        { "/openai/rotate", """{"key":""}""", 422, "gateway.provider_invalid", "ApiKey is missing." },
        { "/openai/rotate", """{"key":"a b"}""", 422, "gateway.provider_invalid", "no header can carry" },
        { "/openai/rotate", """{"key":"sk-good","graceSeconds":-1}""", 422, "gateway.provider_invalid", "grace" },
        { "/ours/rotate", """{"key":"sk-good"}""", 404, "gateway.provider_not_found", "'ours'" },
        { "/anthropic/rotate", """{"key":"sk-good"}""", 409, "gateway.provider_configured", "'anthropic'" },
    };

    [Fact]
    public async Task Administrators_Mistakes_AreNamedAndChangeNothing()
    {
        await StartAsync();
        await SetAsync(new { baseUrl = _upstream.Url, key = OldKey });
        var (_, before) = await AskAsync(HttpMethod.Get, "");
        foreach (var row in Mistakes)
        {
            var (path, body, status, code, said) = row.Data;
            var method = path.EndsWith("/rotate", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Put;
            var answer = await _gateway.AskAsync(method, Root + path, body);
            Assert.Equal((path, body, status, code),
                (path, body, answer.Status, answer.Body.GetProperty("title").GetString()));
            Assert.Contains(said, answer.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.DoesNotContain("sk-", answer.Body.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(before.ToString(), (await AskAsync(HttpMethod.Get, "")).Body.ToString());
        Assert.Equal((404, "gateway.provider_not_found"), await NoAsync(HttpMethod.Delete, "/ours"));
    }

    [Fact]
    public async Task Key_NotDecrypted_ProviderIsNotCalledUntilItIsSetAgain()
    {
        await StartAsync();
        var (key, _) = await _gateway.KeyAsync(20_000_000);
        await SetAsync(new { baseUrl = _upstream.Url, key = OldKey });
        await using (var connection = await _gateway.Db.OpenConnectionAsync(Ct))
            await connection.ExecuteAsync("update gateway.provider_key set sealed = '\\x00'");
        await SetAsync(new { baseUrl = _upstream.Url, key = OldKey }, "xai"); // has nodes read again

        var health = (await ListedAsync()).GetProperty("health");
        Assert.Equal("Unusable", health.GetProperty("state").GetString());
        Assert.Contains("cannot be decrypted", health.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(503, await CallAsync(key, node: 0)); // not silently configuration's
        Assert.False(_upstream.Calls.ContainsKey(OldKey));

        await SetAsync(new { key = OldKey });
        Assert.Equal(200, await CallAsync(key, node: 0));
        Assert.Equal(1, _upstream.Calls[OldKey]);
    }

    [Fact]
    public async Task Set_NoKeyFile_KeyIsNotTaken()
    {
        _gateway.Settings.Remove(KeyFile.Setting);
        await StartAsync();
        var (status, body) = await AskAsync(HttpMethod.Put, "/xai", new { baseUrl = _upstream.Url, key = OldKey });
        Assert.Equal((409, "gateway.no_key_file"), (status, body.GetProperty("title").GetString()));
        await SetAsync(new { baseUrl = _upstream.Url }, "mistral"); // on this machine none is needed
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PUT", "/openai")]
    [InlineData("POST", "/openai/rotate")]
    [InlineData("POST", "/openai/retire")]
    [InlineData("DELETE", "/openai")]
    public async Task Routes_OtherCallers_AreTurnedAway(string method, string path)
    {
        await StartAsync();
        const string person = "prs_00000000000000000000000000000001";
        Assert.Equal(403, (await _gateway.AskAsync(new(method), Root + path, caller: person)).Status);
        Assert.Equal(401, (await _gateway.AskAsync(new(method), Root + path, caller: "nobody")).Status);
    }

    private async Task<(int, string?)> NoAsync(HttpMethod method, string path)
    {
        var (status, body) = await AskAsync(method, path);
        return (status, body.GetProperty("title").GetString());
    }

    // As it is, and as a dump writes bytes.
    internal static IEnumerable<string> Forms(string secret)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(secret);
        return [secret, Convert.ToHexString(bytes), Convert.ToBase64String(bytes)[..8]];
    }
}
