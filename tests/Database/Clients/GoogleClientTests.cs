using Stipend.Database.Gateway;
using Stipend.Kernel;

namespace Stipend.Database.Clients;

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
    public async Task Call_IsAnsweredAndBookedAsReported(string name)
    {
        var granted = new Tokens(50_000_000_000);
        var folder = await NodeClients.InstalledAsync(Packages);
        var (key, wallet) = await gateway.KeyOfAsync(granted);
        var seen = await NodeClients.CaseAsync(folder, "google.mjs", name, gateway.Address.AbsoluteUri, key);
        await gateway.AssertAreAsync(wallet, granted, SeenCall.ListOf(seen));
    }

    [Fact]
    public async Task Wallet_Exhausted_IsSaidAndNotRetried()
    {
        var granted = new Tokens(1);
        var folder = await NodeClients.InstalledAsync(Packages);
        var (key, wallet) = await gateway.KeyOfAsync(granted);
        await NodeClients.CaseAsync(folder, "google.mjs", "refused", gateway.Address.AbsoluteUri, key);
        await gateway.AssertUntouchedAsync(wallet, granted);
    }
}
