using Guerdon.Database.Gateway;

namespace Guerdon.Database.Clients;

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
    public Task Call_IsAnsweredAndBookedAsReported(string name) =>
        gateway.AssertBookedAsReportedAsync(Packages, "ai.mjs", name);

    [Fact]
    public Task Wallet_Exhausted_IsSaidAndNotRetried() => gateway.AssertRefusedOnceAsync(Packages, "ai.mjs");
}
