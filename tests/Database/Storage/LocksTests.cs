using Guerdon.Ledger.Audit;
using Guerdon.Storage;
using Guerdon.Tests;
using Npgsql;

namespace Guerdon.Database.Storage;

public class LocksTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    // Nodes of two versions run side by side for a while, so that the number of a name in use must stay what it is.
    [Theory]
    [InlineData("people.import")]
    [InlineData("pricing.book")]
    [InlineData("gateway.policy")]
    [InlineData("gateway.provider")]
    [InlineData("metering.report openai")]
    [InlineData("compensation.plan/pilot")]
    [InlineData("compensation.run/pilot")]
    [InlineData("compensation.offer/ann")]
    [InlineData("compensation.payroll")]
    [InlineData("compensation.payroll_export/plain")]
    [InlineData("compensation.terms")]
    [InlineData("compensation.vesting_fact/run_1/2")]
    [InlineData("host.data_key")]
    public async Task InTransaction_AName_LocksTheHashOfIt(string name)
    {
        await using var connection = await database.Db.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await Locks.InTransactionAsync(connection, name, Ct);
        Assert.False(await IsFreeAsync(name));
        await transaction.RollbackAsync(Ct);
        Assert.True(await IsFreeAsync(name));
    }

    // Before locks had one home, days were sealed under this number; nodes of that version must still be excluded.
    [Fact]
    public async Task Seals_AreLockedByTheNumberThatTheyHad()
    {
        await using var command = database.Db.CreateCommand("select hashtext('ledger.seal')::bigint");
        Assert.Equal(Seals.Lock, await command.ExecuteScalarAsync(Ct));
    }

    [Fact]
    public async Task Alone_DuringItsWork_HoldsTheNumberAndLetsItGoAfterwards()
    {
        await using var connection = await database.Db.OpenConnectionAsync(Ct);
        Assert.False(await Locks.AloneAsync(connection, 42, () => IsFreeAsync(42), Ct));
        Assert.True(await IsFreeAsync(42));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Locks.AloneAsync<int>(
            connection, 42, () => throw new InvalidOperationException("It fails."), Ct));
        Assert.True(await IsFreeAsync(42));
    }

    private async Task<bool> IsFreeAsync(long number)
    {
        await using var connection = await database.Db.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        return await connection.ScalarAsync<bool>("select pg_try_advisory_xact_lock($1)", [number], Ct);
    }

    [Theory]
    [InlineData("compensation.ExpireLots")]
    [InlineData("compensation.ExpiryNotices")]
    [InlineData("compensation.ClawBack")]
    [InlineData("compensation.RunWork")]
    [InlineData("compensation.VestGrants")]
    [InlineData("compensation.conversions")]
    public async Task OnOneNode_AName_LocksTheHashOfIt(string name)
    {
        var isFree = await Locks.OnOneNodeAsync(
            database.Db, name, async (_, _) => await IsFreeAsync(name) ? 1 : 2, Ct);
        Assert.Equal(2, isFree);
        Assert.True(await IsFreeAsync(name));
    }

    [Fact]
    public async Task OnOneNode_WhileAnotherIsAtIt_LeavesIt()
    {
        var inside = 0;
        var done = await Locks.OnOneNodeAsync(database.Db, "test.job", async (_, ct) =>
        {
            inside = await Locks.OnOneNodeAsync(database.Db, "test.job", (_, _) => Task.FromResult(7), ct);
            return 3;
        }, Ct);
        Assert.Equal((3, 0), (done, inside));
        Assert.Equal(7, await Locks.OnOneNodeAsync(database.Db, "test.job", (_, _) => Task.FromResult(7), Ct));
    }

    [Fact]
    public async Task OnOneNode_WorkThatFails_FreesTheLock()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Locks.OnOneNodeAsync(
            database.Db, "test.failing", (_, _) => throw new InvalidOperationException(), Ct));
        Assert.True(await IsFreeAsync("test.failing"));
    }

    [Fact]
    public async Task Notify_InATransaction_IsHeardWhenItCommits()
    {
        var heard = new List<string>();
        await using var listening = await database.Db.OpenConnectionAsync(Ct);
        listening.Notification += (_, e) => heard.Add(e.Payload);
        await listening.ExecuteAsync("listen test_channel", [], Ct);

        await using var connection = await database.Db.OpenConnectionAsync(Ct);
        await using (var transaction = await connection.BeginTransactionAsync(Ct))
        {
            await Notify.InTransactionAsync(connection, "test_channel", Ct, "lost");
            await transaction.RollbackAsync(Ct);
        }

        await using (var transaction = await connection.BeginTransactionAsync(Ct))
        {
            await Notify.InTransactionAsync(connection, "test_channel", Ct, "told");
            await transaction.CommitAsync(Ct);
        }

        await listening.WaitAsync(Ct);
        Assert.Equal(["told"], heard);
    }

    private async Task<bool> IsFreeAsync(string name)
    {
        await using var other = await database.Db.OpenConnectionAsync(Ct);
        await using var transaction = await other.BeginTransactionAsync(Ct);
        await using var command = new NpgsqlCommand(
            $"select pg_try_advisory_xact_lock(hashtextextended('{name}', 0))", other);
        return (bool)(await command.ExecuteScalarAsync(Ct))!;
    }
}
