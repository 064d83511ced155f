using Dapper;
using Guerdon.Database.Grants;
using Guerdon.Host.Database;
using Guerdon.Ledger.Audit;
using Guerdon.Tests;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Guerdon.Database.Tamper;

/// <summary>Verify beside a Guerdon that writes and seals; and the roles it runs as.</summary>
public sealed class TamperRunningTests(TamperCompany company) : IClassFixture<TamperCompany>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verify_WhileGuerdonWritesAndDaysAreSealed_FindsNothing()
    {
        await using var copy = await company.CopyAsync();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var writers = Enumerable.Range(0, 3).Select(_ => WriteAsync(copy.Db, enough.Token)).ToArray();
        var clock = new TurnedClock();
        for (var day = 23; day < 28; day++) // each midnight in the middle of it
        {
            clock.Now = new(2026, 11, day, 0, 30, 0, TimeSpan.Zero);
            var sealing = Seals.SealAsync(copy.Db, clock, TimeSpan.FromMinutes(10), Ct);
            Assert.Empty(await TamperCompany.FindAsync(copy.Db, company.Saved()));
            Assert.Equal(1, await sealing);
        }

        await enough.CancelAsync();
        Assert.True((await Task.WhenAll(writers)).Sum() > 10);
        Assert.Empty(await TamperCompany.FindAsync(copy.Db, company.Saved()));
        var seals = await SavedSeals.ListAsync(copy.Db, Ct);
        Assert.Equal(6, seals.Count);
        Assert.Empty(await TamperCompany.FindAsync(copy.Db, new() { Saved = seals }));
    }

    // A write that is still open when a day is sealed comes under the next seal.
    [Fact]
    public async Task Seal_WriteStillOpen_IsCoveredByTheNextDay()
    {
        await using var copy = await company.CopyAsync();
        await using var ours = await copy.Db.OpenConnectionAsync(Ct);
        await using var transaction = await ours.BeginTransactionAsync(Ct);
        await ours.ExecuteAsync("update people.person set name = name || '!'");
        await SealAsync(copy, 23);
        await transaction.CommitAsync(Ct);
        Assert.Empty(await TamperCompany.FindAsync(copy.Db));
        await SealAsync(copy, 24);

        Assert.Empty(await TamperCompany.FindAsync(copy.Db, company.Saved()));
        var seals = await SavedSeals.ListAsync(copy.Db, Ct);
        Assert.Equal(1, seals[1].Changes); // the day's own line
        Assert.True(seals[2].Changes > 1);
    }

    [Fact]
    public async Task Open_ServerOfTwoRoles_MigratesAsOneAndRunsAsTheOther()
    {
        var (application, owner) = await EmptyAsync("two_roles");
        var refused = await Assert.ThrowsAsync<DatabaseSetupException>(() => OpenAsync(application, null));
        Assert.Contains("permission denied", refused.Message, StringComparison.Ordinal);

        foreach (var migrates in (string?[])[owner, null]) // the second time as a node that does not know the owner
        {
            await using var database = await OpenAsync(application, migrates);
            await using var connection = await database.Source.OpenConnectionAsync(Ct);
            Assert.Equal(
                PrivateCluster.Application, await connection.ExecuteScalarAsync<string>("select current_user"));
            Assert.Equal(1, await connection.ExecuteAsync(
                $"insert into people.team (team_id, path) values (gen_random_uuid(), 'a{migrates?.Length}')"));
            var options = new VerifyOptions();
            Assert.Empty(await TamperCompany.FindAsync(database.Source, options));
            Assert.DoesNotContain(options.Notes, n => n.Contains("owns the tables", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Open_ServerOfOneRole_WorksAndVerifySaysThatItOwnsItsTables()
    {
        var (_, owner) = await EmptyAsync("one_role");
        await using var database = await OpenAsync(owner, null);
        var options = new VerifyOptions();
        Assert.Empty(await TamperCompany.FindAsync(database.Source, options));
        Assert.Contains(options.Notes, n => n.StartsWith("The role guerdon owns the tables", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verify_MoreRightsThanGuerdonNeeds_AreNamed()
    {
        await using var copy = await company.CopyAsync();
        await using (var owner = await copy.OwnerDb.OpenConnectionAsync(Ct))
            await owner.ExecuteAsync("""
                grant truncate on people.person to guerdon_app; grant delete on compensation.pay_line to guerdon_app;
                grant update on kernel.change to public;
                grant update (amount_milli) on compensation.grant_line to guerdon_app;
                grant execute on function kernel.log_change() to public;
                grant insert on ledger.entry_03 to guerdon_app; grant update on metering.request_default to guerdon_app
                """);
        Assert.Equal(
        [
            "compensation.grant_line (): the role guerdon_app may change rows of it, which Guerdon never does: "
                + "'guerdon migrate' takes the right away again",
            "compensation.pay_line (): the role guerdon_app may delete rows of it, which Guerdon never does: "
                + "'guerdon migrate' takes the right away again",
            "kernel.change (): the role guerdon_app may change rows of it, which Guerdon never does: "
                + "'guerdon migrate' takes the right away again",
            "kernel.log_change (): the role guerdon_app may make triggers of it, which Guerdon never does: "
                + "'guerdon migrate' takes the right away again",
            "ledger.entry_03 (): the role guerdon_app may add rows to it, which Guerdon never does: "
                + "'guerdon migrate' takes the right away again",
            "metering.request_default (): the role guerdon_app may change rows of it, which Guerdon never does: "
                + "'guerdon migrate' takes the right away again",
            "people.person (): the role guerdon_app may truncate it, which Guerdon never does: "
                + "'guerdon migrate' takes the right away again",
        ], await TamperCompany.FindAsync(copy.Db));

        await new Migrator(copy.OwnerDb, NullLogger.Instance, application: PrivateCluster.Application)
        {
            RenewsRights = true, // as 'guerdon migrate' does
        }.MigrateAsync(Ct);
        Assert.Empty(await TamperCompany.FindAsync(copy.Db));
    }

    private static Task<int> SealAsync(TestDatabase copy, int day) => Seals.SealAsync(
        copy.Db, new TurnedClock { Now = new(2026, 11, day, 1, 0, 0, TimeSpan.Zero) }, TimeSpan.FromMinutes(10), Ct);

    private static async Task<int> WriteAsync(NpgsqlDataSource db, CancellationToken ct)
    {
        var count = 0;
        for (; !ct.IsCancellationRequested; count++)
        {
            await using var connection = await db.OpenConnectionAsync(CancellationToken.None);
            await connection.ExecuteAsync("""
                update people.person set total_pay_cents = total_pay_cents + 1
                 where person_id = (select person_id from people.person order by random() limit 1);
                insert into people.team (team_id, path) select id, id::text from (select gen_random_uuid() as id) n;
                """);
        }

        return count;
    }

    private static async Task<(string Application, string Owner)> EmptyAsync(string name)
    {
        var cluster = await TestCluster.SharedAsync();
        await using var admin = new NpgsqlConnection(cluster.AdminConnectionString());
        await admin.OpenAsync(Ct);
        await admin.ExecuteAsync($"create database {name} owner {PrivateCluster.Owner}");
        return (cluster.Private.ConnectionString(name), cluster.Private.ConnectionString(name, PrivateCluster.Owner));
    }

    private static Task<DatabaseSetup> OpenAsync(string server, string? owner) => DatabaseSetup.OpenAsync(
        new DatabaseOptions { Server = server, Owner = owner }, TimeProvider.System, NullLogger.Instance, Ct);
}
