using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guerdon.Tuning;

/// <summary>
/// Looks at every open job in its turn. Nodes take jobs from one list, each job one node at a time; a node that dies
/// over a job leaves it to the others when its turn comes again.
/// </summary>
internal sealed partial class TuningWatch(
    TuningStore store, TuningChecks checks, TuningEscrow books, TuningUpstream upstream,
    TimeProvider clock, ILogger<TuningWatch> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(upstream.Options.PollEvery, clock);
        do
        {
            try
            {
                while (await OneAsync(stoppingToken))
                {
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Log.Away(log, e.Message); // the database, mostly
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<bool> OneAsync(CancellationToken ct)
    {
        // Nobody else takes it while it is asked for; then it waits for its next turn in any case.
        var now = books.Now();
        var until = now + upstream.Options.AnswerWithin * 2;
        if (await store.ClaimAsync(now, until, ct) is not { } job) return false;
        try
        {
            await checks.CheckAsync(job, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.Failed(log, job.Id, e.Message); // one job must not keep the others from being settled
        }

        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Tuning jobs are looked at later: {Reason}")]
        public static partial void Away(ILogger log, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Job} is looked at again later: {Reason}")]
        public static partial void Failed(ILogger log, TuningId job, string reason);
    }
}
