using Guerdon.Database.Gateway;

namespace Guerdon.Database.Clients;

/// <summary>Google's own JavaScript SDK.</summary>
[Collection(ClientGateway.Name)]
public sealed class GoogleClientTests(GatewayServer gateway)
{
    internal static readonly string[] Packages = ["@google/genai@2.32.0"]; // the last before Node 22

    [Theory]
    [InlineData("stream")]
    [InlineData("chat")]
    [InlineData("tools")]
    [InlineData("models")]
    public Task Call_IsAnsweredAndBookedAsReported(string name) =>
        gateway.AssertBookedAsReportedAsync(Packages, "google.mjs", name);

    [Fact]
    public Task Wallet_Exhausted_IsSaidAndNotRetried() => gateway.AssertRefusedOnceAsync(Packages, "google.mjs");
}
