using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.People.Spans;

/// <summary>
/// Brings <c>people.v_person</c>, what is true of people today, to the day, where a change that was known before has
/// its first day: at start and every ten minutes. Whatever asks as of a day does not depend on it.
/// </summary>
internal sealed class SpansOfToday(NpgsqlDataSource db, TimeProvider clock, ILogger<SpansOfToday> log)
    : Job(new JobTiming(TimeSpan.FromMinutes(10)) { OneNode = "people.SpansOfToday" }, db, clock, log)
{
    /// <returns>Of how many people something else is true than before.</returns>
    protected override async Task<int> WorkAsync(CancellationToken ct)
    {
        await using var connection = await Database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await Db.WithoutTimeLimitAsync(connection, ct); // over all people
        await Locks.InTransactionAsync(connection, PeopleWrites.Lock, ct);
        var changed = await SpanStore.BringToTodayAsync(connection, Clock.Today(), people: null, ct);
        if (changed > 0) await Notify.InTransactionAsync(connection, PeopleWrites.Changed, ct);
        await transaction.CommitAsync(ct);
        return changed;
    }
}
