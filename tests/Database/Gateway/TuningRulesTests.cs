using Guerdon.Gateway.Keys;
using Guerdon.Kernel;
using Guerdon.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Gateway;

/// <summary>What binds calls binds tuning jobs: the policy, its rates, zero-rating, and the key's own limits.</summary>
public sealed class TuningRulesTests : IAsyncLifetime
{
    private readonly TuningServer _server = new();
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    [Fact]
    public async Task Policy_BindsFilesAndJobs()
    {
        var (key, wallet) = await _server.Gateway.KeyAsync(10_000);
        var file = await _server.FileAsync(key);

        await ApplyAsync("models: {deny: [gpt-4o-mini]}");
        Assert.Equal((403, "gateway.model_not_approved"), Code(await _server.CreateAsync(key, file)));
        await ApplyAsync("services: {deny: [openai]}");
        Assert.Equal((403, "gateway.service_not_approved"), Code(await _server.CreateAsync(key, file)));
        Assert.Equal((403, "gateway.service_not_approved"), Code(await _server.UploadAsync(key, TuningServer.File)));
        await ApplyAsync("max_body_bytes: 300");
        Assert.Equal((413, "gateway.body_too_large"), Code(await _server.UploadAsync(key, TuningServer.File)));
        await ApplyAsync("closed: We are moving.");
        Assert.Equal((503, "gateway.closed"), Code(await _server.CreateAsync(key, file)));
        Assert.Equal(10_000_000, (await _server.BalanceAsync(wallet)).Available.Milli);

        await ApplyAsync("rates: [{per: person, requests: 1, window: 1h}]");
        await AssertCreatedAsync(key, file);
        Assert.Equal((429, "gateway.rate_limited"), Code(await _server.CreateAsync(key, file)));

        await ApplyAsync("zero_rated: [gpt-4o-mini]");
        var (poor, empty) = await _server.Gateway.KeyAsync(1);
        await AssertCreatedAsync(poor, await _server.FileAsync(poor));
        _server.Clock.Now += TimeSpan.FromMinutes(11);
        var ended = await _server.EndedAsync(empty);
        Assert.Equal((200L, 0L), (ended.Trained_Tokens, ended.Charged_Milli));
        await _server.AssertVerifiedAsync();
    }

    [Fact]
    public async Task Key_WithABudgetOrModels_IsBoundByThem()
    {
        var (rich, wallet) = await _server.Gateway.KeyAsync(100_000);
        var file = await _server.FileAsync(rich);
        var keys = _server.Gateway.Services.GetRequiredService<CreateKey.IssueKey>();
        var narrow = await keys.RunAsync(wallet, new(null, "narrow", ["gpt-4o"], null, null), Ct);
        Assert.Equal((403, "gateway.model_not_allowed"), Code(await _server.CreateAsync(narrow.Key, file)));

        var tight = await keys.RunAsync(wallet, new(null, "tight", [], new Tokens(2_500_000).Milli, null), Ct);
        var (status, _) = await _server.CreateAsync(tight.Key, file);
        Assert.Equal(200, status);
        Assert.Equal((402, "gateway.key_budget_exhausted"), Code(await _server.CreateAsync(tight.Key, file)));

        // It used a quarter of what it held, and the rest of the budget is there again; a second job is too much.
        _server.Clock.Now += TimeSpan.FromMinutes(11);
        Assert.Equal(600_000, (await _server.EndedAsync(wallet)).Charged_Milli);
        await Task.Delay(500, Ct);
        Assert.Equal((402, "gateway.key_budget_exhausted"), Code(await _server.CreateAsync(tight.Key, file)));
        Assert.Equal(200, (await _server.CreateAsync(tight.Key, file, "1")).Status);
    }

    private async Task ApplyAsync(string policy)
    {
        var (status, body) = await _server.Gateway.AskAsync(HttpMethod.Post, "/api/v1/gateway-policy", policy);
        Assert.True(status == 200, body.ToString());
        foreach (var node in _server.Gateway.Nodes) await node.GetRequiredService<CurrentPolicy>().ReloadAsync(Ct);
    }

    private async Task AssertCreatedAsync(string key, string file)
    {
        var answer = await _server.CreateAsync(key, file);
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Body}");
    }

    private static (int Status, string? Code) Code((int Status, System.Text.Json.JsonElement Body) answer) =>
        (answer.Status, answer.Body.GetProperty("error").GetProperty("code").GetString());

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
