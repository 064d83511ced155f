using Dapper;
using Guerdon.Ledger;
using Guerdon.Ledger.Audit;
using Npgsql;

namespace Guerdon.Chaos;

/// <summary>kill -9 of PostgreSQL while days are sealed: each day is sealed once or not yet, and the next try does
/// it.</summary>
[Collection(Alone.Name)]
public sealed class KillSealTests
{
    private const int Rounds = 4;
    private const int Rows = 20_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task KilledWhileSealing_EachDayIsSealedOnce()
    {
        var (random, _) = Chance.New();
        await using var scene = await Scene.SetAsync();
        await using (var pool = scene.NewPool())
        await using (var ledger = Scene.NewWriter(pool))
        {
            await ledger.StartAsync(Ct);
            await scene.GrantAsync(ledger, new WalletId(Guid.CreateVersion7()), new(1_000_000));
            await ledger.StopAsync(Ct);
        }

        await using (var owner = new NpgsqlConnection(scene.Cluster.AdminConnectionString("guerdon")))
            await owner.ExecuteAsync($"update kernel.change set at = at - interval '{Rounds} days'");
        var (clock, cut) = (new Behind(), 0); // only days that have ended are sealed
        for (var round = 0; round < Rounds; round++)
        {
            await WriteAsync(scene.Db);
            clock.Days++;
            var sealing = Task.WhenAll(SealAsync(scene.Db, clock), SealAsync(scene.Db, clock));
            await random.WaitAsync(0, 400);
            await scene.Cluster.KillAsync();
            cut += (await sealing).Count(done => !done);
            await scene.Cluster.RestartAsync();

            Assert.True(await SealAsync(scene.Db, clock));
            Assert.True(await SealAsync(scene.Db, clock)); // which finds nothing to do
            await scene.AssertSoundAsync();
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{cut} of {2 * Rounds} were cut off.");
        var days = (await SavedSeals.ListAsync(scene.Db, Ct)).Select(s => s.Day!.Value).ToList();
        Assert.InRange(days.Count, Rounds, Rounds + 1); // midnight may pass meanwhile
        Assert.Equal(Enumerable.Range(0, days.Count).Select(days[0].AddDays), days);
    }

    // The program seals when it starts what was not sealed while none ran.
    [Fact]
    public async Task KilledServerWhileItSeals_EachDayIsSealedOnce()
    {
        const int days = 60;
        var (random, _) = Chance.New();
        await using var scene = await Scene.SetAsync();
        await WriteAsync(scene.Db);
        await using (var owner = new NpgsqlConnection(scene.Cluster.AdminConnectionString("guerdon")))
            await owner.ExecuteAsync($"update kernel.change set at = at - interval '{days + 1} days'");

        for (var round = 0; round < Rounds; round++)
        {
            await using var victim = await GatewayProcess.StartAsync(scene, GatewayProcess.FreePort());
            await random.WaitAsync(0, 400);
            await victim.KillAsync();
            await scene.AssertSoundAsync();
        }

        await using var heir = await GatewayProcess.StartAsync(scene, GatewayProcess.FreePort());
        var sealedDays = await Scene.WithinAsync(
            TimeSpan.FromSeconds(30), days, () => scene.NumberAsync("select count(*) from ledger.seal"));
        Assert.InRange(sealedDays, days, days + 1); // yesterday is not sealed for a while after midnight
        await scene.AssertSoundAsync();
        Assert.Equal(0, await heir.StopAsync());
    }

    private static async Task WriteAsync(NpgsqlDataSource db)
    {
        await using var connection = await db.OpenConnectionAsync(Ct);
        await connection.ExecuteAsync($"""
            insert into people.team (team_id, path)
            select id, id::text from (select gen_random_uuid() as id from generate_series(1, {Rows})) t
            """);
    }

    // Two at once, as two nodes would.
    private static async Task<bool> SealAsync(NpgsqlDataSource db, TimeProvider clock)
    {
        try
        {
            await Seals.SealAsync(db, clock, TimeSpan.Zero, Ct);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private sealed class Behind : TimeProvider
    {
        public int Days { get; set; } = -Rounds;
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddDays(Days);
    }
}
