using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Storage;

/// <summary>
/// Keeps what this node has in memory up to date with the database: read again when another node changes it, and now
/// and then in any case, so that a lost notification delays a change by no more than that.
/// </summary>
/// <param name="channel">Where changes are notified.</param>
/// <param name="every">How often it is read in any case.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">Where a failed reading is logged.</param>
public abstract partial class WatchedValue(string channel, TimeSpan every, TimeProvider clock, ILogger log)
    : BackgroundService
{
    private static readonly Backoff AgainAfter = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
    private readonly SemaphoreSlim _told = new(0, 1);

    /// <summary>Other nodes' changes, and all that was missed while nothing was heard.</summary>
    public Subscription Changes => new(channel, Begun: Tell, Heard: _ => Tell(), Deaf: static () => { });

    /// <summary>Reads all of it again. Repeating it is safe.</summary>
    protected abstract Task ReadAsync(CancellationToken ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            await _told.WaitAsync(every, stoppingToken);
            try
            {
                await ReadAsync(stoppingToken);
                failures = 0;
            }
            catch (NpgsqlException e)
            {
                Log.NotRead(log, channel, e.Message);
                await AgainAfter.WaitAsync(++failures, clock, stoppingToken);
                Tell();
            }
        }
    }

    public override void Dispose()
    {
        _told.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Tell()
    {
        lock (_told)
        {
            if (_told.CurrentCount == 0) _told.Release(); // one reading serves all that were notified before it
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Channel} could not be read; trying again: {Reason}")]
        public static partial void NotRead(ILogger log, string channel, string reason);
    }
}
