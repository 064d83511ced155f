using Guerdon.Host.Database;
using Guerdon.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Guerdon.Database.Host;

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
            $"Migration {Next + 1:D4}_bad.sql failed and was rolled back: division by zero (22012).", error.Message);
        Assert.Equal(0, await CountAsync(database, "public.good"));
        Assert.Equal(0, await CountAsync(database, "pg_class where relname = 'bad'"));
        Assert.Equal(Landed.Count + 1, await CountAsync(database, "host.migration"));
        Assert.Equal(1, await Migrate(database, [.. files.SkipLast(1), new(Next + 1, "bad", "select 1;")]));
    }

    [Fact]
    public async Task Migrate_ChangedFile_IsRefusedAndNothingChanges()
    {
        await using var database = await TestDatabase.CreateAsync();
        var first = Landed[0];

        var error = await Assert.ThrowsAsync<DatabaseSetupException>(() => Migrate(database,
            [first with { Sql = first.Sql + "-- a word more" }, .. Landed.Skip(1), new(Next, "new", NewTable)]));

        Assert.Contains("0001_baseline.sql was changed after it was applied", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(database, "pg_class where relname = 'new_table'"));
    }

    [Fact]
    public async Task Migrate_DatabaseOfANewerGuerdon_IsRefused()
    {
        await using var database = await TestDatabase.CreateAsync();
        await Migrate(database, [.. Landed, new(Next, "new", NewTable)]);

        var error = await Assert.ThrowsAsync<DatabaseSetupException>(() => Migrate(database, Landed));

        Assert.Contains($"has migration {Next:D4}_new, which is newer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pending_DatabaseOfTheFormerName_IsRefusedByName()
    {
        var refused = Assert.Throws<DatabaseSetupException>(
            () => MigrationPlan.Pending(Landed, [new(1, "kernel", []), new(2, "ledger", [])]));

        Assert.StartsWith("The database was written by this program under its former name", refused.Message,
            StringComparison.Ordinal);
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
