using Stipend.Database.Gateway;
using Stipend.Kernel;

namespace Stipend.Database.Clients;

/// <summary>Vercel's AI SDK, which speaks to both through one interface.</summary>
[Collection(ClientGateway.Name)]
public sealed class VercelClientTests(GatewayServer gateway)
{
    internal static readonly string[] Packages =
        ["ai@6.0.326", "@ai-sdk/openai@3.0.139", "@ai-sdk/anthropic@3.0.137"]; // the last before Node 22

    [Theory]
    [InlineData("chat")]
    [InlineData("responses")]
    [InlineData("messages")]
    [InlineData("chatTools")]
    [InlineData("responsesTools")]
    [InlineData("messagesTools")]
    [InlineData("embed")]
    public async Task Call_IsAnsweredAndBookedAsReported(string name)
    {
        var granted = new Tokens(50_000_000_000);
        var folder = await NodeClients.InstalledAsync(Packages);
        var (key, wallet) = await gateway.KeyOfAsync(granted);
        var seen = await NodeClients.CaseAsync(folder, "ai.mjs", name, gateway.Address.AbsoluteUri, key);
        await gateway.AssertAreAsync(wallet, granted, SeenCall.ListOf(seen));
    }

    [Fact]
    public async Task Wallet_Exhausted_IsSaidAndNotRetried()
    {
        var granted = new Tokens(1);
        var folder = await NodeClients.InstalledAsync(Packages);
        var (key, wallet) = await gateway.KeyOfAsync(granted);
        await NodeClients.CaseAsync(folder, "ai.mjs", "refused", gateway.Address.AbsoluteUri, key);
        await gateway.AssertUntouchedAsync(wallet, granted);
    }
}
