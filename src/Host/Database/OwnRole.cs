using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Host.Database;

/// <summary>The role that the application runs as.</summary>
internal static class OwnRole
{
    private const string OwnsSql =
        "select pg_has_role(current_user, relowner, 'member') from pg_class where oid = 'ledger.entry'::regclass";

    /// <summary>Whether it owns the tables that it writes, so that it could do what Guerdon never does.</summary>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public static Task<bool> OwnsTablesAsync(NpgsqlDataSource db, CancellationToken ct) =>
        db.ScalarAsync<bool>(OwnsSql, [], ct);
}
