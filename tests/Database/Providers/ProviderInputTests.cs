using System.Text.Json;
using Dapper;
using Guerdon.Database.Gateway;
using Guerdon.Identity.Protection;
using Guerdon.Providers;
using Guerdon.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Providers;

/// <summary>Where calls go takes two; which key they carry there takes one. No proposal shows a key.</summary>
public sealed class ProviderInputTests : IAsyncLifetime
{
    private const string Root = "/api/v1/providers";
    private const string Ann = "admin:ann@example.com", Bob = "admin:bob@example.com";
    private const string Key = "sk-one-0123456789abcdefghijklmnop-KEY1";
    private const string NextKey = "sk-two-0123456789abcdefghijklmnop-KEY2";

    private readonly GatewayServer _gateway = new();
    private readonly CapturedLogs _logs = new();
    private KeyedProvider _upstream = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _upstream = await KeyedProvider.StartAsync(Key);
        var file = Path.Combine(TestHome.New(), "data.key");
        KeyFile.Make(file);
        _gateway.Settings[KeyFile.Setting] = file;
        _gateway.Logs = _logs;
        await _gateway.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
        _logs.Dispose();
    }

    private Task<(int Status, JsonElement Body)> SendAsync(
        HttpMethod method, string path, object? body = null, string caller = Ann) =>
        _gateway.SendAsync(method, Root + path, body is null ? null : JsonSerializer.Serialize(body), caller);

    private async Task<JsonElement> WaitsAsync(object body, string name = "openai", string caller = Ann)
    {
        var (status, said) = await SendAsync(HttpMethod.Put, "/" + name, body, caller);
        Assert.True(status == 202, said.ToString());
        return said.GetProperty("waits");
    }

    private async Task SetAsync(object body) =>
        Assert.Equal(200, (await _gateway.ApproveAsync(await WaitsAsync(body), Bob)).Status);

    private async Task<JsonElement> ShownAsync(JsonElement waits, string caller = Bob) => (await _gateway.SendAsync(
        HttpMethod.Get, $"/api/v1/inputs/{waits.GetProperty("id").GetString()}", caller: caller)).Body;

    private async Task<long> NumberAsync(string sql)
    {
        await using var connection = await _gateway.Db.OpenConnectionAsync(Ct);
        return await connection.ExecuteScalarAsync<long>(sql);
    }

    private Task<long> KeptAsync() => NumberAsync("select count(*) from gateway.proposed_key where sealed is not null");

    private async Task<int> CallAsync()
    {
        var (key, _) = await _gateway.KeyAsync(20_000_000);
        using var answer = await _gateway.PostAsync(
            "/v1/chat/completions", key,
            """{"model":"gpt-6-luna","max_tokens":20,"messages":[{"role":"user","content":"Hi"}]}""");
        return (int)answer.StatusCode;
    }

    private static (string?, string?, string?)[] ChangesOf(JsonElement waits) =>
    [
        .. waits.GetProperty("changes").EnumerateArray().Select(one => (
            one.GetProperty("what").GetString(), one.GetProperty("before").GetString(),
            one.GetProperty("after").GetString())),
    ];

    [Fact]
    public async Task Address_OfAnother_IsCalledOnceAnotherApproves()
    {
        var waits = await WaitsAsync(new { baseUrl = _upstream.Url, key = Key });
        Assert.Equal(200, await CallAsync()); // by configuration still
        Assert.Empty(_upstream.Calls);
        Assert.Equal(1, await KeptAsync());
        var mark = KeyMark.Of(Key).Shown;
        Assert.Contains(("base_url", _gateway.Sandbox.Address.AbsoluteUri, _upstream.Url), ChangesOf(waits));
        Assert.Contains(("key", null, $"{mark}, given with it"), ChangesOf(waits));
        var again = await WaitsAsync(new { baseUrl = _upstream.Url, key = Key });
        Assert.Equal(waits.GetProperty("digest").GetString(), again.GetProperty("digest").GetString());

        var shown = await ShownAsync(waits);
        Assert.Contains(_upstream.Url, shown.GetProperty("body").GetString(), StringComparison.Ordinal);
        var own = await _gateway.ApproveAsync(waits, Ann);
        Assert.Equal(403, own.Status);
        var dump = await _gateway.Database.DumpAsync();
        Assert.Contains(mark[^13..^1], dump, StringComparison.Ordinal);
        foreach (var text in new[] { dump, _logs.Text, waits.ToString(), shown.ToString(), own.Body.ToString() })
            foreach (var form in ProviderAdminTests.Forms(Key))
                Assert.DoesNotContain(form, text, StringComparison.OrdinalIgnoreCase);

        var done = await _gateway.ApproveAsync(waits, Bob);
        Assert.True(done.Status == 200, done.Body.ToString());
        Assert.DoesNotContain("sk-one", done.Body.ToString(), StringComparison.Ordinal);
        Assert.Equal(200, await CallAsync());
        Assert.Equal(1, _upstream.Calls[Key]);
        Assert.Equal(0, await KeptAsync());
        Assert.Equal("ann@example.com", (await SendAsync(HttpMethod.Get, "")).Body.EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == "openai").GetProperty("changedBy").GetString());
    }

    [Fact]
    public async Task Key_OfAProviderThatIsSet_IsRotatedReplacedAndRetiredByOne()
    {
        await SetAsync(new { baseUrl = _upstream.Url, key = Key });
        Assert.Equal(200, (await SendAsync(HttpMethod.Post, "/openai/rotate", new { key = NextKey })).Status);
        Assert.Equal(200, (await SendAsync(HttpMethod.Post, "/openai/retire")).Status);
        Assert.Equal(200, (await SendAsync(HttpMethod.Put, "/openai", new { key = Key })).Status);
        Assert.Equal(200, (await SendAsync(HttpMethod.Put, "/openai", new { weight = 0 })).Status);
        Assert.Equal(200, await CallAsync());
        Assert.Equal(1, _upstream.Calls[Key]);
    }

    [Theory]
    [InlineData("weight", 5)] // more of the calls
    [InlineData("capMember", "max_tokens")]
    [InlineData("serves", "xai")]
    public async Task Anything_ElseOfAProviderThatIsSet_Waits(string member, object value)
    {
        await SetAsync(new { baseUrl = _upstream.Url, key = Key });
        var waits = await WaitsAsync(new Dictionary<string, object> { [member] = value });
        Assert.Single(ChangesOf(waits));
        await WaitsAsync(new Dictionary<string, object> { [member] = value, ["key"] = NextKey });
        Assert.Equal(1, await NumberAsync("select count(*) from gateway.provider"));
    }

    [Fact]
    public async Task Address_OfTheSameHost_ShowsThatTheKeyGoesThere()
    {
        await SetAsync(new { baseUrl = _upstream.Url, key = Key });
        var other = _upstream.Url.TrimEnd('/') + "/theirs";
        var mark = KeyMark.Of(Key).Shown;
        var changes = ChangesOf(await WaitsAsync(new { baseUrl = other }));
        Assert.Contains(("key", mark, $"{mark}, which goes to {other}"), changes);
    }

    [Fact]
    public async Task Removal_WhereConfigurationHasOne_Waits()
    {
        await SetAsync(new { baseUrl = _upstream.Url, key = Key });
        var (status, said) = await SendAsync(HttpMethod.Delete, "/openai");
        Assert.True(status == 202, said.ToString());
        var change = Assert.Single(ChangesOf(said.GetProperty("waits")));
        Assert.Contains("as this node's configuration has it", change.Item3, StringComparison.Ordinal);

        var set = await WaitsAsync(new { baseUrl = _upstream.Url, key = NextKey, serves = "openai" }, "spare");
        Assert.Equal(200, (await _gateway.ApproveAsync(set, Bob)).Status);
        Assert.Equal(200, (await SendAsync(HttpMethod.Delete, "/spare")).Status); // nothing takes its place
    }

    [Fact]
    public async Task Key_OfAProposalThatEnded_IsErased()
    {
        var keys = _gateway.Services.GetRequiredService<ProposedKeys>();
        var waits = await WaitsAsync(new { baseUrl = _upstream.Url, key = Key });
        var later = TimeProvider.System.GetUtcNow().AddHours(1);
        await keys.EraseUnnamedAsync(later, Ct);
        Assert.Equal(1, await KeptAsync()); // it waits

        Assert.Equal(200, (await _gateway.SendAsync(
            HttpMethod.Post, $"/api/v1/inputs/{waits.GetProperty("id").GetString()}/decline", "{}", Ann)).Status);
        await keys.EraseUnnamedAsync(TimeProvider.System.GetUtcNow(), Ct);
        Assert.Equal(1, await KeptAsync()); // a proposal that names it may be on its way
        await keys.EraseUnnamedAsync(later, Ct);
        Assert.Equal(0, await KeptAsync());
    }

    [Fact]
    public async Task Key_ErasedMeanwhile_ApprovalIsRefused()
    {
        var waits = await WaitsAsync(new { baseUrl = _upstream.Url, key = Key });
        await using (var connection = await _gateway.Db.OpenConnectionAsync(Ct))
            await connection.ExecuteAsync("update gateway.proposed_key set sealed = null, erased_at = now()");
        var (status, said) = await _gateway.ApproveAsync(waits, Bob);
        Assert.Equal((409, "gateway.provider_key_erased"), (status, said.GetProperty("title").GetString()));
    }

    [Fact]
    public async Task Provider_ChangedMeanwhile_IsLookedAtAgain()
    {
        await SetAsync(new { baseUrl = _upstream.Url, key = Key });
        var waits = await WaitsAsync(new { weight = 5 });
        Assert.Equal(200, (await SendAsync(HttpMethod.Post, "/openai/rotate", new { key = NextKey })).Status);
        var (status, said) = await _gateway.ApproveAsync(waits, Bob);
        Assert.Equal((409, "approvals.input_changed"), (status, said.GetProperty("title").GetString()));
    }
}
