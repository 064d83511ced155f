using Npgsql;

namespace Guerdon.Storage;

/// <summary>Work that is safe to repeat and needless to do on two nodes at once.</summary>
public static class OneNode
{
    private const string TryLock = "select pg_try_advisory_lock(hashtextextended($1, 0))";
    private const string Unlock = "select pg_advisory_unlock(hashtextextended($1, 0))";

    /// <summary>Does it, unless another node is at it.</summary>
    /// <returns>What the work returns; 0 where it was left to another.</returns>
    public static async Task<int> RunAsync(
        NpgsqlDataSource db, string name, Func<NpgsqlConnection, CancellationToken, Task<int>> work,
        CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var tryLock = Db.Command(connection, TryLock, name);
        if (await tryLock.ExecuteScalarAsync(ct) is not true) return 0;

        try
        {
            return await work(connection, ct);
        }
        finally
        {
            await using var unlock = Db.Command(connection, Unlock, name);
            await unlock.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}
