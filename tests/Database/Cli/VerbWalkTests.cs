namespace Guerdon.Database.Cli;

/// <summary>
/// Every verb of the command line, typed at a real server with a real database, in the order in which a small company
/// would. Verbs are found, not listed: one that no step types fails.
/// </summary>
public sealed class VerbWalkTests(VerbServer server) : IClassFixture<VerbServer>
{
    [Fact]
    public async Task EveryVerb_AtARealServer_ShowsWhatTheApiGave()
    {
        var walk = new VerbWalk(server);
        await PeopleSteps.WalkAsync(walk);
        await AccountSteps.WalkAsync(walk);
        await SsoSteps.WalkAsync(walk);
        await PlanSteps.WalkAsync(walk);
        await GrantSteps.WalkAsync(walk);
        await PaySteps.WalkAsync(walk);
        await OfferSteps.WalkAsync(walk);
        await GatewaySteps.WalkAsync(walk);
        await PriceSteps.WalkAsync(walk);
        await SessionSteps.WalkAsync(walk);
        await AuditSteps.WalkAsync(walk);
        await DepartureSteps.WalkAsync(walk);

        Assert.True(walk.Wrong.Count == 0, string.Join('\n', walk.Wrong));
        Assert.Equal([], VerbWalk.Verbs().Except(walk.Walked));
        Assert.True(walk.Tables.Count >= 35, $"Only {walk.Tables.Count} print a table.");
        var shown = LeftOut.All.Where(left => !walk.NotShown.Any(
            n => n.Verb == left.Verb && LeftOut.Covers(left.Member, n.Member))).ToList();
        Assert.True(shown.Count == 0, $"Shown after all: {string.Join(", ", shown)}");
    }
}
