using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Stipend.Kernel;

namespace Stipend.Gateway;

/// <summary>
/// Keeps this node's policy as the database has it: read before the first call, when another node changes it, and now
/// and then in any case, so that a lost notification delays it by no more than that.
/// </summary>
internal sealed partial class PolicyWatch(PolicyBook book, TimeProvider clock, ILogger<PolicyWatch> log)
    : BackgroundService
{
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim told = new(0);

    /// <summary>Other nodes' changes, and all that was missed while nothing was heard.</summary>
    public Subscription Changes =>
        new(PolicyStore.Channel, Begun: Tell, Heard: _ => Tell(), Deaf: static () => { });

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await book.ReloadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await told.WaitAsync(ReadAgainAfter, stoppingToken);
            try
            {
                await book.ReloadAsync(stoppingToken);
            }
            catch (NpgsqlException e)
            {
                Log.NotRead(log, e.Message);
                await Task.Delay(TryAgainAfter, clock, stoppingToken);
                Tell();
            }
        }
    }

    public override void Dispose()
    {
        told.Dispose();
        base.Dispose();
    }

    private void Tell() => told.Release();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The policy could not be read; trying again: {Reason}")]
        public static partial void NotRead(ILogger log, string reason);
    }
}
