using System.Threading.Channels;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Ledger.Transfers;

/// <summary>
/// One writer of the ledger. It takes whatever waits, works it out against the wallets it remembers, and writes it in
/// one batch that holds only if those wallets still stand where it knew them. Otherwise it reads them and tries again:
/// <list type="number">
/// <item>optimistic: remembered wallets, keys not looked up;</item>
/// <item>after a conflict or a refusal: wallets and keys read afresh;</item>
/// <item>after three conflicts: wallets locked while they are read, so that it must succeed.</item>
/// </list>
/// </summary>
internal sealed partial class Lane(
    NpgsqlDataSource db, LedgerOptions options, TimeProvider clock, ILogger log) : IAsyncDisposable
{
    private const int OptimisticTries = 3;

    // Under a lock a posting can only conflict with what is in the ledger already, and trying again will not help.
    private const int MaxConflicts = 2 * OptimisticTries;

    // Index probes from the arrays, whatever the statistics say: a plan must never turn
    // into a scan while a table grows.
    private const string PinPlans = "set enable_hashjoin = off; set enable_mergejoin = off; set enable_seqscan = off";

    private static readonly Backoff AgainAfter = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1));

    private readonly Channel<Unit> _queue = Channel.CreateBounded<Unit>(
        new BoundedChannelOptions(options.QueueSize) { SingleReader = true });
    private readonly Dictionary<WalletId, WalletState> _remembered = [];
    private NpgsqlConnection? _connection;
    private DateTime _notBefore = DateTime.UnixEpoch;

    /// <exception cref="OperationCanceledException">The lane was completed; the unit is not taken.</exception>
    public async ValueTask EnqueueAsync(Unit unit, CancellationToken ct)
    {
        try
        {
            await _queue.Writer.WriteAsync(unit, ct);
        }
        catch (ChannelClosedException e)
        {
            throw new OperationCanceledException("The ledger's writer has stopped.", e);
        }
    }

    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>Runs until the queue is completed and empty.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var group = new List<Unit>();
        try
        {
            while (await _queue.Reader.WaitToReadAsync(ct))
            {
                group.Clear();
                for (var size = 0;
                     size < options.GroupSize && _queue.Reader.TryRead(out var unit);
                     size += Weight(unit))
                    group.Add(unit);
                await PostAsync(group, ct);
            }
        }
        finally
        {
            // Nobody may wait for what is never written. Of a group under way, only a repeat
            // can tell whether it was posted.
            Complete();
            foreach (var unit in group) unit.Done.TrySetCanceled(CancellationToken.None);
            while (_queue.Reader.TryRead(out var unit)) unit.Done.TrySetCanceled(CancellationToken.None);
        }

        static int Weight(Unit unit) => Math.Max(1, unit.Transfers.Count);
    }

    private async Task PostAsync(List<Unit> group, CancellationToken ct)
    {
        var deadline = clock.GetUtcNow() + options.GiveUpAfter;
        for (int conflicts = 0, outages = 0; ;)
        {
            try
            {
                await TryPostAsync(group, conflicts, ct);
                return;
            }
            catch (PostgresException e) when (IsConflict(e))
            {
                await ForgetAsync(group, e, ct);
                if (++conflicts <= MaxConflicts) continue;
                if (group.Count == 1) { Fail(group, e); return; } // its key is taken in the receiving wallet
                foreach (var unit in group) await PostAsync([unit], ct);
                return;
            }
            catch (NpgsqlException e) when (e is not PostgresException || e.IsTransient)
            {
                // The commit may have happened, but reading the keys again tells; so the
                // same group is simply tried again.
                Log.DatabaseAway(log, ++outages, e.Message);
                await DropConnectionAsync();
                conflicts = Math.Max(conflicts, 1);
                if (clock.GetUtcNow() >= deadline || ct.IsCancellationRequested) { Fail(group, e); return; }
                await AgainAfter.WaitAsync(outages, clock, ct);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                _remembered.Clear();
                await DropConnectionAsync();
                if (group.Count == 1) { Fail(group, e); return; }
                foreach (var unit in group) await PostAsync([unit], ct); // one bad command must not fail its neighbours
                return;
            }
        }
    }

    private async Task TryPostAsync(List<Unit> group, int conflicts, CancellationToken ct)
    {
        _connection ??= await OpenAsync(ct);
        await using var locking =
            conflicts >= OptimisticTries ? await _connection.BeginTransactionAsync(ct) : null;

        var plan = await PlanAsync(group, locking, fresh: conflicts > 0, ct);
        if (plan.NeedsKeys) plan = await PlanAsync(group, locking, fresh: true, ct);

        // A COPY beside the batch makes a transaction necessary. Without one the batch is
        // its own, and saves a round trip.
        var copies = plan.Outcomes.Where(o => o is { Writes: true, Unit.With.Copy: not null }).ToList();
        await using var copying =
            locking is null && copies.Count > 0 ? await _connection.BeginTransactionAsync(ct) : null;
        var transaction = locking ?? copying;
        foreach (var (unit, _, _) in copies) await unit.With!.Copy!(_connection, ct);
        await using (var batch = GroupCommands.Build(plan, _connection, transaction))
        {
            if (batch.BatchCommands.Count > 0)
            {
                // Not by the driver's own preparing, because that confuses a connection whose
                // statement is cancelled meanwhile.
                await batch.PrepareAsync(ct);
                await batch.ExecuteNonQueryAsync(ct);
            }
        }

        if (transaction is not null) await transaction.CommitAsync(ct);
        foreach (var (unit, results, _) in plan.Outcomes) unit.Done.TrySetResult(results);
    }

    private async Task<GroupPlan> PlanAsync(
        List<Unit> group, NpgsqlTransaction? transaction, bool fresh, CancellationToken ct)
    {
        if (_remembered.Count > options.RememberedWallets) _remembered.Clear();
        var ids = group.SelectMany(unit => unit.Wallets).ToHashSet();
        var missing = fresh ? ids : [.. ids.Where(id => !_remembered.ContainsKey(id))];
        if (missing.Count > 0)
            foreach (var state in await WalletReader.LoadAsync(_connection!, transaction, missing, ct))
                _remembered[state.Id] = state;

        var known = fresh
            ? await WalletReader.LoadKeysAsync(_connection!, transaction, [.. group.SelectMany(u => u.Transfers)], ct)
            : null;
        var plan = new GroupPlan(_remembered, known, clock, _notBefore);
        foreach (var unit in group) plan.Add(unit);
        return plan;
    }

    private async Task ForgetAsync(List<Unit> group, PostgresException e, CancellationToken ct)
    {
        Log.Conflict(log, e.SqlState, group.Count);
        foreach (var id in group.SelectMany(unit => unit.Wallets)) _remembered.Remove(id);
        if (e.SqlState != DaySealed) return;

        await using var command = new NpgsqlCommand("select max(day) + 1 from ledger.seal", _connection);
        _notBefore = DateTime.SpecifyKind(
            ((DateOnly)(await command.ExecuteScalarAsync(ct))!).ToDateTime(default), DateTimeKind.Utc);
    }

    private const string HeadsMoved = "ST001";
    private const string DaySealed = "ST002";

    private static bool IsConflict(PostgresException e) =>
        e.SqlState is HeadsMoved or DaySealed or PostgresErrorCodes.DeadlockDetected
        || (e.SqlState == PostgresErrorCodes.UniqueViolation && e.SchemaName == "ledger");

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken ct)
    {
        var opened = await db.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(PinPlans, opened);
        await command.ExecuteNonQueryAsync(ct);
        return opened;
    }

    private async Task DropConnectionAsync()
    {
        _remembered.Clear();
        if (_connection is null) return;
        await _connection.DisposeAsync();
        _connection = null;
    }

    private static void Fail(List<Unit> group, Exception e)
    {
        foreach (var unit in group) unit.Done.TrySetException(e);
    }

    public async ValueTask DisposeAsync() => await DropConnectionAsync();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug,
            Message = "Ledger group of {Units} met {SqlState}; reading its wallets again.")]
        public static partial void Conflict(ILogger log, string sqlState, int units);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Ledger cannot reach the database (try {Tries}): {Reason}")]
        public static partial void DatabaseAway(ILogger log, int tries, string reason);
    }
}
