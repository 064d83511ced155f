using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Stipend.Kernel;

namespace Stipend.Pricing;

/// <summary>
/// Keeps this node's book as the database has it: read again when another node changes it, and once a minute in any
/// case, so that a lost notification delays a price by no more than that.
/// </summary>
internal sealed partial class BookWatch(PriceBook book, TimeProvider clock, ILogger<BookWatch> log) : BackgroundService
{
    public const string Channel = "pricing_book";
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _changed = new(0, 1);

    /// <summary>Other nodes' changes, and all that was missed while nothing was heard.</summary>
    public Subscription Changes => new(Channel, Begun: Signal, _ => Signal(), Deaf: static () => { });

    private void Signal()
    {
        lock (_changed)
        {
            if (_changed.CurrentCount == 0) _changed.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _changed.WaitAsync(ReadAgainAfter, stoppingToken);
                await book.ReloadAsync(stoppingToken);
            }
            catch (NpgsqlException e)
            {
                Log.Unread(log, e.Message);
                await Task.Delay(TryAgainAfter, clock, stoppingToken);
                Signal();
            }
        }
    }

    public override void Dispose()
    {
        _changed.Dispose();
        base.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning,
            Message = "The price book could not be read again; trying again: {Reason}")]
        public static partial void Unread(ILogger log, string reason);
    }
}
