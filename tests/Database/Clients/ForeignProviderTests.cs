using System.Diagnostics;
using System.Text.Json;
using Guerdon.Database.Gateway;
using Guerdon.Kernel;
using Guerdon.Pricing.Costing;

namespace Guerdon.Database.Clients;

/// <summary>
/// Each client through the gateway to a provider that was not written here: a mock that says what aimock.json has, with
/// prompt and completion tokens only.
/// </summary>
[Collection(ClientGateway.Name)]
public sealed class ForeignProviderTests : IAsyncLifetime
{
    private const string Answer = "A stranger's answer, in so many words.";
    private static readonly Tokens Granted = new(500_000_000_000);
    private static readonly Usage Said = new(15, 0, 0, 0, 60, 0); // no more than fits in a short prompt
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(20);
    private readonly GatewayServer _gateway = new();
    private Process? _mock;

    public async ValueTask InitializeAsync()
    {
        var folder = await NodeClients.InstalledAsync("@copilotkit/aimock@1.43.0");
        _mock = NodeClients.Start(folder, "node",
            Path.Combine(folder, "node_modules/@copilotkit/aimock/dist/cli.js"), "--port", "0",
            "--fixtures", Path.Combine(AppContext.BaseDirectory, "Clients/aimock.json"));
        var address = await AddressAsync(_mock.StandardOutput);
        _gateway.Settings["Gateway:Providers:openai:BaseUrl"] = address;
        _gateway.Settings["Gateway:Providers:anthropic:BaseUrl"] = address;
        await _gateway.InitializeAsync();
    }

    [Fact]
    public Task OpenAi_IsAnsweredAndBookedAsReported() =>
        AssertScriptAsync(OpenAiClientTests.Packages, "openai.mjs");

    [Fact]
    public Task Anthropic_IsAnsweredAndBookedAsReported() =>
        AssertScriptAsync(AnthropicClientTests.Packages, "anthropic.mjs");

    [Fact]
    public Task Vercel_IsAnsweredAndBookedAsReported() => AssertScriptAsync(VercelClientTests.Packages, "ai.mjs");

    [Fact]
    public async Task ClaudeCode_IsAnsweredAndBookedAsReported()
    {
        var (key, wallet) = await _gateway.KeyOfAsync(Granted);
        var ran = await ClaudeCode.RunAsync(_gateway.Address, key, "Explain the plan.");
        Assert.True(ran.Code == 0, ran.ToString());
        Assert.Equal(Answer, JsonElement.Parse(ran.Output).GetProperty("result").GetString());
        Assert.Equal(Said, Assert.Single(await _gateway.AssertPricedAsync(wallet, Granted, calls: 1)).Usage);
    }

    [Fact]
    public async Task Codex_IsAnsweredAndBookedAsReported()
    {
        var (key, wallet) = await _gateway.KeyOfAsync(Granted);
        var ran = await Codex.RunAsync(_gateway.Address, key, "Explain the plan.");
        Assert.True(ran.Code == 0, ran.ToString());
        Assert.Contains(Codex.Events(ran),
            e => Codex.Item(e, "agent_message")?.GetProperty("text").GetString() == Answer);
        Assert.Equal(Said, Assert.Single(await _gateway.AssertPricedAsync(wallet, Granted, calls: 1)).Usage);
    }

    private async Task AssertScriptAsync(string[] packages, string script)
    {
        var folder = await NodeClients.InstalledAsync(packages);
        var (key, wallet) = await _gateway.KeyOfAsync(Granted);
        var seen = await NodeClients.CaseAsync(folder, script, "foreign", _gateway.Address.AbsoluteUri, key);
        await _gateway.AssertAreAsync(wallet, Granted, SeenCall.ListOf(seen));
    }

    // It takes a free port and says which.
    private static async Task<string> AddressAsync(StreamReader output)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(StartWithin);
        while (await output.ReadLineAsync(limit.Token) is { } line)
        {
            var start = line.IndexOf("http://127.0.0.1:", StringComparison.Ordinal);
            if (start >= 0) return line[start..].Trim();
        }

        throw new InvalidOperationException("The mock ended before it listened.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_mock is not null)
        {
            _mock.Kill(entireProcessTree: true);
            _mock.Dispose();
            await _gateway.DisposeAsync();
        }
    }
}
