using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.Identity.Audit;

/// <summary>Writes each minute, and when the program stops, what was counted on this node.</summary>
internal sealed class FlushActs(NpgsqlDataSource db, ActLog acts, TimeProvider clock, ILogger<FlushActs> log)
    : Job(new(TimeSpan.FromMinutes(1)), db, clock, log)
{
    /// <returns>0, since this is done each minute.</returns>
    protected override async Task<int> WorkAsync(CancellationToken ct)
    {
        await acts.FlushAsync(ct);
        return 0;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await acts.FlushAsync(cancellationToken);
        }
        catch (NpgsqlException e)
        {
            ActJobs.NotFlushed(log, acts.Count, e.Message);
        }
    }
}

internal static partial class ActJobs
{
    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Count} counts of acts are lost, since the database is away: {Reason}")]
    public static partial void NotFlushed(ILogger log, int count, string reason);
}
