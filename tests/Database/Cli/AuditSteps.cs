using Guerdon.Identity.Audit;

namespace Guerdon.Database.Cli;

/// <summary>Who did what in all of the walk before.</summary>
internal static class AuditSteps
{
    private const string Ann = PeopleSteps.Ann, Bob = PeopleSteps.Bob;

    public static async Task WalkAsync(VerbWalk walk)
    {
        var server = walk.Server;
        while (await ChainActs.PassAsync(
            server.Database.Db, server.Clock, TestContext.Current.CancellationToken) > 0) { }

        var list = await walk.DoesAsync(Ann, $"audit list --who {Ann} --endpoint v1/plans --kind write");
        Assert.Contains("POST /api/v1/plans", list.Typed.Results, StringComparison.Ordinal);
        var nothing = await walk.DoesAsync(Ann, "audit list --from 2020-01-01 --until 2020-01-02");
        Assert.Equal("Nothing was done that fits.\n", nothing.Typed.Messages);
        await walk.RefusedAsync(Ann, "audit list --after none", "host.page_invalid");
        await walk.RefusedAsync(PeopleSteps.Amara, "audit list", "host.not_allowed");
        foreach (var file in (string[])["acts.csv", "acts.json"])
            await OfferSteps.SavesAsync(walk, Bob, $"audit export --who {Ann} --endpoint v1/plans --kind write", file);
    }
}
