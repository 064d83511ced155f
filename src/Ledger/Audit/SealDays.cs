using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.Ledger.Audit;

/// <summary>Seals days as they end. Any number of nodes may run it: an advisory lock lets one through.</summary>
internal sealed partial class SealDays(
    NpgsqlDataSource db, IOptions<LedgerOptions> options, TimeProvider clock, ILogger<SealDays> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                var days = await Seals.SealAsync(db, clock, options.Value.SealAfter, stoppingToken);
                if (days > 0) Log.Sealed(log, days);
            }
            catch (NpgsqlException e)
            {
                Log.Failed(log, e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Sealed {Days} days of the ledger.")]
        public static partial void Sealed(ILogger log, int days);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Could not seal; trying again in five minutes: {Reason}")]
        public static partial void Failed(ILogger log, string reason);
    }
}
