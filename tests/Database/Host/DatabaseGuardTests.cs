using Guerdon.Ledger.Audit;
using Guerdon.Tests;
using Npgsql;

namespace Guerdon.Database.Host;

public sealed class DatabaseGuardTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task VerifyGuarded_GuerdonsOwnWrites_ReportsNothing()
    {
        await using var connection = await OursAsync("own");
        await RunAsync(connection, "insert into own.plan values ('a', 1, now()), ('a', 2, now()), ('b', 1, null)");
        await RunAsync(connection, "update own.plan set at = at + interval '1 microsecond' where name = 'a'");
        await RunAsync(connection, "delete from own.plan where name = 'b'");

        Assert.Empty(await VerifyAsync(connection, "own"));
    }

    [Theory]
    [InlineData("update edit.plan set at = at + interval '1 microsecond' where number = 2")]
    [InlineData("update edit.plan set name = 'a', note = '\\x00' where number = 2")]
    [InlineData("delete from edit.plan where number = 2; insert into edit.plan values ('a', 2)")]
    public async Task VerifyGuarded_EditBehindGuerdonsBack_NamesTheRow(string edit)
    {
        await using var connection = await OursAsync("edit");
        await RunAsync(connection, "insert into edit.plan values ('a', 1, now()), ('a', 2, now())");

        await using var outside = await database.OpenOutsideAsync();
        if (edit.StartsWith("delete", StringComparison.Ordinal))
            await RunAsync(outside, "set session_replication_role = replica"); // a superuser's way past all triggers
        await RunAsync(outside, edit);

        Assert.Equal(["edit.plan (name=a, number=2): changed outside Guerdon"], await VerifyAsync(connection, "edit"));
    }

    [Fact]
    public async Task VerifyGuarded_OtherSessionSettings_ReportsNothing()
    {
        await using var connection = await OursAsync("zone");
        await RunAsync(connection, "insert into zone.plan values ('a', 1, now(), '\\x0102', '1 day 02:03')");

        await using var outside = await database.OpenOutsideAsync();
        await RunAsync(outside, """
            set timezone = 'Asia/Tokyo'; set bytea_output = 'escape'; set intervalstyle = 'iso_8601';
            set datestyle = 'German'
            """);
        Assert.Empty(await VerifyAsync(outside, "zone"));
    }

    [Fact]
    public async Task GuardRow_LaterWriteByGuerdon_DoesNotLaunderAnEdit()
    {
        await using var connection = await OursAsync("wash");
        await RunAsync(connection, "insert into wash.plan values ('a', 1, now())");
        await using var outside = await database.OpenOutsideAsync();
        await RunAsync(outside, "update wash.plan set note = '\\x07'");

        await RunAsync(connection, "update wash.plan set at = now()");
        Assert.Equal(["wash.plan (name=a, number=1): changed outside Guerdon"], await VerifyAsync(connection, "wash"));

        await RunAsync(connection, "select kernel.redigest('wash.plan')");
        Assert.Empty(await VerifyAsync(connection, "wash"));
    }

    [Theory]
    [InlineData("delete from gone.plan")]
    [InlineData("truncate gone.plan")]
    public async Task GuardRow_RemovalBehindGuerdonsBack_IsRefused(string removal)
    {
        await using var connection = await OursAsync("gone");
        await RunAsync(connection, "insert into gone.plan values ('a', 1)");
        await using var outside = await database.OpenOutsideAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => RunAsync(outside, removal));

        Assert.Equal("rows of gone.plan are removed only through Guerdon", refused.MessageText);
    }

    [Fact]
    public async Task Guard_TableWithoutDigest_IsRefused()
    {
        await using var connection = await OursAsync("bare");
        await RunAsync(connection, "create table bare.thing (id int primary key)");

        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => RunAsync(connection, "select kernel.guard('bare.thing')"));

        Assert.Equal("bare.thing needs a column: digest bytea not null default ''", refused.MessageText);
    }

    // Each test has a schema of its own, so that none sees another's edits.
    private async Task<NpgsqlConnection> OursAsync(string schema)
    {
        var connection = await database.OwnerDb.OpenConnectionAsync(Ct);
        await RunAsync(connection, $"""
            drop schema if exists {schema} cascade;
            create schema {schema};
            create table {schema}.plan (
                name text, number int, at timestamptz, note bytea, term interval,
                digest bytea not null default '',
                primary key (name, number)
            );
            select kernel.guard('{schema}.plan', array['at'], removable => true)
            """);
        return connection;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }

    private async Task<List<string>> VerifyAsync(NpgsqlConnection connection, string schema)
    {
        await using var definition = new NpgsqlCommand(
            $"select pg_get_triggerdef(oid) from pg_trigger where tgrelid = '{schema}.plan'::regclass "
            + "and tgname = 'zzz_log_insert'", database.OwnerDb.CreateConnection());
        await definition.Connection!.OpenAsync(Ct);
        var table = GuardedTable.Parse($"{schema}.plan", (string)(await definition.ExecuteScalarAsync(Ct))!);
        await definition.Connection.DisposeAsync();

        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await RunAsync(connection, GuardedRows.Settings);
        List<string> problems = [];
        await foreach (var finding in GuardedRows.RunAsync(connection, table, Ct)) problems.Add($"{finding}");
        return problems;
    }
}
