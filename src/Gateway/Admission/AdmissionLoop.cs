using Guerdon.Metering.Requests;
using Guerdon.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Guerdon.Gateway.Admission;

/// <summary>Keeps this node alive in the others' eyes, books what it was charged with, returns idle escrow, and
/// finishes for dead nodes.</summary>
internal sealed partial class AdmissionLoop(
    NodeLease node, CallAdmission admission, Reclaim reclaim, RequestJournal journal,
    IOptions<AdmissionOptions> options, TimeProvider clock, ILogger<AdmissionLoop> log) : BackgroundService
{
    private static readonly TimeSpan ReturnWithin = TimeSpan.FromSeconds(20); // it may be the database that is away
    private static readonly TimeSpan SettleLookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(20);

    // Every loop lags: only what began before and is written by now may be forgotten.
    private DateTime _oldestUnwritten = DateTime.UnixEpoch;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await node.RegisterAsync(admission.OldestOpen(), cancellationToken); // before the first call comes
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        RepeatAsync(options.Value.Heartbeat, BeatAsync, stoppingToken),
        RepeatAsync(options.Value.Heartbeat, FollowOldestAsync, stoppingToken),
        RepeatAsync(options.Value.Heartbeat, ReclaimAsync, stoppingToken),
        RepeatAsync(SettleLookEvery, admission.SettleDueAsync, stoppingToken),
        RepeatAsync(options.Value.ReturnAfter / 4, _ => admission.ReturnIdleAsync(all: false), stoppingToken));

    private async Task BeatAsync(CancellationToken ct)
    {
        if (await node.RenewAsync(_oldestUnwritten, ct)) return;
        Log.Fenced(log);
        admission.Fence();
        await node.RegisterAsync(admission.OldestOpen(), ct);
    }

    private async Task FollowOldestAsync(CancellationToken ct)
    {
        var oldest = admission.OldestOpen();
        await journal.DrainAsync().WaitAsync(ct); // what was closed before is written now
        _oldestUnwritten = oldest;
    }

    // A node that has just come back, with its database, must first let others come back too.
    private async Task ReclaimAsync(CancellationToken ct)
    {
        if (node.IsAlive && node.Unbroken >= options.Value.Lease / 2) await reclaim.RunAsync(node.Holder, ct);
    }

    private Task RepeatAsync(TimeSpan every, Func<CancellationToken, Task> work, CancellationToken ct) =>
        Periodic.RunAsync(every, atStart: false, async token =>
        {
            try
            {
                await work(token);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Log.Failed(log, e.Message); // whatever it was, a node that stops beating would lose its escrow
            }
        }, clock, ct);

    /// <summary>
    /// Books what is settled, returns all escrow and gives the lease up. The gateway's stop has let the calls
    /// end; until it is through, the node goes on to show that it lives.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ReturnWithin);
        try
        {
            while (!await IsAllReturnedAsync().WaitAsync(limit.Token))
                await Task.Delay(LookAgainAfter, clock, limit.Token);
            await base.StopAsync(limit.Token);
            await node.RetireAsync(limit.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            await base.StopAsync(CancellationToken.None);
            Log.NotReturned(log, e.Message); // another node, or this one's next run, will find it
        }
    }

    // A call that was just ended may be drawing what it cost beyond its hold, and a draw that nobody waits for any more
    // may still bring something: so everything is returned only when a further look finds nothing.
    private async Task<bool> IsAllReturnedAsync()
    {
        var isQuiet = admission.IsQuiet;
        await journal.DrainAsync();
        await admission.ReturnIdleAsync(all: true);
        return isQuiet;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error,
            Message = "Another node took this one for dead; beginning again under a new name.")]
        public static partial void Fenced(ILogger log);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Will try again: {Reason}")]
        public static partial void Failed(ILogger log, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Stopped with escrow out; it will be reclaimed: {Reason}")]
        public static partial void NotReturned(ILogger log, string reason);
    }
}
