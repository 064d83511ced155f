using Guerdon.Database.Gateway;

namespace Guerdon.Database.Clients;

/// <summary>Anthropic's own JavaScript SDK.</summary>
[Collection(ClientGateway.Name)]
public sealed class AnthropicClientTests(GatewayServer gateway)
{
    internal static readonly string[] Packages = ["@anthropic-ai/sdk@1.11.0"];

    [Theory]
    [InlineData("messages")]
    [InlineData("stream")]
    [InlineData("cache")]
    [InlineData("tools")]
    [InlineData("count")]
    [InlineData("models")]
    public Task Call_IsAnsweredAndBookedAsReported(string name) =>
        gateway.AssertBookedAsReportedAsync(Packages, "anthropic.mjs", name);

    [Fact]
    public Task Wallet_Exhausted_IsSaidAndNotRetried() => gateway.AssertRefusedOnceAsync(Packages, "anthropic.mjs");
}
