using Guerdon.Gateway.Keys;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Gateway.Admission;

/// <summary>A change of a node's share of a key's budget.</summary>
/// <param name="Turn">The count of the row's changes with this one.</param>
/// <param name="BackMilli">Given back.</param>
/// <param name="SpentMilli">Spent, and told now.</param>
/// <param name="MissingMilli">Asked for; none where 0 or less.</param>
/// <param name="AheadMilli">Asked for beyond it, at most.</param>
public readonly record struct ShareChange(
    long Turn, long BackMilli, long SpentMilli, long MissingMilli, long AheadMilli);

/// <summary>Nodes' shares of keys' budgets as the database has them.</summary>
public sealed class BudgetStore(NpgsqlDataSource db)
{
    /// <summary>Where nodes ask for what others do not use of a budget, and say that it is back.</summary>
    public const string Channel = "gateway_budget";

    private const int AheadShare = 8; // of what is left, a share takes at most one in this many ahead of need

    // The node's row must be locked first, since a reclaim locks it first: otherwise the two could deadlock.
    private const string LockNodeSql =
        "select from gateway.node where holder = $1 and reclaimed_at is null for key share";

    private const string LockBudgetSql = "select from gateway.key_budget where key_id = $1 for update";

    private const string RowSql =
        "select share_milli, turn from gateway.key_share where key_id = $1 and holder = $2";

    private static readonly string OpenSql = Sql.Read("Gateway/Admission/OpenBudget.sql");
    private static readonly string ChangeSql = Sql.Read("Gateway/Admission/ChangeShare.sql");
    private static readonly string ReclaimSql = Sql.Read("Gateway/Admission/ReclaimShares.sql");

    /// <summary>What the row says, made first where the budget was never used; zeros where there is no row.</summary>
    public async Task<(long ShareMilli, long Turn)> ReadAsync(KeyId key, HolderId holder)
    {
        await using var connection = await db.OpenConnectionAsync();
        await connection.ExecuteAsync(OpenSql, [key.Value], CancellationToken.None);
        return await connection.FirstAsync(
            RowSql, row => (row.Bigint("share_milli"), row.Bigint("turn")), [key.Value, holder.Value],
            CancellationToken.None);
    }

    /// <summary>Makes one change. Sending it again with the same turn is safe.</summary>
    /// <returns>The share then, what nobody has taken, and what other nodes have; null where the node was taken for
    /// dead.</returns>
    public async Task<(long ShareMilli, long RoomMilli, long OthersMilli)?> ChangeAsync(
        KeyId key, HolderId holder, ShareChange change)
    {
        await using var connection = await db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var locks = new NpgsqlBatch(connection, transaction))
        {
            locks.BatchCommands.Add(Db.InBatch(LockNodeSql, holder.Value));
            locks.BatchCommands.Add(Db.InBatch(LockBudgetSql, key.Value));
            await locks.ExecuteNonQueryAsync();
        }

        object?[] values =
        [
            key.Value, holder.Value, change.Turn, change.BackMilli, change.SpentMilli, change.MissingMilli,
            change.AheadMilli, AheadShare,
        ];
        var share = await connection.FirstAsync(ChangeSql, ShareOf, values, CancellationToken.None);
        await transaction.CommitAsync();
        return share;
    }

    /// <summary>Gives back what a dead node had; its requests are closed by now.</summary>
    public static Task ReclaimAsync(NpgsqlTransaction transaction, HolderId holder, CancellationToken ct) =>
        transaction.Connection!.ExecuteAsync(ReclaimSql, [holder.Value], ct);

    public Task NotifyAsync(string payload, CancellationToken ct) => Notify.NowAsync(db, Channel, payload, ct);

    private static (long ShareMilli, long RoomMilli, long OthersMilli)? ShareOf(Row row) =>
        (row.Bigint("share_milli"), row.Bigint("room_milli"), row.Bigint("others_milli"));
}
