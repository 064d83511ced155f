using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Host.Database;

/// <summary>
/// Brings a database's schema up to date: each file once, in order, in a transaction of its own. Safe to repeat, and
/// when several nodes start at once: one works, the others wait for it.
/// </summary>
/// <param name="db">As the role that owns the database, or is to own it.</param>
/// <param name="log">What was applied.</param>
/// <param name="migrations">Null: the program's.</param>
/// <param name="application">The role that Guerdon runs as, which gets its rights; null: the owner itself.</param>
internal sealed partial class Migrator(
    NpgsqlDataSource db, ILogger log, IReadOnlyList<Migration>? migrations = null, string? application = null)
{
    /// <summary>Whether the application's role gets its rights, and loses all others, also where it had them before:
    /// somebody may have given it more since.</summary>
    public bool RenewsRights { get; init; }

    // "guerdon" in ASCII. It must stay the same, and no other advisory lock of Guerdon's may use it.
    private const long Lock = 0x6775_6572_646F_6E;

    private const string Prepare = """
        create schema if not exists host;
        create table if not exists host.migration (
            number     int         primary key,
            name       text        not null,
            checksum   bytea       not null,
            applied_at timestamptz not null default now()
        );
        """;

    private const string OwnerSql = """
        select coalesce((select pg_has_role(relowner, 'member') from pg_class
                          where oid = to_regclass('host.migration')), true) as is_owner, current_user as role
        """;

    private const string AppliedSql = "select number, name, checksum from host.migration order by number";
    private const string RecordSql = "insert into host.migration (number, name, checksum) values ($1, $2, $3)";

    /// <returns>How many files were applied; 0 when the database was up to date.</returns>
    /// <exception cref="DatabaseSetupException">
    /// The database's history is not this program's (nothing was changed), or a file failed (it left no trace).
    /// </exception>
    public async Task<int> MigrateAsync(CancellationToken ct)
    {
        var files = migrations ?? Migration.Embedded();
        await using var connection = await db.OpenConnectionAsync(ct);
        await RunAsync(connection, "set statement_timeout = 0", ct); // until the connection goes back to the pool
        return await Locks.AloneAsync(connection, Lock, async () =>
        {
            var pending = MigrationPlan.Pending(files, await AppliedAsync(connection, ct));
            if (pending.Count > 0) await RefuseStrangersAsync(connection, pending[0], ct);
            foreach (var file in pending) await ApplyAsync(connection, file, ct);
            if (pending.Count > 0 && migrations is null) await Rights.NoteOwnerAsync(connection, ct);
            if (application is not null) await Rights.EnsureAsync(connection, application, RenewsRights, ct);
            return pending.Count;
        }, ct);
    }

    // A role that only runs Guerdon cannot migrate; said before a file fails halfway with "permission denied".
    private static async Task RefuseStrangersAsync(NpgsqlConnection connection, Migration next, CancellationToken ct)
    {
        var (isOwner, role) = await connection.SingleAsync(
            OwnerSql, row => (row.Bool("is_owner"), row.Text("role")), [], ct);
        if (!isOwner)
            throw new DatabaseSetupException(
                $"The database needs migration {next.FileName}, and the role {role} does not own it: run "
                + "'guerdon migrate' with GUERDON_DB_OWNER set to a connection of the role that does.");
    }

    private async Task ApplyAsync(NpgsqlConnection connection, Migration file, CancellationToken ct)
    {
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            if (file.Number == 1) await RunAsync(connection, Prepare, ct);
            await RunAsync(connection, file.Sql, ct);
            await connection.ExecuteAsync(RecordSql, [file.Number, file.Name, file.Checksum], ct);
            await transaction.CommitAsync(ct);
        }
        catch (PostgresException e)
        {
            throw new DatabaseSetupException(
                $"Migration {file.FileName} failed and was rolled back: {e.MessageText} ({e.SqlState}).", e);
        }
        Log.Applied(log, file.FileName);
    }

    private static async Task<List<AppliedMigration>> AppliedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        if (!await connection.ScalarAsync<bool>("select to_regclass('host.migration') is not null", [], ct)) return [];
        return await connection.ReadAsync(
            AppliedSql, row => new AppliedMigration(row.Int4("number"), row.Text("name"), row.Bytes("checksum")), [],
            ct);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Applied migration {File}")]
        public static partial void Applied(ILogger log, string file);
    }
}
