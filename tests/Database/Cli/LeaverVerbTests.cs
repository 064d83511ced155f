using Guerdon.Kernel;

namespace Guerdon.Database.Cli;

/// <summary>A token that the server knows, of somebody who has left: it is no token of another server.</summary>
public sealed class LeaverVerbTests(VerbServer server) : IClassFixture<VerbServer>
{
    private const string Lea = "lea@example.com";

    [Fact]
    public async Task Run_TokenOfSomebodyWhoLeft_HandsOnTheServersWord()
    {
        await ImportAsync("");
        await server.SignUpAsync(Lea, [Roles.Employee]);
        var before = await server.TypeAsync(Lea, ["wallet", "me"]);
        Assert.True(before.Exit == 0, before.Messages);
        await ImportAsync("2026-11-18");

        var after = await server.TypeAsync(Lea, ["wallet", "me"]);

        Assert.Equal(("", 1), (after.Results, after.Exit));
        Assert.StartsWith("host.account_over: This account ended with the last day of employment, 2026-11-18",
            after.Messages, StringComparison.Ordinal);
        Assert.DoesNotContain("another server", after.Messages, StringComparison.Ordinal);
    }

    private async Task ImportAsync(string leftOn)
    {
        var imported = await server.TypeAsync(VerbServer.Ann, ["import", "people", "-"], input: $"""
            email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay,total_pay,currency
            {Lea},Lea,Engineering,Engineer,L5,US,CC1,2024-01-15,{leftOn},100000,120000,USD

            """);
        Assert.True(imported.Exit == 0, imported.Messages);
    }
}
