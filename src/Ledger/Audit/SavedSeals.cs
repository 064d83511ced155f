using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Ledger.Audit;

/// <summary>The days' seals, for saving outside.</summary>
public static class SavedSeals
{
    /// <summary>All of them, the oldest first.</summary>
    public static async Task<IReadOnlyList<SavedSeal>> ListAsync(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return [.. (await Seals.ListAsync(connection, ct)).Select(seal => seal.Saved)];
    }

    /// <summary>The last day that is sealed; null: none is.</summary>
    public static Task<DateOnly?> NewestDayAsync(NpgsqlDataSource db, CancellationToken ct) =>
        db.ScalarAsync<DateOnly?>(Seals.LastDaySql, [], ct);
}
