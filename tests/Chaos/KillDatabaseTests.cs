namespace Guerdon.Chaos;

/// <summary>kill -9 of PostgreSQL under load: callers are refused for a while, and nothing that was answered is
/// lost.</summary>
[Collection(Alone.Name)]
public sealed class KillDatabaseTests
{
    private const int Rounds = 3;
    private static readonly TimeSpan ServesAgainWithin = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task KilledUnderLoad_TheGatewayComesBackByItselfAndTheBooksAreSound()
    {
        var (random, seed) = Chance.New();
        await using var scene = await Scene.SetAsync();
        var keys = await scene.FundManyAsync();
        var port = GatewayProcess.FreePort();
        await using var gateway = await GatewayProcess.StartAsync(scene, port);
        await using var load = new Load(gateway.Address, keys, seed);

        for (var round = 0; round < Rounds; round++)
        {
            await random.WaitAsync(500, 2_500);
            await scene.Cluster.KillAsync();
            await random.WaitAsync(0, 4_000); // at times longer than the lease
            await scene.Cluster.RestartAsync();
            await load.AssertServesAgainAsync(gateway, ServesAgainWithin);
        }

        await load.StopAsync();
        Assert.Empty(load.Unexpected);
        Assert.Equal(0, await Scene.WithinAsync(
            TimeSpan.FromSeconds(5), 0, async () => (await scene.UnbookedAsync(load.Answered)).Count));
        await scene.AssertSoundAsync();

        Assert.Equal(0, await gateway.StopAsync());
        Assert.Equal(0, await scene.EscrowAsync());
        await scene.AssertSoundAsync();
    }
}
