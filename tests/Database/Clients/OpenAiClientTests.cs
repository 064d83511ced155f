using Guerdon.Database.Gateway;

namespace Guerdon.Database.Clients;

/// <summary>OpenAI's own JavaScript SDK.</summary>
[Collection(ClientGateway.Name)]
public sealed class OpenAiClientTests(GatewayServer gateway)
{
    internal static readonly string[] Packages = ["openai@6.49.0"]; // the last before Node 22

    [Theory]
    [InlineData("chat")]
    [InlineData("stream")]
    [InlineData("streamWithoutUsage")]
    [InlineData("tools")]
    [InlineData("responses")]
    [InlineData("responsesTools")]
    [InlineData("embeddings")]
    [InlineData("models")]
    public Task Call_IsAnsweredAndBookedAsReported(string name) =>
        gateway.AssertBookedAsReportedAsync(Packages, "openai.mjs", name);

    [Fact]
    public Task Wallet_Exhausted_IsSaidAndNotRetried() => gateway.AssertRefusedOnceAsync(Packages, "openai.mjs");
}
