using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.People.Departures;

/// <summary>Lets departures fall whose grace is over, and closes those that HR's date has overtaken.</summary>
internal sealed class FallenDepartures(
    NpgsqlDataSource db, DepartureStore departures, TimeProvider clock, ILogger<FallenDepartures> log)
    : Job(JobTiming.Hourly("people.FallenDepartures"), db, clock, log)
{
    protected override Task<int> WorkAsync(CancellationToken ct) => departures.FallAsync(ct);
}
