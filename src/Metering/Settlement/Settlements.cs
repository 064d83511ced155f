using System.Collections.Concurrent;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering.Requests;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Metering.Settlement;

/// <summary>
/// Books what was charged: a batch of a wallet's requests by one transfer, whose evidence is the digest of their rows.
/// Anybody may settle any batch, at any time and more than once: it is closed first, so that it takes no further
/// requests; its transfer has its id for a key, so that it is booked once; and it goes in that commit.
/// </summary>
public sealed partial class Settlements(
    NpgsqlDataSource db, LedgerWriter ledger, RequestJournal journal, IOptions<MeteringOptions> options,
    TimeProvider clock, ILogger<Settlements> log)
{
    private static readonly string CloseDueSql = Sql.Read("Metering/Settlement/CloseDue.sql");
    private static readonly string CloseOfWalletsSql = Sql.Read("Metering/Settlement/CloseOfWallets.sql");
    private static readonly string ReadSql = Sql.Read("Metering/Settlement/ReadBatches.sql");
    private static readonly string DropSql = Sql.Read("Metering/Settlement/DropBatches.sql");
    private const string CloseHolderSql = """
        insert into metering.closed_holder (holder, closed_at) values ($1, $2) on conflict do nothing
        """;

    private const int AtATime = 256;

    // What could not be booked is tried again, and named in the log, by the minute and not at each look.
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMinutes(1);
    private const int MostFailed = 10_000;

    private readonly TimeSpan _window = options.Value.SettleEvery;
    private readonly ConcurrentDictionary<Guid, DateTime> _failed = []; // when, by batch

    private sealed record Key(WalletId Wallet, Guid Id, DateTime OpenedAt);

    private sealed record Batch(
        WalletId Wallet, Guid Id, HolderId Holder, long ChargedMilli, byte[]? Evidence, bool IsWhole);

    /// <summary>Books a holder's batches that have taken requests for a window.</summary>
    public Task DueAsync(HolderId holder, CancellationToken ct) =>
        OfHolderAsync(holder, SettlementWindow.DueUntil(clock.UtcMicros(), _window), isAgain: false, ct);

    /// <summary>Books all of a holder's batches.</summary>
    public Task AllAsync(HolderId holder, CancellationToken ct) =>
        OfHolderAsync(holder, DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc), isAgain: true, ct);

    /// <summary>Books what some wallets were charged, so that the ledger has all of it.</summary>
    /// <param name="wallets">Whose.</param>
    /// <param name="holder">Out of whose escrow; null: of any.</param>
    /// <param name="ct">Stops it between two batches.</param>
    public async Task OfWalletsAsync(IReadOnlyCollection<WalletId> wallets, HolderId? holder, CancellationToken ct)
    {
        foreach (var some in wallets.Chunk(AtATime))
            await PostAsync(await CloseAsync(
                CloseOfWalletsSql,
                [Columns.Of(NpgsqlDbType.Uuid, some, w => w.Value), TypedOrNull(holder)], ct), ct);
    }

    /// <summary>
    /// Books what a wallet was charged, since somebody is about to read it from the ledger: what this node answered a
    /// moment ago too. Where that fails, they read what is booked: it is not wrong, only not the last.
    /// </summary>
    public async Task BeforeReadingAsync(WalletId wallet, CancellationToken ct)
    {
        try
        {
            await journal.WrittenAsync(wallet, ct);
            await OfWalletsAsync([wallet], null, ct);
        }
        catch (NpgsqlException e)
        {
            Log.NotBookedYet(log, wallet, e.Message);
        }
    }

    /// <summary>
    /// Ends what a holder may add to its batches: after this its node, if it lives, writes nothing more that its escrow
    /// would have to cover. Repeating it is safe.
    /// </summary>
    public async Task CloseHolderAsync(HolderId holder, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Locks.InTransactionAsync(connection, BatchAppend.LockOf(holder), ct);
        await connection.ExecuteAsync(CloseHolderSql, [holder.Value, clock.UtcMicros()], ct);
        await transaction.CommitAsync(ct);
    }

    // What is refused stays where it is, and must not keep those after it from being booked. Again: what failed a
    // moment ago too.
    private async Task OfHolderAsync(HolderId holder, DateTime until, bool isAgain, CancellationToken ct)
    {
        var future = clock.UtcMicros() + _window;
        for (Key? last = null; ;)
        {
            var closed = await CloseAsync(CloseDueSql,
            [
                holder.Value, until, future, last?.OpenedAt ?? DateTime.UnixEpoch, last?.Wallet.Value ?? Guid.Empty,
                last?.Id ?? Guid.Empty, AtATime,
            ], ct);
            await PostAsync(isAgain ? closed : closed.FindAll(k => !HasJustFailed(k.Id)), ct);
            if (closed.Count < AtATime) return;
            last = closed.MaxBy(k => (k.OpenedAt, k.Wallet.Value, k.Id)); // as uuid compares
        }
    }

    private Task<List<Key>> CloseAsync(string sql, object?[] values, CancellationToken ct) => db.ReadAsync(
        sql, row => new Key(row.Id<WalletId>("wallet_id"), row.Uuid("batch_id"), row.Get<DateTime>("opened_at")),
        values, ct);

    // Together; those that somebody booked meanwhile are gone when they are read once more; then one by one, so that
    // one that is refused keeps no other from being booked.
    private async Task PostAsync(IReadOnlyList<Key> closed, CancellationToken ct)
    {
        var batches = await ReadAsync(closed, ct);
        if (batches.Count == 0 || await PostTogetherAsync(batches, ct) is null) return;
        batches = await ReadAsync(closed, ct);
        if (batches.Count == 0 || await PostTogetherAsync(batches, ct) is not { } refused) return;
        foreach (var batch in batches)
            if ((batches.Count == 1 ? refused : await PostTogetherAsync([batch], ct)) is { } why && IsNews(batch.Id))
                Log.Refused(log, batch.Id, batch.Wallet, why.ToString());
    }

    private async Task<List<Batch>> ReadAsync(IReadOnlyList<Key> closed, CancellationToken ct)
    {
        if (closed.Count == 0) return [];
        var batches = await db.ReadAsync(ReadSql, BatchOf,
        [
            Columns.Of(NpgsqlDbType.Uuid, closed, k => k.Wallet.Value),
            Columns.Of(NpgsqlDbType.Uuid, closed, k => k.Id),
        ], ct);
        foreach (var batch in batches.Where(b => !b.IsWhole && IsNews(b.Id)))
            Log.NotItsRows(log, batch.Id, batch.Wallet);
        return [.. batches.Where(b => b.IsWhole).OrderBy(b => b.Wallet.Value)];
    }

    private bool HasJustFailed(Guid batch) =>
        _failed.TryGetValue(batch, out var at) && clock.UtcMicros() is var now && now >= at && now - at < TryAgainAfter;

    // Whether it is to be named: it has not just been.
    private bool IsNews(Guid batch)
    {
        if (HasJustFailed(batch)) return false;
        if (_failed.Count >= MostFailed) _failed.Clear();
        _failed[batch] = clock.UtcMicros();
        return true;
    }

    /// <returns>Why nothing was booked; null where all were, now or before.</returns>
    private async Task<Refused?> PostTogetherAsync(IReadOnlyList<Batch> batches, CancellationToken ct)
    {
        var posted = await ledger.PostAsync(
            [.. batches.Select(TransferOf)], new InSameCommit { Commands = [() => Drop(batches)] }, ct);
        return posted.FirstOrDefault(p => !p.Done)?.Refused;
    }

    private static Transfer TransferOf(Batch batch) => new()
    {
        Kind = TransferKind.Settle, Wallet = batch.Wallet, Holder = batch.Holder, Amount = new(batch.ChargedMilli),
        Key = Flush.KeyOf(batch.Id), SourceId = batch.Id, Evidence = batch.Evidence,
    };

    private static NpgsqlBatchCommand Drop(IReadOnlyList<Batch> batches) => Db.InBatch(
        DropSql, Columns.Of(NpgsqlDbType.Uuid, batches, b => b.Wallet.Value),
        Columns.Of(NpgsqlDbType.Uuid, batches, b => b.Id));

    private static Batch BatchOf(Row row) => new(
        row.Id<WalletId>("wallet_id"), row.Uuid("batch_id"), row.Id<HolderId>("holder"), row.Bigint("charged_milli"),
        row.BytesOrNull("evidence"), row.Bool("is_whole"));

    private static NpgsqlParameter TypedOrNull(HolderId? holder) =>
        new() { Value = holder?.Value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error,
            Message = "Batch {Batch} of {Wallet} is not what its requests add up to; it is not booked. Run verify.")]
        public static partial void NotItsRows(ILogger log, Guid batch, WalletId wallet);

        [LoggerMessage(Level = LogLevel.Warning,
            Message = "What {Wallet} was charged last is not booked before it is read: {Reason}")]
        public static partial void NotBookedYet(ILogger log, WalletId wallet, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "Batch {Batch} of {Wallet} could not be booked: {Reason}")]
        public static partial void Refused(ILogger log, Guid batch, WalletId wallet, string reason);
    }
}
