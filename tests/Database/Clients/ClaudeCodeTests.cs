using System.Text.Json;
using Guerdon.Database.Gateway;
using Guerdon.Kernel;
using Guerdon.Pricing.Costing;

namespace Guerdon.Database.Clients;

/// <summary>Claude Code without its terminal, set up as the README says.</summary>
[Collection(ClientGateway.Name)]
public sealed class ClaudeCodeTests(GatewayServer gateway)
{
    [Fact]
    public async Task Prompt_UsesAToolAndIsAnswered_BookedAsItReports()
    {
        var granted = new Tokens(500_000_000_000);
        var (key, wallet) = await gateway.KeyOfAsync(granted);

        // The sandbox calls the tool, Claude Code runs it and sends its result, and the sandbox answers in words.
        var ran = await ClaudeCode.RunAsync(gateway.Address, key, "Look for it. [tool=Read]");

        Assert.True(ran.Code == 0, ran.ToString());
        var said = JsonElement.Parse(ran.Output);
        Assert.False(said.GetProperty("is_error").GetBoolean());
        Assert.True(said.GetProperty("result").GetString()!.Length > 20);
        Assert.Equal(2, said.GetProperty("num_turns").GetInt32());
        var records = await gateway.AssertPricedAsync(wallet, granted, calls: 2);
        // It reports the sum of its calls, and nothing of how much of the output was thinking.
        Assert.Equal(ClaudeCode.UsageOf(said), Books.Sum(records) with { Reasoning = 0 });
        Assert.All(records, r => Assert.Equal(ClaudeCode.Model, r.Model));
    }

    [Fact]
    public async Task Search_OfItsOwn_GoesOutBounded()
    {
        var granted = new Tokens(500_000_000_000);
        var (key, wallet) = await gateway.KeyOfAsync(granted);

        // Its search is a call of its own, whose tool the provider runs; it asks for eight uses.
        var ran = await ClaudeCode.RunAsync(gateway.Address, key, "Look for it. [tool=WebSearch]",
            "--allowedTools", "WebSearch");

        Assert.True(ran.Code == 0, ran.ToString());
        Assert.False(JsonElement.Parse(ran.Output).GetProperty("is_error").GetBoolean());
        await gateway.AssertPricedAsync(wallet, granted, calls: 3);
    }

    [Fact]
    public async Task Wallet_Exhausted_IsSaidAndNotRetried()
    {
        var granted = new Tokens(1);
        var (key, wallet) = await gateway.KeyOfAsync(granted);

        var ran = await ClaudeCode.RunAsync(gateway.Address, key, "Explain the plan.");

        Assert.Equal(1, ran.Code);
        var said = JsonElement.Parse(ran.Output);
        Assert.Equal(402, said.GetProperty("api_error_status").GetInt32());
        Assert.Contains("Ask for a grant", said.GetProperty("result").GetString()!, StringComparison.Ordinal);
        await gateway.AssertUntouchedAsync(wallet, granted);
    }
}

internal static class ClaudeCode
{
    public const string Model = "claude-sonnet-5";

    public static async Task<NodeClients.Ran> RunAsync(
        Uri address, string key, string prompt, params string[] more)
    {
        var folder = await NodeClients.InstalledAsync("@anthropic-ai/claude-code@2.1.197"); // the last before Node 22
        using var home = new ClientHome(folder);
        var environment = new Dictionary<string, string>
        {
            ["ANTHROPIC_BASE_URL"] = address.AbsoluteUri.TrimEnd('/'),
            ["ANTHROPIC_AUTH_TOKEN"] = key,
            ["DISABLE_TELEMETRY"] = "1",
            ["DISABLE_AUTOUPDATER"] = "1",
            ["DISABLE_ERROR_REPORTING"] = "1",
            ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
        };
        // By its launcher: the package's own script, which is not run, would only put the same program elsewhere.
        return await NodeClients.RunAsync(home, environment, "node",
        [
            Path.Combine(folder, "node_modules/@anthropic-ai/claude-code/cli-wrapper.cjs"),
            "-p", prompt, "--output-format", "json", "--model", Model, .. more,
        ]);
    }

    public static Usage UsageOf(JsonElement said)
    {
        var usage = said.GetProperty("usage");
        var written = usage.GetProperty("cache_creation");
        return new(usage.GetProperty("input_tokens").GetInt64(),
            usage.GetProperty("cache_read_input_tokens").GetInt64(),
            written.GetProperty("ephemeral_5m_input_tokens").GetInt64(),
            written.GetProperty("ephemeral_1h_input_tokens").GetInt64(),
            usage.GetProperty("output_tokens").GetInt64(), 0);
    }
}
