namespace Guerdon.Chaos;

/// <summary>kill -9 of the gateway under load: what was answered is booked, and what it held is returned in
/// time.</summary>
[Collection(Alone.Name)]
public sealed class KillGatewayTests
{
    private const int Rounds = 3;

    // Process starts and polls on a busy machine; the promise itself is lease and twice the heartbeat.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ServesWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan HomeWithin = GatewayProcess.Lease + 2 * GatewayProcess.Heartbeat;

    [Fact]
    public async Task KilledUnderLoad_EscrowGoesHomeAndEveryAnswerIsBooked()
    {
        var (random, seed) = Chance.New();
        await using var scene = await Scene.SetAsync();
        var keys = await scene.FundManyAsync();
        var port = GatewayProcess.FreePort();
        await using var load = new Load(GatewayProcess.AddressOf(port), keys, seed);

        for (var round = 0; round < Rounds; round++)
        {
            await using var victim = await GatewayProcess.StartAsync(scene, port);
            await load.AssertServesAgainAsync(victim, ServesWithin); // a busy machine compiles slowly
            await random.WaitAsync(0, 2_000);
            await victim.KillAsync();
        }

        Assert.True(await scene.EscrowAsync() > 0, "The dead left no escrow: this test shows nothing.");
        await using var heir = await GatewayProcess.StartAsync(scene, port);
        var dead = await Scene.WithinAsync(HomeWithin + Margin, 0, scene.EscrowOfTheDeadAsync);
        Assert.True(dead == 0, $"{dead} milli-tokens of dead nodes are still in escrow:\n{heir.LastWords}");

        await load.StopAsync();
        Assert.Empty(load.Unexpected);
        Assert.Equal(0, await Scene.WithinAsync(
            TimeSpan.FromSeconds(5), 0, async () => (await scene.UnbookedAsync(load.Answered)).Count));
        await scene.AssertSoundAsync();

        Assert.Equal(0, await heir.StopAsync());
        Assert.Equal(0, await scene.EscrowAsync());
        await scene.AssertSoundAsync();
    }
}
