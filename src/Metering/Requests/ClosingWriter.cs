using System.Threading.Channels;
using Dapper;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Metering.Requests;

/// <summary>
/// Books closings. Nothing waits for them, so they are gathered for a few milliseconds and booked together. They wait
/// here until they are booked: while the database is away new requests are refused.
/// </summary>
internal sealed partial class ClosingWriter(
    NpgsqlDataSource db, LedgerWriter ledger, MeteringOptions options, TimeProvider clock, ILogger log,
    Action<IReadOnlyCollection<WalletId>> booked)
{
    private const string FindClosedSql = """
        select r.request_id
          from unnest(@wallets::uuid[], @starts::timestamptz[], @ids::uuid[]) as x (wallet_id, started_at, request_id)
          join metering.request r using (wallet_id, started_at, request_id)
        """;

    private readonly Channel<(RequestRecord? Record, TaskCompletionSource? Drained)> _queue =
        Channel.CreateUnbounded<(RequestRecord?, TaskCompletionSource?)>(); // SingleReader would be unable to count

    public int Waiting => _queue.Reader.Count;

    public void Enqueue(RequestRecord record) => _queue.Writer.TryWrite((record, null));

    /// <summary>Ends when everything enqueued before it is booked.</summary>
    public Task DrainAsync()
    {
        var drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _queue.Writer.TryWrite((null, drained)) ? drained.Task : Task.CompletedTask;
    }

    public void Complete() => _queue.Writer.TryComplete();

    public async Task RunAsync()
    {
        var records = new List<RequestRecord>();
        var drained = new List<TaskCompletionSource>();
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            if (_queue.Reader.Count < options.FlushSize) await Task.Delay(options.FlushEvery, clock);
            records.Clear();
            drained.Clear();
            while (records.Count < options.FlushSize && _queue.Reader.TryRead(out var next))
            {
                if (next.Record is { } record) records.Add(record);
                if (next.Drained is { } marker) drained.Add(marker);
            }

            foreach (var ofHolder in records.GroupBy(r => r.Holder)) await BookAsync([.. ofHolder]);
            foreach (var marker in drained) marker.TrySetResult();
        }
    }

    private async Task BookAsync(IReadOnlyList<RequestRecord> records)
    {
        var flush = new Flush(Id.New<RequestId>(clock).Value, TransferKind.Settle, records);
        if (!await TryBookAsync(flush)) await SalvageAsync(records);
        booked([.. records.Select(r => r.Wallet).Distinct()]);
    }

    /// <summary>Tries until the database answers.</summary>
    /// <returns>False where the ledger refused it or a row is there already: another node has closed some of
    /// these.</returns>
    private async Task<bool> TryBookAsync(Flush flush)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                var posted = await ledger.PostAsync(flush.Transfers, flush.With(), CancellationToken.None);
                var refused = posted.FirstOrDefault(p => !p.Done)?.Refused;
                if (refused is not null) Log.Refused(log, flush.Id, refused.ToString());
                return refused is null;
            }
            catch (NpgsqlException e) when (e is not PostgresException || e.IsTransient)
            {
                Log.Away(log, flush.Id, tries, e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(100 * tries, 2_000)), clock);
            }
            catch (Exception e)
            {
                Log.Refused(log, flush.Id, e.ToString()); // one bad record must not stop the booking of others
                return false;
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

    private async Task<HashSet<Guid>> FindClosedAsync(IReadOnlyList<RequestRecord> records)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var connection = await db.OpenConnectionAsync(CancellationToken.None);
                return [.. await connection.QueryAsync<Guid>(FindClosedSql, new
                {
                    wallets = records.Select(r => r.Wallet.Value).ToArray(),
                    starts = records.Select(r => r.StartedAt).ToArray(),
                    ids = records.Select(r => r.Id.Value).ToArray(),
                })];
            }
            catch (NpgsqlException e)
            {
                Log.Away(log, Guid.Empty, tries, e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(100 * tries, 2_000)), clock);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning,
            Message = "Flush {Flush} waits for the database (try {Tries}): {Reason}")]
        public static partial void Away(ILogger log, Guid flush, int tries, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Flush {Flush} was not booked as a whole: {Reason}")]
        public static partial void Refused(ILogger log, Guid flush, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "Request {Request} of {Wallet} could not be recorded.")]
        public static partial void Lost(ILogger log, RequestId request, WalletId wallet);
    }
}
