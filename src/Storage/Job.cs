using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Storage;

/// <summary>When a job is done, and where.</summary>
/// <param name="Every">From the beginning of one pass to the next; one that takes longer is followed at once.</param>
public sealed record JobTiming(TimeSpan Every)
{
    /// <summary>The lock under which one node at a time does it; null: every node does.</summary>
    public string? OneNode { get; init; }

    /// <summary>The first pass is when the program starts, not after the first wait.</summary>
    public bool AtStart { get; init; } = true;

    /// <summary>Every hour and at start, on one node at a time.</summary>
    /// <param name="oneNode">The lock's name.</param>
    public static JobTiming Hourly(string oneNode) => new(TimeSpan.FromHours(1)) { OneNode = oneNode };
}

/// <summary>
/// Work that is repeated for as long as the program runs, and is safe to repeat. A pass that fails is logged, and the
/// next one makes up for it; what is not an outage stops the program, as any bug in the background does.
/// </summary>
public abstract partial class Job(JobTiming timing, NpgsqlDataSource db, TimeProvider clock, ILogger log)
    : BackgroundService
{
    public JobTiming Timing => timing;
    protected NpgsqlDataSource Database => db;
    protected TimeProvider Clock => clock;

    /// <summary>One pass, unless another node is at it. Safe to repeat.</summary>
    /// <returns>How many things were done.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        using var acting = Acting.As(new ScheduleAct(GetType().Name, clock));
        return timing.OneNode is { } name
            ? await Locks.OnOneNodeAsync(db, name, (_, token) => WorkAsync(token), ct)
            : await WorkAsync(ct);
    }

    /// <returns>How many things were done; 0 is not worth a line in the log.</returns>
    protected abstract Task<int> WorkAsync(CancellationToken ct);

    /// <summary>Whether a failure passes, so that the next pass may succeed.</summary>
    protected virtual bool Passes(Exception failure) => failure is NpgsqlException;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Periodic.RunAsync(timing.Every, timing.AtStart, PassAsync, clock, stoppingToken);

    private async Task PassAsync(CancellationToken ct)
    {
        try
        {
            var done = await RunAsync(ct);
            if (done > 0) JobLog.Done(log, GetType().Name, done);
        }
        catch (Exception e) when (e is not OperationCanceledException && Passes(e))
        {
            JobLog.Failed(log, GetType().Name, timing.Every, e);
        }
    }

    private static partial class JobLog
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Job} did {Count}")]
        public static partial void Done(ILogger log, string job, int count);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Job} failed; trying again in {Every}")]
        public static partial void Failed(ILogger log, string job, TimeSpan every, Exception exception);
    }
}

/// <summary>The only timer of the background, for work that no <see cref="Job"/> is made of.</summary>
public static class Periodic
{
    /// <summary>Repeats work until it is stopped.</summary>
    /// <param name="every">From the beginning of one pass to that of the next.</param>
    /// <param name="atStart">Whether the first pass is at once.</param>
    /// <param name="work">Catches what may fail: an exception ends the repetition.</param>
    /// <param name="clock">Whose time it is.</param>
    /// <param name="ct">Stops it, with an <see cref="OperationCanceledException"/>.</param>
    public static async Task RunAsync(
        TimeSpan every, bool atStart, Func<CancellationToken, Task> work, TimeProvider clock, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(every, clock);
        if (atStart) await work(ct);
        while (await timer.WaitForNextTickAsync(ct)) await work(ct);
    }
}
