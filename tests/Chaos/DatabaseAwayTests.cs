using Npgsql;

namespace Guerdon.Chaos;

/// <summary>
/// The database is away for longer than a lease, hangs, or has no room left: callers are refused or wait, the gateway
/// comes back by itself, and nothing that was answered is lost.
/// </summary>
public sealed class DatabaseAwayTests
{
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ServesAgainWithin = TimeSpan.FromSeconds(15);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task Gone_ForTenSeconds_NothingIsLost() => RunAsync(null, async (scene, _) =>
    {
        await scene.Cluster.KillAsync();
        await Task.Delay(Away, Ct);
        await scene.Cluster.RestartAsync();
    });

    [Fact]
    public Task Hung_ForTenSeconds_NothingIsLost() => RunAsync(null, async (scene, _) =>
    {
        await scene.Cluster.FreezeAsync();
        try
        {
            await Task.Delay(Away, Ct);
        }
        finally
        {
            await scene.Cluster.ThawAsync(); // frozen, it could not even be stopped
        }
    });

    [Fact]
    public async Task DiskFull_NothingIsLost()
    {
        using var disk = await SmallDisk.MountAsync(megabytes: 400);
        await RunAsync(disk.Path, async (scene, load) =>
        {
            disk.Fill();
            await UseUpLogAsync(scene);
            Assert.Equal(1, await Scene.WithinAsync(Away, 1, () => Task.FromResult(
                load.Statuses.GetValueOrDefault(503) > 0 ? 1L : 0)));
            await Task.Delay(TimeSpan.FromSeconds(3), Ct);
            disk.Relieve();
            // Without room for its log the server ends itself, and whoever runs it starts it again.
            if (scene.Cluster.HasEnded) await scene.Cluster.RestartAsync();
        });
    }

    // The log's segments are made ahead, so that a full disk is not noticed until the last of them is full.
    private static async Task UseUpLogAsync(Scene scene)
    {
        try
        {
            await using var admin = new NpgsqlConnection(scene.Cluster.AdminConnectionString());
            await admin.OpenAsync(Ct);
            await using var next = new NpgsqlCommand("select pg_switch_wal()", admin);
            for (var segment = 0; segment < 32; segment++)
            {
                await next.ExecuteNonQueryAsync(Ct);
                await Task.Delay(100, Ct); // a segment without an entry is not left
            }
        }
        catch (NpgsqlException)
        {
            // It has noticed.
        }
    }

    private static async Task RunAsync(string? home, Func<Scene, Load, Task> disaster)
    {
        var (random, seed) = Chance.New();
        await using var scene = await Scene.SetAsync(home);
        var keys = await scene.FundManyAsync();
        await using (var gateway = await GatewayProcess.StartAsync(scene, GatewayProcess.FreePort()))
        {
            await using var load = new Load(gateway.Address, keys, seed);
            await random.WaitAsync(2_000, 4_000);
            Assert.False(load.Answered.IsEmpty, $"Nothing was answered before: {load}\n{gateway.LastWords}");

            await disaster(scene, load);
            await load.AssertServesAgainAsync(gateway, ServesAgainWithin);

            await load.StopAsync();
            Assert.Empty(load.Unexpected);
            Assert.Equal(0, await Scene.WithinAsync(
                TimeSpan.FromSeconds(5), 0, async () => (await scene.UnbookedAsync(load.Answered)).Count));
            Assert.Equal(0, await gateway.StopAsync());
        }

        Assert.Equal(0, await scene.EscrowAsync());
        await scene.AssertSoundAsync();
        if (home is not null) await scene.Cluster.KillAsync(); // its disk is about to go
    }
}
