using System.Threading.Channels;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Metering.Requests;

/// <summary>
/// Writes closings into the journal. Nothing waits for them, so they are gathered for a few milliseconds and written
/// together, each with the batch that the ledger will book it with. They are kept until they are written: while the
/// database is away they wait here, and new requests are refused.
/// </summary>
internal sealed partial class ClosingWriter(
    NpgsqlDataSource db, LedgerWriter ledger, MeteringOptions options, TimeProvider clock, ILogger log,
    Action<IReadOnlyCollection<WalletId>> booked)
{
    private const string FindClosedSql = """
        select r.request_id
          from unnest($1::uuid[], $2::timestamptz[], $3::uuid[]) as x (wallet_id, started_at, request_id)
          join metering.request r using (wallet_id, started_at, request_id)
        """;

    private readonly Channel<RequestRecord> _queue =
        Channel.CreateUnbounded<RequestRecord>(); // SingleReader would be unable to count

    private static readonly Backoff AgainAfter = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));

    private long _handedOver, _written; // records, since the start
    private TaskCompletionSource _flushed = NewSignal();

    private readonly OpenBatches _batches = new(options.SettleEvery, clock);

    public int Waiting => _queue.Reader.Count;

    public void Enqueue(RequestRecord record)
    {
        Interlocked.Increment(ref _handedOver); // before it is in the queue: what was written never counts for another
        _queue.Writer.TryWrite(record);
    }

    /// <summary>Ends when everything enqueued before it is written: at once where nothing waits. The database may stay
    /// away, so whoever cannot wait for it gives this an end.</summary>
    public async Task WrittenAsync(CancellationToken ct)
    {
        for (var upTo = Interlocked.Read(ref _handedOver); ;)
        {
            var flushed = Volatile.Read(ref _flushed).Task; // before looking, or a flush in between is missed
            if (Interlocked.Read(ref _written) >= upTo) return;
            await flushed.WaitAsync(ct);
        }
    }

    public void Complete() => _queue.Writer.TryComplete();

    public async Task RunAsync()
    {
        var records = new List<RequestRecord>();
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            if (_queue.Reader.Count < options.FlushSize) await Task.Delay(options.FlushEvery, clock);
            records.Clear();
            while (records.Count < options.FlushSize && _queue.Reader.TryRead(out var record)) records.Add(record);
            foreach (var ofHolder in records.GroupBy(r => r.Holder)) await WriteAsync(ofHolder.Key, [.. ofHolder]);
            Interlocked.Add(ref _written, records.Count);
            Interlocked.Exchange(ref _flushed, NewSignal()).TrySetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WriteAsync(HolderId? holder, IReadOnlyList<RequestRecord> records)
    {
        if (holder is not { } known || !await TryAppendAsync(known, records)) await SalvageAsync(records);
        booked([.. records.Select(r => r.Wallet).Distinct()]);
    }

    /// <returns>False where a row is there already, or the holder was closed: another node takes this one for dead, and
    /// has closed some of these.</returns>
    private async Task<bool> TryAppendAsync(HolderId holder, IReadOnlyList<RequestRecord> records)
    {
        var rows = records.Select(r => new JournalRow(r, RecordDigest.Of(r), null)).ToList();
        rows.Sort(JournalRow.InOrder);
        try
        {
            var isWritten = await UntilAnsweredAsync(records.Count, IsAway, () =>
                new BatchAppend(holder, rows, _batches, clock.UtcMicros()).RunAsync(db, CancellationToken.None));
            if (!isWritten) Log.Closed(log, holder, records.Count);
            return isWritten;
        }
        catch (Exception e)
        {
            // It may be that the commit of an earlier try was not heard of: then all of them are there, and so are
            // batches that would be opened again.
            _batches.Forget(holder, records.Select(r => r.Wallet));
            Log.NotAppended(log, records.Count, e.ToString());
            return false;
        }
    }

    /// <summary>Books records as they are written.</summary>
    /// <returns>False where the ledger refused it or a row is there already.</returns>
    private async Task<bool> TryBookAsync(Flush flush)
    {
        try
        {
            var posted = await UntilAnsweredAsync(flush.Records, IsAway, () =>
                ledger.PostAsync(flush.Transfers, flush.With(), CancellationToken.None));
            var refused = posted.FirstOrDefault(p => !p.Done)?.Refused;
            if (refused is not null) Log.Refused(log, flush.Id, refused.ToString());
            return refused is null;
        }
        catch (Exception e)
        {
            Log.Refused(log, flush.Id, e.ToString()); // one bad record must not stop the booking of others
            return false;
        }
    }

    private static bool IsAway(NpgsqlException e) => e is not PostgresException || e.IsTransient;

    // As often as the database is away: closings wait here until it is back.
    private async Task<T> UntilAnsweredAsync<T>(int requests, Func<NpgsqlException, bool> isAway, Func<Task<T>> work)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await work();
            }
            catch (NpgsqlException e) when (isAway(e))
            {
                Log.Away(log, requests, tries, e.Message);
                await AgainAfter.WaitAsync(tries, clock, CancellationToken.None);
            }
        }
    }

    // A node that was thought dead comes back to requests that another node has settled at their holds,
    // and to escrow that was returned. What is closed must stay closed; the rest is charged as far as
    // possible, and recorded in any case.
    private async Task SalvageAsync(IReadOnlyList<RequestRecord> records)
    {
        var closed = await FindClosedAsync(records);
        foreach (var record in records.Where(r => !closed.Contains(r.Id.Value)))
        {
            if (await TryOneAsync(record, TransferKind.Settle)) continue;
            if (await TryOneAsync(record, TransferKind.Spend)) continue;
            if (await TryOneAsync(record with { Charged = Tokens.Zero }, TransferKind.Spend)) continue;
            Log.Lost(log, record.Id, record.Wallet);
        }

        Task<bool> TryOneAsync(RequestRecord record, TransferKind kind) =>
            TryBookAsync(new Flush(Id.New<RequestId>(clock).Value, kind, [record]));
    }

    // Whatever the database says: what is written must be known before anything is written again.
    private async Task<HashSet<Guid>> FindClosedAsync(IReadOnlyList<RequestRecord> records)
    {
        object?[] keys =
        [
            records.Select(r => r.Wallet.Value).ToArray(), records.Select(r => r.StartedAt).ToArray(),
            records.Select(r => r.Id.Value).ToArray(),
        ];
        return [.. await UntilAnsweredAsync(records.Count, static _ => true, () => db.ReadAsync(
            FindClosedSql, row => row.Uuid("request_id"), keys, CancellationToken.None))];
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning,
            Message = "{Requests} closed requests wait for the database (try {Tries}): {Reason}")]
        public static partial void Away(ILogger log, int requests, int tries, string reason);

        [LoggerMessage(Level = LogLevel.Warning,
            Message = "{Holder} was closed by another node; its last {Requests} requests are booked one by one.")]
        public static partial void Closed(ILogger log, HolderId holder, int requests);

        [LoggerMessage(Level = LogLevel.Warning,
            Message = "{Requests} requests were not written together, and are booked one by one: {Reason}")]
        public static partial void NotAppended(ILogger log, int requests, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Flush {Flush} was not booked as a whole: {Reason}")]
        public static partial void Refused(ILogger log, Guid flush, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "Request {Request} of {Wallet} could not be recorded.")]
        public static partial void Lost(ILogger log, RequestId request, WalletId wallet);
    }
}
