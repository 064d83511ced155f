using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Tuning;

/// <summary>
/// Looks at every open job in its turn. Nodes take jobs from one list, each job one node at a time; a node that dies
/// over a job leaves it to the others when its turn comes again.
/// </summary>
internal sealed partial class TuningWatch(
    TuningStore store, TuningChecks checks, TuningEscrow books, TuningUpstream upstream, NpgsqlDataSource db,
    TimeProvider clock, ILogger<TuningWatch> log) : Job(new(upstream.Options.PollEvery), db, clock, log)
{
    private readonly ILogger _log = log;

    /// <returns>0: what happens to a job is said of that job.</returns>
    protected override async Task<int> WorkAsync(CancellationToken ct)
    {
        while (await OneAsync(ct))
        {
        }

        return 0;
    }

    protected override bool Passes(Exception failure) => true;

    private async Task<bool> OneAsync(CancellationToken ct)
    {
        // Its next turn is put off first, so that nobody else takes it while it is asked for.
        var now = books.Now();
        var until = now + upstream.Options.AnswerWithin * 2;
        if (await store.ClaimAsync(now, until, ct) is not { } job) return false;
        try
        {
            await checks.CheckAsync(job, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.Failed(_log, job.Id, e.Message); // one job must not keep the others from being settled
        }

        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Job} is looked at again later: {Reason}")]
        public static partial void Failed(ILogger log, TuningId job, string reason);
    }
}
