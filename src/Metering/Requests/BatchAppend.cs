using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Metering.Requests;

/// <summary>
/// Records of one holder on their way into the journal, in one commit: the batches that they will be booked with get
/// their sums, then come their rows, each with its batch, and the sums that pages read. The ledger is not touched.
/// </summary>
/// <param name="holder">Of all records.</param>
/// <param name="records">In order, with their digests.</param>
/// <param name="batches">Which batch each wallet's requests go to.</param>
/// <param name="now">UTC, whole microseconds.</param>
internal sealed class BatchAppend(
    HolderId holder, IReadOnlyList<JournalRow> records, OpenBatches batches, DateTime now)
{
    private static readonly string OpenSql = Sql.Read("Metering/Requests/OpenBatches.sql");
    private static readonly string AddSql = Sql.Read("Metering/Requests/AddToBatches.sql");

    private readonly List<Sum> _sums =
    [
        .. from row in records
           where row.IsCharged
           group row.Record by row.Record.Wallet into own
           select new Sum(
               own.Key, own.Min(r => r.StartedAt), own.Aggregate(0L, (sum, r) => checked(sum + r.Charged.Milli)),
               own.Count()),
    ];

    // What a wallet's batch gets.
    private sealed record Sum(WalletId Wallet, DateTime FirstStartedAt, long ChargedMilli, long Requests);

    /// <returns>False where its holder was closed, since its node is taken for dead: nothing was written.</returns>
    /// <exception cref="NpgsqlException">The database is away: whether it was written, a repeat will tell.</exception>
    /// <exception cref="PostgresException">A record is there already; nothing was written.</exception>
    public async Task<bool> RunAsync(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Whoever closes the holder waits for this commit, or this statement for theirs: it is closed before or after.
        await connection.ExecuteAsync(Locks.Shared, [LockOf(holder)], ct);
        await AddAsync(connection, ct);
        if (!await OpenAsync(connection, ct)) return false;

        var rows = new JournalRows([.. records.Select(row => row with { SettledBy = BatchOf(row)?.Id })]);
        await rows.CopyAsync(connection, ct);
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var command in rows.Commands()) batch.BatchCommands.Add(command());
        await batch.PrepareAsync(ct);
        await batch.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        batches.NoteWritten(holder, _sums.Select(s => s.Wallet), now);
        return true;
    }

    /// <summary>The name of the lock under which a holder is closed.</summary>
    public static string LockOf(HolderId holder) => $"metering.holder/{holder.Value:N}";

    // A batch that somebody has closed, to book it, takes nothing more: its wallet gets another.
    private async Task AddAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var old = _sums.Where(s => !BatchOf(s).IsNew).ToList();
        if (old.Count == 0) return;
        await using var command = Db.Command(connection, AddSql,
            Columns.Of(NpgsqlDbType.Uuid, old, s => s.Wallet.Value),
            Columns.Of(NpgsqlDbType.Uuid, old, s => BatchOf(s).Id),
            Columns.Of(NpgsqlDbType.TimestampTz, old, s => s.FirstStartedAt),
            Columns.Of(NpgsqlDbType.Bigint, old, s => s.ChargedMilli),
            Columns.Of(NpgsqlDbType.Bigint, old, s => s.Requests));
        await command.PrepareAsync(ct);
        var took = (await command.ReadAsync(row => row.Id<WalletId>("wallet_id"), ct)).ToHashSet();
        batches.Forget(holder, old.Select(s => s.Wallet).Where(wallet => !took.Contains(wallet)));
    }

    private async Task<bool> OpenAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var opened = _sums.Where(s => BatchOf(s).IsNew).ToList();
        if (opened.Count == 0) return true;
        await using var command = Db.Command(connection, OpenSql, holder.Value,
            Columns.Of(NpgsqlDbType.Uuid, opened, s => s.Wallet.Value),
            Columns.Of(NpgsqlDbType.Uuid, opened, s => BatchOf(s).Id),
            Columns.Of(NpgsqlDbType.TimestampTz, opened, s => BatchOf(s).OpenedAt),
            Columns.Of(NpgsqlDbType.TimestampTz, opened, s => s.FirstStartedAt),
            Columns.Of(NpgsqlDbType.Bigint, opened, s => s.ChargedMilli),
            Columns.Of(NpgsqlDbType.Bigint, opened, s => s.Requests));
        await command.PrepareAsync(ct);
        return await command.ExecuteNonQueryAsync(ct) == opened.Count;
    }

    private OpenBatch BatchOf(Sum sum) => batches.For(holder, sum.Wallet, now);

    private OpenBatch? BatchOf(JournalRow row) =>
        row.IsCharged ? batches.For(holder, row.Record.Wallet, now) : null;
}
