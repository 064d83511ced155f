using System.Globalization;
using Guerdon.Host.Database;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace Guerdon.Tests;

/// <summary>
/// A fresh, migrated database, dropped when disposed. Use it as a class fixture (one for all tests of a class), or
/// create one in a test that needs its own.
/// </summary>
public sealed class TestDatabase : IAsyncLifetime
{
    private const string Template = "template_guerdon";

    private static readonly Lazy<Task<TestCluster>> Ready = new(MakeTemplateAsync);
    private static int _count;

    private NpgsqlDataSource? _db, _ownerDb;
    private TestCluster? _cluster;

    public string Name { get; } =
        "test_" + Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture);

    /// <summary>A pool with production's options and role: its sessions write as Guerdon does, and may do no more.
    /// What Guerdon itself never does ("permission denied") is for <see cref="OwnerDb"/> or
    /// <see cref="OpenOutsideAsync"/>.</summary>
    public NpgsqlDataSource Db => _db ?? throw new InvalidOperationException("InitializeAsync comes first.");

    /// <summary>The same as the role that owns the database, which only migrates.</summary>
    public NpgsqlDataSource OwnerDb => _ownerDb ??= Pool(_cluster!, Name, PrivateCluster.Owner);

    /// <summary>For a program under test: what <c>GUERDON_DB</c> would hold.</summary>
    public string ConnectionString => _cluster!.Private.ConnectionString(Name);

    public static async Task<TestDatabase> CreateAsync()
    {
        var made = new TestDatabase();
        await made.InitializeAsync();
        return made;
    }

    /// <summary>One without anything in it, for what an earlier program left; see <see cref="MigrateAsync"/>.</summary>
    public static async Task<TestDatabase> EmptyAsync()
    {
        var made = new TestDatabase { _cluster = await Ready.Value };
        await AdminAsync(made._cluster, $"create database {made.Name} owner {PrivateCluster.Owner}");
        made._db = Pool(made._cluster, made.Name);
        return made;
    }

    /// <summary>Brings it up to date, as a program that starts does.</summary>
    /// <returns>How many migrations were applied.</returns>
    public Task<int> MigrateAsync() =>
        new Migrator(OwnerDb, NullLogger.Instance, application: PrivateCluster.Application).MigrateAsync(default);

    public async ValueTask InitializeAsync()
    {
        _cluster = await Ready.Value;
        await AdminAsync(_cluster, CopyOf(Template, Name));
        _db = Pool(_cluster, Name);
    }

    /// <summary>A copy of it, to do harm to. Nobody may be using the original meanwhile.</summary>
    public async Task<TestDatabase> CopyAsync()
    {
        Db.Clear();
        _ownerDb?.Clear();
        var copy = new TestDatabase { _cluster = _cluster };
        for (var tries = 1; ; tries++)
        {
            await AdminAsync(
                _cluster!, $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{Name}'");
            try
            {
                await AdminAsync(_cluster!, CopyOf(Name, copy.Name));
                copy._db = Pool(_cluster!, copy.Name);
                return copy;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ObjectInUse && tries < 5)
            {
                // a session took more than five seconds to end: PostgreSQL waits no longer
            }
        }
    }

    /// <summary>A session of someone else's, such as a person with psql: it writes behind Guerdon's back.</summary>
    public async Task<NpgsqlConnection> OpenOutsideAsync()
    {
        var connection = new NpgsqlConnection(_cluster!.AdminConnectionString(Name));
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>What pg_dump writes of it, by the owner.</summary>
    public async Task<string> DumpAsync(params string[] options)
    {
        var server = new NpgsqlConnectionStringBuilder(ConnectionString);
        var binaries = await PostgresBinaries.FindAsync(null, default);
        var dump = await Tool.RunAsync(
        [
            Path.Combine(binaries.Folder, "pg_dump"), .. options, "--host", server.Host!,
            "--port", server.Port.ToString(CultureInfo.InvariantCulture), "--username", server.Username!,
            server.Database!,
        ], default);
        return dump.Ok ? dump.Output : throw new InvalidOperationException(dump.Output);
    }

    public async ValueTask DisposeAsync()
    {
        if (_db is null) return;
        await _db.DisposeAsync();
        if (_ownerDb is not null) await _ownerDb.DisposeAsync();
        await AdminAsync(_cluster!, $"drop database {Name} with (force)");
        _db = null;
    }

    // As files: without syncs that takes a third of the time of writing each page to the log.
    private static string CopyOf(string template, string name) =>
        $"create database {name} template {template} owner {PrivateCluster.Owner} strategy file_copy";

    private static NpgsqlDataSource Pool(
        TestCluster cluster, string database, string role = PrivateCluster.Application) =>
        DatabaseSetup.Pool(
            new NpgsqlConnectionStringBuilder(cluster.Private.ConnectionString(database, role)),
            new DatabaseOptions { MaxPoolSize = 40 });

    private static async Task<TestCluster> MakeTemplateAsync()
    {
        var cluster = await TestCluster.SharedAsync();
        await AdminAsync(cluster, $"create database {Template} owner {PrivateCluster.Owner}");
        // Closed before the first copy: a template may have no sessions.
        await using var db = Pool(cluster, Template, PrivateCluster.Owner);
        await new Migrator(db, NullLogger.Instance, application: PrivateCluster.Application).MigrateAsync(default);
        return cluster;
    }

    private static async Task AdminAsync(TestCluster cluster, string sql)
    {
        await using var admin = new NpgsqlConnection(cluster.AdminConnectionString());
        await admin.OpenAsync();
        await using var command = new NpgsqlCommand(sql, admin);
        await command.ExecuteNonQueryAsync();
    }
}
