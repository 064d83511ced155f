using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Payroll.Conversions;

/// <summary>Gives back what was locked for longer than its terms say, and pays out what was approved where the program
/// was stopped in between; at start and every five minutes.</summary>
public sealed partial class FinishConversions(
    NpgsqlDataSource db, ConversionDecisions decisions, TimeProvider clock, ILogger<FinishConversions> log)
    : Job(new(TimeSpan.FromMinutes(5)) { OneNode = "compensation.conversions" }, db, clock, log)
{
    private readonly ILogger _log = log;

    /// <returns>How many conversions it finished.</returns>
    protected override async Task<int> WorkAsync(CancellationToken ct)
    {
        var finished = 0;
        foreach (var c in await ConversionStore.ListAsync(Database, null, ConversionState.Approved, ct))
            finished += Count(await decisions.SettleAsync(c, ct), c.Id);
        foreach (var c in await ConversionStore.OverdueAsync(Database, Clock.GetUtcNow(), ct))
            finished += Count(await decisions.LapseAsync(c, ct), c.Id);
        return finished;
    }

    private int Count(Result<ConversionDecisions.Outcome> result, ConversionId id)
    {
        if (result.Is(out var outcome, out var no)) return outcome.Done ? 1 : 0;
        Log.Refused(_log, id, no.Refusal.Code);
        return 0;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Conversion {Conversion} was not finished: {Code}")]
        public static partial void Refused(ILogger log, ConversionId conversion, string code);
    }
}
