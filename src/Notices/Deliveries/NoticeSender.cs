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
    NpgsqlDataSource db, IEnumerable<INoticeWay> ways, NoticesOff off, IOptions<NoticeOptions> settings,
    TimeProvider clock, ILogger<NoticeSender> log) : BackgroundService
{
    /// <summary>Rows that one worker takes at once.</summary>
    public const int MostTaken = 10;

    // A node that stops waits so long for the answer to what is being sent, so that it is not sent twice.
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    // What is taken must be marked or given back even while the node stops, so these end in their
    // own time and not with it.
    private static readonly TimeSpan SaveWithin = TimeSpan.FromSeconds(8);

    private readonly INoticeWay[] _ways = [.. ways.Where(way => !off.Ways.Contains(way.Name))];
    private readonly NoticeOptions _options = settings.Value;

    /// <summary>Says which ways are on, before anything that gives notices starts.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var changed = await DeliveryStore.SwitchAsync(
            db, [.. _ways.Select(way => way.Name)], [.. off.Ways], clock.GetUtcNow(), cancellationToken);
        foreach (var (way, isOn) in changed)
        {
            if (isOn) Log.SwitchedOn(log, way);
            else Log.SwitchedOff(log, way);
        }

        await base.StartAsync(cancellationToken);
    }

    // Each worker looks by itself, so that a server that is slow or silent holds up no other, by its way or another's.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        from way in _ways from worker in Enumerable.Range(0, way.AtOnce) select LookAsync(way, stoppingToken));

    /// <summary>Sends all that is due now, by all ways side by side.</summary>
    /// <returns>How many were sent.</returns>
    public async Task<int> SendDueAsync(CancellationToken ct)
    {
        var workers = from way in _ways from worker in Enumerable.Range(0, way.AtOnce) select SendAsync(way, ct);
        return (await Task.WhenAll(workers)).Sum();
    }

    private async Task LookAsync(INoticeWay way, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(_options.LookEvery, clock);
        do
        {
            try
            {
                await SendAsync(way, ct);
            }
            catch (NpgsqlException e)
            {
                Log.NotSaved(log, way.Name, e.Message); // the next look tries again
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                Log.NotSaved(log, way.Name, $"no answer within {SaveWithin:c}");
            }
        }
        while (await timer.WaitForNextTickAsync(ct));
    }

    // Until nothing is due, or the other side is away: then the next look tries again.
    private async Task<int> SendAsync(INoticeWay way, CancellationToken ct)
    {
        await using var session = way.Open();
        for (var sent = 0; ;)
        {
            ct.ThrowIfCancellationRequested();
            var now = clock.GetUtcNow();
            var until = now + DeliveryTimes.LeaseOf(MostTaken, _options);
            using var limit = new CancellationTokenSource(SaveWithin);
            var taken = await DeliveryStore.TakeAsync(db, way.Name, now, MostTaken, until, limit.Token);
            if (taken.Count == 0) return sent;
            var (some, isAway) = await SendAsync(way, session, taken, ct);
            sent += some;
            if (isAway) return sent;
        }
    }

    // What is left when the other side is away, the lease ends, the node stops or a row cannot be marked is given back.
    private async Task<(int Sent, bool IsAway)> SendAsync(
        INoticeWay way, INoticeSession session, IReadOnlyList<DueNotice> taken, CancellationToken ct)
    {
        var (sent, tried, isAway) = (0, 0, false);
        try
        {
            while (tried < taken.Count && !isAway && !ct.IsCancellationRequested
                && clock.GetUtcNow() + _options.TryWithin <= taken[tried].LeasedUntil)
            {
                var notice = taken[tried++];
                var outcome = await TryAsync(way, session, notice, ct);
                isAway = outcome.Kind == OutcomeKind.Away;
                if (await EndAsync(way, notice, outcome) && outcome.Kind == OutcomeKind.Sent) sent++;
            }
        }
        finally
        {
            await GiveBackAsync(way, [.. taken.Skip(tried)], isAway && !ct.IsCancellationRequested);
        }

        return (sent, isAway);
    }

    // What was not tried has not used up a try. Where the other side is away, the rest waits as well
    // instead of failing one by one.
    private async Task GiveBackAsync(INoticeWay way, IReadOnlyList<DueNotice> rest, bool isAway)
    {
        if (rest.Count == 0) return;
        var wait = isAway ? DeliveryTimes.WaitAfter(1, rest[0].Notice, _options) : TimeSpan.Zero;
        using var limit = new CancellationTokenSource(SaveWithin);
        await DeliveryStore.ReturnAsync(db, way.Name, rest, clock.GetUtcNow() + wait, limit.Token);
    }

    private async Task<Outcome> TryAsync(INoticeWay way, INoticeSession session, DueNotice notice, CancellationToken ct)
    {
        // Each of its tries was counted and none was ended. It must not be tried again, since it may
        // be what ends its senders.
        if (notice.Tries > _options.Tries) return Outcome.Never("its sender ended each time");
        if (way.WithoutSending(notice, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)) is { } known) return known;
        using var limit = new CancellationTokenSource(_options.TryWithin);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        await using var stopping = ct.Register(() => stop.CancelAfter(AnswerWithin));
        try
        {
            return await session.SendAsync(notice, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Outcome.Away(limit.IsCancellationRequested
                ? $"no answer within {_options.TryWithin:c}" : "the node stopped before the answer");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Nobody foresaw it; one notice must not end the sending of all. Its message may hold an address.
            return Outcome.Later(e.GetType().Name);
        }
    }

    private async Task<bool> EndAsync(INoticeWay way, DueNotice notice, Outcome outcome)
    {
        var now = clock.GetUtcNow();
        var end = DeliveryTimes.EndOf(outcome, notice, now, _options);
        using var limit = new CancellationTokenSource(SaveWithin);
        var isOurs = await DeliveryStore.EndAsync(db, way.Name, notice, end, limit.Token);
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

        [LoggerMessage(Level = LogLevel.Warning,
            Message = "Notices that are due by {Way} cannot be read or marked: {Reason}")]
        public static partial void NotSaved(ILogger log, string way, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "Notices leave by {Way} from now on")]
        public static partial void SwitchedOn(ILogger log, string way);

        [LoggerMessage(Level = LogLevel.Warning,
            Message = "Notices are no longer sent by {Way}: its setting Off is true; what waits goes on waiting")]
        public static partial void SwitchedOff(ILogger log, string way);
    }
}
