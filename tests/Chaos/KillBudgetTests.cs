using Guerdon.Gateway.Keys;
using Guerdon.Kernel;

namespace Guerdon.Chaos;

/// <summary>kill -9 of one of two nodes that spend one key's budget: not a token is spent beyond it, and what the dead
/// node had in hand comes back.</summary>
[Collection(Alone.Name)]
public sealed class KillBudgetTests
{
    private static readonly Tokens Budget = new(1_000_000_000);
    private static readonly TimeSpan BackWithin =
        GatewayProcess.Lease + 2 * GatewayProcess.Heartbeat + TimeSpan.FromSeconds(10);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task KilledWhileSpending_TheBudgetIsExact()
    {
        var (random, seed) = Chance.New();
        await using var scene = await Scene.SetAsync();
        var key = await KeyAsync(scene);
        await using var heir = await GatewayProcess.StartAsync(scene, GatewayProcess.FreePort());
        await using (var victim = await GatewayProcess.StartAsync(scene, GatewayProcess.FreePort()))
        {
            await using var first = new Load(heir.Address, [key], seed);
            await using var second = new Load(victim.Address, [key], seed + 1_000);
            await Scene.WithinAsync(BackWithin, 0, () => Task.FromResult(second.Answered.IsEmpty ? 1L : 0)); // warm
            await random.WaitAsync(3_000, 5_000);
            await victim.KillAsync();
            await random.WaitAsync(500, 1_500);
            await second.StopAsync();
            await first.StopAsync();
            Assert.True(!second.Answered.IsEmpty, $"The victim answered nothing: {second}\n{victim.LastWords}");
        }

        var spent = await Scene.WithinAsync(BackWithin, 0, () => scene.NumberAsync("""
            select (select sum(taken_milli) from gateway.key_budget)::bigint
                 - (select sum(charged_milli) from metering.request)::bigint
            """));
        Assert.True(spent == 0, $"{spent} milli-tokens of the budget are neither spent nor back:\n{heir.LastWords}");
        Assert.InRange(await scene.NumberAsync("select sum(charged_milli)::bigint from metering.request"),
            1, Budget.Milli);
        Assert.Equal(0, await heir.StopAsync());
        Assert.Equal(0, await scene.NumberAsync("select count(*) from gateway.key_share"));
        await scene.AssertSoundAsync();
    }

    private static async Task<string> KeyAsync(Scene scene)
    {
        await using var ledger = Scene.NewWriter(scene.Db);
        await ledger.StartAsync(Ct);
        var (wallet, _) = await scene.FundAsync(ledger, 50_000_000);
        await ledger.StopAsync(Ct);
        var made = await new CreateKey.IssueKey(scene.Db, TimeProvider.System).RunAsync(
            wallet, new(null, "budget", null, Budget.Milli, null), Ct);
        return made.Key;
    }
}
