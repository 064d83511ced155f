using System.Data;
using Npgsql;

namespace Guerdon.Storage;

/// <summary>
/// Locks by name that PostgreSQL holds for all nodes. A name has one number, on which nodes of two versions agree while
/// one follows the other: never change a name that is in use.
/// </summary>
public static class Locks
{
    /// <summary>A statement that waits until nobody has the name <c>$1</c> to himself, and holds it beside others that
    /// do the same, until its transaction ends. For a batch, where it costs no round trip.</summary>
    public const string Shared = "select pg_advisory_xact_lock_shared(hashtextextended($1, 0))";

    private const string Transactional = "select pg_advisory_xact_lock(hashtextextended($1, 0))";
    private const string Try = "select pg_try_advisory_lock(hashtextextended($1, 0))";
    private const string Release = "select pg_advisory_unlock(hashtextextended($1, 0))";

    /// <summary>Waits until nobody else has it, and holds it until the caller's transaction ends.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="name">Schema and purpose, such as <c>people.import</c>, and after a slash what it is about.</param>
    /// <param name="ct">Stops waiting.</param>
    public static Task InTransactionAsync(NpgsqlConnection connection, string name, CancellationToken ct) =>
        connection.ExecuteAsync(Transactional, [name], ct);

    /// <summary>The same of a lock that has a number in place of a name.</summary>
    public static Task InTransactionAsync(NpgsqlConnection connection, long number, CancellationToken ct) =>
        connection.ExecuteAsync("select pg_advisory_xact_lock($1)", [number], ct);

    /// <summary>Waits, however long it takes, until nobody else has it, and holds it during work that has transactions
    /// of its own.</summary>
    /// <param name="connection">In no transaction.</param>
    /// <param name="number">It has this number in place of a name.</param>
    /// <param name="work">What is done.</param>
    /// <param name="ct">Stops waiting.</param>
    public static async Task<T> AloneAsync<T>(
        NpgsqlConnection connection, long number, Func<Task<T>> work, CancellationToken ct)
    {
        await using (var wait = Db.Command(connection, "select pg_advisory_lock($1)", number))
        {
            wait.CommandTimeout = 0;
            await wait.ExecuteNonQueryAsync(ct);
        }

        try
        {
            return await work();
        }
        finally
        {
            // Not on a broken connection, since that has released the lock already.
            if (connection.State == ConnectionState.Open)
                await connection.ExecuteAsync("select pg_advisory_unlock($1)", [number], CancellationToken.None);
        }
    }

    /// <summary>Does work that is safe to repeat and needless to do on two nodes at once, unless another node is at
    /// it.</summary>
    /// <returns>What the work returns; 0 where it was left to another.</returns>
    public static async Task<int> OnOneNodeAsync(
        NpgsqlDataSource db, string name, Func<NpgsqlConnection, CancellationToken, Task<int>> work,
        CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        if (!await connection.ScalarAsync<bool>(Try, [name], ct)) return 0;

        try
        {
            return await work(connection, ct);
        }
        finally
        {
            await connection.ExecuteAsync(Release, [name], CancellationToken.None);
        }
    }
}
