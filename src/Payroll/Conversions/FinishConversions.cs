using Guerdon.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Payroll.Conversions;

/// <summary>Gives back what was locked for longer than its terms say, and pays out what was approved where the program
/// was stopped in between; at start and every five minutes.</summary>
public sealed partial class FinishConversions(
    NpgsqlDataSource db, ConversionDecisions decisions, TimeProvider clock, ILogger<FinishConversions> log)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (NpgsqlException e)
            {
                Log.Failed(log, e); // the next round tries again
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>One pass. Safe to repeat.</summary>
    /// <returns>How many conversions it finished.</returns>
    public Task<int> RunAsync(CancellationToken ct) =>
        OneNode.RunAsync(db, "compensation.conversions", async (_, token) =>
        {
            var finished = 0;
            foreach (var c in await ConversionStore.ListAsync(db, null, ConversionState.Approved, token))
                finished += Count(await decisions.SettleAsync(c, token), c.Id);
            foreach (var c in await ConversionStore.OverdueAsync(db, clock.GetUtcNow(), token))
                finished += Count(await decisions.LapseAsync(c, token), c.Id);
            return finished;
        }, ct);

    private int Count(ConversionDecisions.Outcome outcome, ConversionId id)
    {
        if (outcome.No is { } no) Log.Refused(log, id, no.Refusal.Code);
        return outcome.Done ? 1 : 0;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Conversion {Conversion} was not finished: {Code}")]
        public static partial void Refused(ILogger log, ConversionId conversion, string code);

        [LoggerMessage(Level = LogLevel.Error, Message = "Finishing conversions failed")]
        public static partial void Failed(ILogger log, Exception exception);
    }
}
