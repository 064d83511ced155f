using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Metering.Requests;

/// <summary>Keeps this month's and the next two months' partitions ready.</summary>
internal sealed partial class MonthPartitions(NpgsqlDataSource db, TimeProvider clock, ILogger<MonthPartitions> log)
    : BackgroundService
{
    private const int MonthsAhead = 2;
    private static readonly TimeSpan Every = TimeSpan.FromHours(6);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before the first request, which would otherwise go to the default partition.
        await EnsureAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await EnsureAsync(stoppingToken);
            }
            catch (NpgsqlException e)
            {
                Log.Failed(log, e.Message);
            }
        }
    }

    private async Task EnsureAsync(CancellationToken ct)
    {
        var month = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        for (var ahead = 0; ahead <= MonthsAhead; ahead++) await EnsureAsync(db, month.AddMonths(ahead), ct);
    }

    /// <summary>Makes the partitions of the month that a day lies in. Repeating it is safe.</summary>
    public static async Task EnsureAsync(NpgsqlDataSource db, DateOnly day, CancellationToken ct)
    {
        await using var command = db.CreateCommand("select metering.ensure_month($1)");
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = day });
        await command.ExecuteNonQueryAsync(ct);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning,
            Message = "Could not make partitions; trying again in six hours: {Reason}")]
        public static partial void Failed(ILogger log, string reason);
    }
}
