using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Metering.Requests;

/// <summary>What became of records that were to be appended.</summary>
internal enum Appended
{
    /// <summary>They are durable.</summary>
    Done,

    /// <summary>A batch was closed meanwhile, and nothing was written: name another one.</summary>
    BatchClosed,

    /// <summary>Their holder's escrow is being returned, and nothing was written: its node is taken for dead.</summary>
    HolderClosed,
}

/// <summary>
/// Records of one holder on their way into the journal, in one commit: their rows, each with the batch that it will be
/// booked with, the batches' sums, and the sums that pages read. The ledger is not touched.
/// </summary>
internal sealed class BatchAppend
{
    private static readonly string OpenSql = Sql.Read("Metering/Requests/OpenBatches.sql");
    private static readonly string AddSql = Sql.Read("Metering/Requests/AddToBatches.sql");
    private const string IsClosedSql = "select exists (select from metering.closed_holder where holder = $1)";

    private readonly HolderId _holder;
    private readonly JournalRows _rows;
    private readonly List<Sum> _opened = [];
    private readonly List<Sum> _added = [];

    private sealed record Sum(WalletId Wallet, OpenBatch Batch, DateTime FirstStartedAt, long ChargedMilli, long Rows);

    /// <param name="holder">Of all records.</param>
    /// <param name="records">With their digests.</param>
    /// <param name="batches">Which batch each goes to.</param>
    /// <param name="now">UTC, whole microseconds.</param>
    public BatchAppend(
        HolderId holder, IReadOnlyList<JournalRow> records, OpenBatches batches, DateTime now)
    {
        _holder = holder;
        var rows = new List<JournalRow>(records.Count);
        foreach (var ofWallet in records.GroupBy(r => r.Record.Wallet))
        {
            var charged = ofWallet.Where(r => r.IsCharged).Select(r => r.Record).ToList();
            var batch = charged.Count > 0 ? batches.For(holder, ofWallet.Key, now) : null;
            rows.AddRange(ofWallet.Select(r => r with { SettledBy = r.IsCharged ? batch?.Id : null }));
            if (batch is not null)
                (batch.IsNew ? _opened : _added).Add(new(ofWallet.Key, batch, charged.Min(r => r.StartedAt),
                    charged.Aggregate(0L, (sum, r) => checked(sum + r.Charged.Milli)), charged.Count));
        }

        _rows = new(rows);
    }

    /// <summary>The wallets whose batches it opens or adds to.</summary>
    public IEnumerable<WalletId> Wallets => _opened.Concat(_added).Select(s => s.Wallet);

    /// <exception cref="NpgsqlException">The database is away: whether it was written, a repeat will tell.</exception>
    /// <exception cref="PostgresException">A record is there already; nothing was written.</exception>
    public async Task<Appended> RunAsync(NpgsqlDataSource db, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await _rows.CopyAsync(connection, ct);
        await using var batch = new NpgsqlBatch(connection, transaction);

        // Whoever closes the holder waits for this commit, or this statement for them: it is closed before or after.
        batch.BatchCommands.Add(Db.InBatch(Locks.Shared, LockOf(_holder)));
        foreach (var command in _rows.Commands()) batch.BatchCommands.Add(command());
        var (opening, adding) = (Opening(), Adding());
        if (_opened.Count > 0) batch.BatchCommands.Add(opening);
        if (_added.Count > 0) batch.BatchCommands.Add(adding);
        await batch.PrepareAsync(ct);
        await batch.ExecuteNonQueryAsync(ct);

        var isWhole = (_opened.Count == 0 || (int)opening.RecordsAffected == _opened.Count)
            && (_added.Count == 0 || (int)adding.RecordsAffected == _added.Count);
        if (isWhole)
        {
            await transaction.CommitAsync(ct);
            return Appended.Done;
        }

        await transaction.RollbackAsync(ct);
        return await connection.ScalarAsync<bool>(IsClosedSql, [_holder.Value], ct)
            ? Appended.HolderClosed : Appended.BatchClosed;
    }

    /// <summary>The name of the lock under which a holder is closed.</summary>
    public static string LockOf(HolderId holder) => $"metering.holder/{holder.Value:N}";

    private NpgsqlBatchCommand Opening() => Db.InBatch(
        OpenSql, _holder.Value, Columns.Of(NpgsqlDbType.Uuid, _opened, s => s.Wallet.Value),
        Columns.Of(NpgsqlDbType.Uuid, _opened, s => s.Batch.Id),
        Columns.Of(NpgsqlDbType.TimestampTz, _opened, s => s.Batch.OpenedAt),
        Columns.Of(NpgsqlDbType.TimestampTz, _opened, s => s.FirstStartedAt),
        Columns.Of(NpgsqlDbType.Bigint, _opened, s => s.ChargedMilli),
        Columns.Of(NpgsqlDbType.Bigint, _opened, s => s.Rows));

    private NpgsqlBatchCommand Adding() => Db.InBatch(
        AddSql, Columns.Of(NpgsqlDbType.Uuid, _added, s => s.Wallet.Value),
        Columns.Of(NpgsqlDbType.Uuid, _added, s => s.Batch.Id),
        Columns.Of(NpgsqlDbType.TimestampTz, _added, s => s.FirstStartedAt),
        Columns.Of(NpgsqlDbType.Bigint, _added, s => s.ChargedMilli),
        Columns.Of(NpgsqlDbType.Bigint, _added, s => s.Rows));
}
