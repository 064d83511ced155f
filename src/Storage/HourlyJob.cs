using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Storage;

/// <summary>Work that is done at start and every hour, on one node at a time, and is safe to repeat.</summary>
public abstract partial class HourlyJob(NpgsqlDataSource db, TimeProvider clock, ILogger log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private string LockName => "compensation." + GetType().Name;

    /// <summary>One pass, unless another node is at it. Safe to repeat.</summary>
    /// <returns>How many things were done.</returns>
    public Task<int> RunAsync(CancellationToken ct) =>
        OneNode.RunAsync(db, LockName, (_, token) => WorkAsync(token), ct);

    protected abstract Task<int> WorkAsync(CancellationToken ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                var done = await RunAsync(stoppingToken);
                if (done > 0) JobLog.Done(log, GetType().Name, done);
            }
            catch (NpgsqlException e)
            {
                JobLog.Failed(log, GetType().Name, e); // the next hour tries again
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class JobLog
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Job} did {Count}")]
        public static partial void Done(ILogger log, string job, int count);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Job} failed")]
        public static partial void Failed(ILogger log, string job, Exception exception);
    }
}
