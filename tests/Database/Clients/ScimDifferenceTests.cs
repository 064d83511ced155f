using Guerdon.Database.Host;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Clients;

/// <summary>What Okta and Entra ID send, answered by Guerdon and by scimmy (npm): where they differ, we know
/// why.</summary>
public sealed class ScimDifferenceTests
{
    private static readonly string[] Packages = ["scimmy@1.3.5", "scimmy-routers@1.3.2", "express@4.22.3"];

    private static readonly Dictionary<string, string> Known = new()
    {
        ["Okta finds the user"] = "userName is compared without regard to case (RFC 7643, 4.1.1); scimmy does not",
        ["a filter that is none"] = "400 invalidFilter; scimmy answers 500",
        ["past the end"] = "an empty page; scimmy answers the last one",
        ["adds a member"] = "204, since a group may have thousands of members",
        ["removes a member by path"] = "the same", ["Okta renames"] = "the same",
        ["replaces all members"] = "the same",
    };

    [Fact]
    public async Task Answers_DifferFromScimmysOnlyAsIsKnown()
    {
        var folder = await NodeClients.InstalledAsync(Packages);
        await using var app = await RealApp.StartAsync();
        var ct = TestContext.Current.CancellationToken;
        var account = await app.Services.GetRequiredService<AccountDirectory>().FindByEmailAsync(RealApp.Admin, ct);
        var token = (await app.Services.GetRequiredService<ApiTokens>().CreateAsync(account!.Id, "scim", ct)).Token;

        var wrote = await NodeClients.CaseAsync(
            folder, "scim.mjs", app.Address.AbsoluteUri.TrimEnd('/'), token);

        var lines = wrote.Split('\n').Where(line => line.Contains('\t', StringComparison.Ordinal)).ToArray();
        var unknown = lines.Where(line => !Known.ContainsKey(line.Split('\t')[0])).ToArray();
        Assert.True(unknown.Length == 0, string.Join('\n', unknown));
        Assert.Equal(Known.Keys.Order(StringComparer.Ordinal),
            lines.Select(line => line.Split('\t')[0]).Order(StringComparer.Ordinal));
    }
}
