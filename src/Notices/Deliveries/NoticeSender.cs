using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Notices.Deliveries;

/// <summary>
/// Sends what is due, by each way that is set, on every node: a row is taken by one sender at a time.
/// 1. Take a few rows for a while, and count the try. 2. Send them one after another, each within its time. 3. Write
/// how each ended before the next is sent.
/// A sender that dies between 2 and 3 leaves one notice sent and not marked; it is sent again when the lease ends, with
/// the same Message-ID or idempotency id. So each notice arrives at least once and is marked as sent exactly once.
/// </summary>
internal sealed partial class NoticeSender(
    NpgsqlDataSource db, IEnumerable<INoticeWay> ways, IOptions<NoticeOptions> settings, TimeProvider clock,
    ILogger<NoticeSender> log) : BackgroundService
{
    /// <summary>Rows that one worker takes at once.</summary>
    public const int MostTaken = 10;

    private readonly INoticeWay[] _ways = [.. ways];
    private readonly NoticeOptions _options = settings.Value;

    /// <summary>Says which ways are on, before anything that gives notices starts.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await DeliveryStore.SwitchAsync(
            db, [.. _ways.Select(way => way.Name)], clock.GetUtcNow(), cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_ways.Length == 0) return;
        using var timer = new PeriodicTimer(_options.LookEvery, clock);
        do
        {
            try
            {
                await SendDueAsync(stoppingToken);
            }
            catch (NpgsqlException e)
            {
                Log.NotRead(log, e.Message); // the next look tries again
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Sends all that is due now, by all ways side by side.</summary>
    /// <returns>How many were sent.</returns>
    public async Task<int> SendDueAsync(CancellationToken ct)
    {
        var workers = from way in _ways from worker in Enumerable.Range(0, way.AtOnce) select SendAsync(way, ct);
        return (await Task.WhenAll(workers)).Sum();
    }

    // Until nothing is due, or the other side is away: then the next look tries again.
    private async Task<int> SendAsync(INoticeWay way, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var session = way.Open();
        for (var sent = 0; ;)
        {
            var now = clock.GetUtcNow();
            var until = now + DeliveryTimes.LeaseOf(MostTaken, _options);
            var taken = await DeliveryStore.TakeAsync(connection, way.Name, now, MostTaken, until, ct);
            var isAway = false;
            var tried = 0;
            for (; tried < taken.Count && !isAway && clock.GetUtcNow() + _options.TryWithin <= until; tried++)
            {
                var outcome = await TryAsync(way, session, taken[tried], ct);
                isAway = outcome.Kind == OutcomeKind.Away;
                if (await EndAsync(connection, way, taken[tried], outcome, ct) && outcome.Kind == OutcomeKind.Sent)
                    sent++;
            }

            await GiveBackAsync(connection, way, [.. taken.Skip(tried)], isAway, ct);
            if (taken.Count == 0 || isAway) return sent;
        }
    }

    // What was not tried has not used up a try. Where the other side is away it waits with the one that was.
    private async Task GiveBackAsync(
        NpgsqlConnection connection, INoticeWay way, IReadOnlyList<DueNotice> rest, bool isAway, CancellationToken ct)
    {
        if (rest.Count == 0) return;
        var wait = isAway ? DeliveryTimes.WaitAfter(1, rest[0].Notice, _options) : TimeSpan.Zero;
        await DeliveryStore.ReturnAsync(connection, way.Name, rest, clock.GetUtcNow() + wait, ct);
    }

    private async Task<Outcome> TryAsync(
        INoticeWay way, INoticeSession session, DueNotice notice, CancellationToken ct)
    {
        if (way.SkippedBecause(notice, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)) is { } why)
            return Outcome.Skipped(why);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(_options.TryWithin);
        try
        {
            return await session.SendAsync(notice, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Outcome.Away($"no answer within {_options.TryWithin:c}");
        }
        catch (Exception e) when (e is not OperationCanceledException and not OutOfMemoryException)
        {
            // Nobody foresaw it; one notice must not end the sending of all. Its message may hold an address.
            return Outcome.Later(e.GetType().Name);
        }
    }

    private async Task<bool> EndAsync(
        NpgsqlConnection connection, INoticeWay way, DueNotice notice, Outcome outcome, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var end = DeliveryTimes.EndOf(outcome, notice, now, _options);
        var isOurs = await DeliveryStore.EndAsync(connection, way.Name, notice, end, ct);
        if (end.State == DeliveryStates.Failed)
            Log.Failed(log, notice.Notice, way.Name, notice.Tries, outcome.Reason);
        else if (end.State == DeliveryStates.Waiting)
            Log.Later(log, notice.Notice, way.Name, notice.Tries, outcome.Reason);
        return isOurs;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error,
            Message = "Notice {Notice} failed by {Way} after {Tries} tries: {Reason}")]
        public static partial void Failed(ILogger log, NoticeId notice, string way, int tries, string reason);

        [LoggerMessage(Level = LogLevel.Warning,
            Message = "Notice {Notice} is not sent by {Way} yet, after {Tries} tries: {Reason}")]
        public static partial void Later(ILogger log, NoticeId notice, string way, int tries, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Notices that are due cannot be read: {Reason}")]
        public static partial void NotRead(ILogger log, string reason);
    }
}
