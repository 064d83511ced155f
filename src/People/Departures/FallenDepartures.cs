using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.People.Departures;

/// <summary>Lets departures fall whose grace is over, and closes those that HR's date has overtaken. One that cannot
/// fall keeps no other from it.</summary>
internal sealed partial class FallenDepartures(
    NpgsqlDataSource db, DepartureStore departures, TimeProvider clock, ILogger<FallenDepartures> log)
    : Job(JobTiming.Hourly("people.FallenDepartures"), db, clock, log)
{
    private readonly ILogger _log = log;

    protected override async Task<int> WorkAsync(CancellationToken ct)
    {
        var done = await departures.CloseAsync(ct);
        foreach (var one in await departures.DueAsync(ct))
            try
            {
                if (await departures.FallAsync(one.Id, ct)) done++;
            }
            catch (PostgresException e)
            {
                Log.NotFallen(_log, one.Id, e.MessageText); // the next hour looks again
            }

        return done;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Departure} did not fall: {Reason}")]
        public static partial void NotFallen(ILogger log, DepartureId departure, string reason);
    }
}
