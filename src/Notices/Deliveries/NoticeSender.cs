using Guerdon.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Notices.Deliveries;

/// <summary>
/// Sends what is due, by each channel that is set, on every node: a row is taken by one sender at a time.
/// 1. Take a few rows for a while, and count the try. 2. Send them one after another, each within its time. 3. Write
/// how each ended before the next is sent.
/// A sender that dies between 2 and 3 leaves one notice sent and not marked; it is sent again when the lease ends, with
/// the same Message-ID or idempotency id. So each notice arrives at least once and is marked as sent exactly once.
/// </summary>
internal sealed partial class NoticeSender(
    NpgsqlDataSource db, IEnumerable<INoticeChannel> channels, NoticesOff off, IOptions<NoticeOptions> settings,
    TimeProvider clock, ILogger<NoticeSender> log) : BackgroundService
{
    /// <summary>Rows that one worker takes at once.</summary>
    public const int MostTaken = 10;

    // A node that stops waits so long for the answer to what is being sent, so that it is not sent twice.
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    // What is taken must be marked or given back even while the node stops, so these end in their
    // own time and not with it.
    private static readonly TimeSpan SaveWithin = TimeSpan.FromSeconds(8);

    // How often a node says that it has its channels' settings: each minute, as a node looks by default.
    private TimeSpan ServeEvery => _options.LookEvery * 12 is var often && often < OneMinute ? often : OneMinute;

    private static readonly TimeSpan OneMinute = TimeSpan.FromMinutes(1);

    private readonly INoticeChannel[] _channels = [.. channels.Where(channel => !off.Channels.Contains(channel.Name))];
    private readonly NoticeOptions _options = settings.Value;

    /// <summary>Says which channels are on, before anything that gives notices starts.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var changed = await DeliveryStore.SwitchAsync(
            db, Names, [.. off.Channels], clock.GetUtcNow(), cancellationToken);
        foreach (var (channel, isOn) in changed)
        {
            if (isOn) Log.SwitchedOn(log, channel);
            else Log.SwitchedOff(log, channel);
        }

        await DeliveryStore.ServeAsync(db, Names, clock.GetUtcNow(), cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    // Each worker looks by itself, so that a slow or silent server holds up no other, of its channel or another.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _channels.Length == 0 ? Task.CompletedTask
        : Task.WhenAll(
            [
                ServeAsync(stoppingToken),
                .. from channel in _channels
                   from worker in Enumerable.Range(0, channel.AtOnce)
                   select LookAsync(channel, stoppingToken),
            ]);

    /// <summary>Sends all that is due now, by all channels side by side.</summary>
    /// <returns>How many were sent.</returns>
    public async Task<int> SendDueAsync(CancellationToken ct)
    {
        var workers =
            from channel in _channels
            from worker in Enumerable.Range(0, channel.AtOnce)
            select SendAsync(channel, ct);
        return (await Task.WhenAll(workers)).Sum();
    }

    private string[] Names => [.. _channels.Select(channel => channel.Name)];

    private Task ServeAsync(CancellationToken ct) => Periodic.RunAsync(ServeEvery, atStart: false, async token =>
    {
        try
        {
            await DeliveryStore.ServeAsync(db, Names, clock.GetUtcNow(), token);
        }
        catch (Exception e) when (e is not OutOfMemoryException && !token.IsCancellationRequested)
        {
            // The next one says it again. Nothing that goes wrong here may end the sending, or the node.
            Log.NotSaved(log, string.Join(", ", Names), e.Message);
        }
    }, clock, ct);

    private Task LookAsync(INoticeChannel channel, CancellationToken ct) =>
        Periodic.RunAsync(_options.LookEvery, atStart: true, async token =>
        {
            try
            {
                await SendAsync(channel, token);
            }
            catch (NpgsqlException e)
            {
                Log.NotSaved(log, channel.Name, e.Message); // the next look tries again
            }
            catch (OperationCanceledException) when (!token.IsCancellationRequested)
            {
                Log.NotSaved(log, channel.Name, $"no answer within {SaveWithin:c}");
            }
        }, clock, ct);

    // Until nothing is due, or the other side is away: then the next look tries again.
    private async Task<int> SendAsync(INoticeChannel channel, CancellationToken ct)
    {
        await using var session = channel.Open();
        for (var sent = 0; ;)
        {
            ct.ThrowIfCancellationRequested();
            var now = clock.GetUtcNow();
            var until = now + DeliveryTimes.LeaseOf(MostTaken, _options);
            using var limit = new CancellationTokenSource(SaveWithin);
            var taken = await DeliveryStore.TakeAsync(db, channel.Name, now, MostTaken, until, limit.Token);
            if (taken.Count == 0) return sent;
            var (some, isAway) = await SendAsync(channel, session, taken, ct);
            sent += some;
            if (isAway) return sent;
        }
    }

    // What is left when the other side is away, the lease ends, the node stops or a row cannot be marked is given back.
    private async Task<(int Sent, bool IsAway)> SendAsync(
        INoticeChannel channel, INoticeSession session, IReadOnlyList<DueNotice> taken, CancellationToken ct)
    {
        var (sent, tried, isAway) = (0, 0, false);
        try
        {
            while (tried < taken.Count && !isAway && !ct.IsCancellationRequested
                && clock.GetUtcNow() + _options.TryWithin <= taken[tried].LeasedUntil)
            {
                var notice = taken[tried++];
                var outcome = await TryAsync(channel, session, notice, ct);
                isAway = outcome.Kind == OutcomeKind.Away;
                if (await EndAsync(channel, notice, outcome) && outcome.Kind == OutcomeKind.Sent) sent++;
            }
        }
        finally
        {
            await GiveBackAsync(channel, [.. taken.Skip(tried)], isAway && !ct.IsCancellationRequested);
        }

        return (sent, isAway);
    }

    // What was not tried has not used up a try. Where the other side is away, the rest waits as well
    // instead of failing one by one.
    private async Task GiveBackAsync(INoticeChannel channel, IReadOnlyList<DueNotice> rest, bool isAway)
    {
        if (rest.Count == 0) return;
        var wait = isAway ? DeliveryTimes.WaitAfter(1, rest[0].Notice, _options) : TimeSpan.Zero;
        using var limit = new CancellationTokenSource(SaveWithin);
        await DeliveryStore.ReturnAsync(db, channel.Name, rest, clock.GetUtcNow() + wait, limit.Token);
    }

    private async Task<Outcome> TryAsync(
        INoticeChannel channel, INoticeSession session, DueNotice notice, CancellationToken ct)
    {
        // Each of its tries was counted and none was ended. It must not be tried again, since it may
        // be what ends its senders.
        if (notice.Tries > _options.Tries) return Outcome.Never("its sender ended each time");
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        if (channel.WithoutSending(notice, today) is { } known) return known;
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

    private async Task<bool> EndAsync(INoticeChannel channel, DueNotice notice, Outcome outcome)
    {
        var now = clock.GetUtcNow();
        var end = DeliveryTimes.EndOf(outcome, notice, now, _options);
        using var limit = new CancellationTokenSource(SaveWithin);
        var isOurs = await DeliveryStore.EndAsync(db, channel.Name, notice, end, limit.Token);
        if (end.State == DeliveryStates.Failed)
            Log.Failed(log, notice.Notice, channel.Name, notice.Tries, outcome.Reason);
        else if (end.State == DeliveryStates.Waiting)
            Log.Later(log, notice.Notice, channel.Name, notice.Tries, outcome.Reason);
        return isOurs;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error,
            Message = "Notice {Notice} failed by {Channel} after {Tries} tries: {Reason}")]
        public static partial void Failed(ILogger log, NoticeId notice, string channel, int tries, string reason);

        [LoggerMessage(Level = LogLevel.Warning,
            Message = "Notice {Notice} is not sent by {Channel} yet, after {Tries} tries: {Reason}")]
        public static partial void Later(ILogger log, NoticeId notice, string channel, int tries, string reason);

        [LoggerMessage(Level = LogLevel.Warning,
            Message = "Notices that are due by {Channel} cannot be read or marked: {Reason}")]
        public static partial void NotSaved(ILogger log, string channel, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "Notices are sent by {Channel} from now on")]
        public static partial void SwitchedOn(ILogger log, string channel);

        [LoggerMessage(Level = LogLevel.Warning,
            Message = "Notices are no longer sent by {Channel}: its setting Off is true; what waits goes on waiting")]
        public static partial void SwitchedOff(ILogger log, string channel);
    }
}
