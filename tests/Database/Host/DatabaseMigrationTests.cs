using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Stipend.Host.Database;
using Stipend.Ledger.Audit;
using Stipend.Tests;

namespace Stipend.Database.Host;

public sealed class DatabaseMigrationTests
{
    private static readonly IReadOnlyList<Migration> Landed = Migration.Embedded();
    private static readonly int Next = Landed[^1].Number + 1;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Migrate_MigratedDatabase_AppliesNothing()
    {
        await using var database = await TestDatabase.CreateAsync();

        Assert.Equal(0, await Migrate(database, Landed));
        Assert.Equal(Landed.Count, await CountAsync(database, "host.migration"));
    }

    [Fact]
    public async Task Migrate_TwoNodesAtOnce_ApplyEachFileOnce()
    {
        await using var database = await TestDatabase.CreateAsync();
        IReadOnlyList<Migration> files =
        [
            .. Landed,
            new(Next, "slow", "create table public.slow (id int); select pg_sleep(0.2);"),
            new(Next + 1, "row", "insert into public.slow values (1);"),
        ];

        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Migrate(database, files)));

        Assert.Equal([0, 0, 0, 2], applied.Order());
        Assert.Equal(1, await CountAsync(database, "public.slow"));
    }

    [Fact]
    public async Task Migrate_FailingFile_LeavesNoTraceOfItself()
    {
        await using var database = await TestDatabase.CreateAsync();
        IReadOnlyList<Migration> files =
        [
            .. Landed,
            new(Next, "good", "create table public.good (id int);"),
            new(Next + 1, "bad", "create table public.bad (id int); select 1 / 0;"),
        ];

        var error = await Assert.ThrowsAsync<DatabaseSetupException>(() => Migrate(database, files));

        Assert.Equal(
            $"Migration {Next + 1:D4}_bad.sql failed and was undone: division by zero (22012).", error.Message);
        Assert.Equal(0, await CountAsync(database, "public.good"));
        Assert.Equal(0, await CountAsync(database, "pg_class where relname = 'bad'"));
        Assert.Equal(Landed.Count + 1, await CountAsync(database, "host.migration"));
        Assert.Equal(1, await Migrate(database, [.. files.SkipLast(1), new(Next + 1, "bad", "select 1;")]));
    }

    // As they were written before accounts were in them.
    [Fact]
    public async Task Migrate_RecordsThatNameAnAddress_GetItsAccountAndPerson()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (var old = await database.Db.OpenConnectionAsync(Ct))
            await old.ExecuteAsync("""
                insert into host.account (account_id, email, name, role, person_id, created_at)
                values ('00000000-0000-7000-8000-0000000000a1', 'ann@example.com', 'Ann', 'admin',
                        '00000000-0000-7000-8000-0000000000b1', now());
                insert into compensation.phase_step (plan, phase, report, begins_on, proposed_by, proposed_at)
                values ('p', 'one', 'r', '2026-11-01', 'Ann@example.com', now()),
                       ('p', 'two', 'r', '2026-11-01', 'somebody@example.com', now());
                insert into compensation.phase_vote (plan, phase, voter, in_favour, reason, voted_at)
                values ('p', 'one', 'ann@example.com', true, 'r', now())
                """);
        var sql = Landed.Single(file => file.Name == "accounts_by_id").Sql;

        await Migrate(database, [.. Landed, new(Next, "again", sql[sql.IndexOf("do $$", StringComparison.Ordinal)..])]);

        await using var connection = await database.Db.OpenConnectionAsync(Ct);
        Assert.Equal(["one a1 b1", "two", "vote a1 b1"], await connection.QueryAsync<string>("""
            select concat_ws(' ', phase, right(proposed_by_account::text, 2), right(proposed_by_person::text, 2))
              from compensation.phase_step
            union all
            select concat_ws(' ', 'vote', right(voter_account::text, 2), right(voter_person::text, 2))
              from compensation.phase_vote order by 1
            """));
        await foreach (var finding in ChangeVerify.RunAsync(database.Db, new(), Ct)) Assert.Fail($"{finding}");
    }

    [Fact]
    public async Task Migrate_ChangedFile_IsRefusedAndNothingChanges()
    {
        await using var database = await TestDatabase.CreateAsync();
        var first = Landed[0];

        var error = await Assert.ThrowsAsync<DatabaseSetupException>(() => Migrate(database,
            [first with { Sql = first.Sql + "-- a word more" }, .. Landed.Skip(1), new(Next, "new", NewTable)]));

        Assert.Contains("0001_kernel.sql was changed after it was applied", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(database, "pg_class where relname = 'new_table'"));
    }

    [Fact]
    public async Task Migrate_DatabaseOfANewerStipend_IsRefused()
    {
        await using var database = await TestDatabase.CreateAsync();
        await Migrate(database, [.. Landed, new(Next, "new", NewTable)]);

        var error = await Assert.ThrowsAsync<DatabaseSetupException>(() => Migrate(database, Landed));

        Assert.Contains($"has migration {Next:D4}_new, which is newer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_MissingFile_IsRefused()
    {
        await using var database = await TestDatabase.CreateAsync();
        await Migrate(database, [.. Landed, new(Next, "new", NewTable)]);

        var error = await Assert.ThrowsAsync<DatabaseSetupException>(
            () => Migrate(database, [.. Landed, new(Next, "other", "select 1;")]));

        Assert.Contains($"{Next:D4}_new was applied", error.Message, StringComparison.Ordinal);
        Assert.Contains("its file is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pending_TwinOrLatecomer_IsRefused()
    {
        Migration one = new(1, "a", ""), two = new(2, "b", ""), three = new(3, "c", "");

        Assert.Equal([one, three], MigrationPlan.Pending([one, three], []));
        Assert.Throws<DatabaseSetupException>(() => MigrationPlan.Pending([one, one, two], []));
        Assert.Throws<DatabaseSetupException>(
            () => MigrationPlan.Pending([one, two, three], [new(1, "a", one.Checksum), new(3, "c", three.Checksum)]));
        Assert.Equal([two, three], MigrationPlan.Pending([one, two, three], [new(1, "a", one.Checksum)]));
    }

    [Fact]
    public void Checksum_WindowsLineEnds_IsTheSame() =>
        Assert.Equal(new Migration(1, "a", "x\ny\n").Checksum, new Migration(1, "a", "x\r\ny\r\n").Checksum);

    private const string NewTable = "create table public.new_table (id int);";

    private static Task<int> Migrate(TestDatabase database, IReadOnlyList<Migration> files) =>
        new Migrator(database.OwnerDb, NullLogger.Instance, files).MigrateAsync(Ct);

    private static async Task<long> CountAsync(TestDatabase database, string from)
    {
        await using var command = database.OwnerDb.CreateCommand($"select count(*) from {from}");
        return (long)(await command.ExecuteScalarAsync(Ct))!;
    }
}
