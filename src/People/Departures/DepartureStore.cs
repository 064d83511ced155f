using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.People.Departures;

/// <summary>Departures in the database: read, decided, and fallen by themselves.</summary>
public sealed class DepartureStore(NpgsqlDataSource db, TimeProvider clock, IOptions<LeavingOptions> options)
{
    private const string Read = $"""
        select {Departure.Columns}
          from people.v_departure d
          left join people.v_person p on p.person_id = d.person_id
        """;

    private const string ById = Read + "\n where d.departure_id = $1";

    // What HR has said since needs no decision any more, and is closed within the hour.
    private const string Listed = Read + """

         where (not $1 or d.outcome is null and (p.left_on is null or d.is_held))
           and ($2::uuid is null or d.departure_id < $2)
         order by d.departure_id desc limit $3
        """;

    private const string DecideSql = """
        update people.departure
           set outcome = $2, decided_by = $3, decided_by_account = $4::uuid, decided_by_person = $5::uuid,
               decided_at = $6, decided_reason = $7
         where departure_id = $1
        """;

    private const string HeldSql = "select count(*) from people.v_departure where is_held and outcome is null";

    private const string LastDaySql = """
        update people.person set left_on = $2 where person_id = $1 and left_on is null
        """;

    private const string ConfirmSql = """
        update people.departure set confirmed_at = $2, falls_at = $3 where departure_id = $1
        """;

    private const string ByHrSql = """
        update people.departure d
           set outcome = 'hr', decided_by = $1, decided_at = $2,
               decided_reason = 'The list of people has a last day.'
          from people.person p
         where p.person_id = d.person_id and d.outcome is null and p.left_on is not null
        """;

    private const string DueSql = Read + """

         where d.outcome is null and d.falls_at <= $1 and p.left_on is null order by d.departure_id limit 1000
        """;

    /// <summary>The newest first.</summary>
    /// <param name="waiting">Only those that nobody decided.</param>
    /// <param name="after">Older than this one; null: from the newest on.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="ct">Stops it.</param>
    public Task<List<Departure>> ListAsync(bool waiting, DepartureId? after, int most, CancellationToken ct) =>
        db.ReadAsync(Listed, Departure.Of, [waiting, after?.Value, most], ct);

    public Task<Departure?> FindAsync(DepartureId id, CancellationToken ct) =>
        db.FirstAsync(ById, Departure.Of, [id.Value], ct);

    /// <summary>How many are held, whose access nobody ended or left to them.</summary>
    public Task<long> HeldAsync(CancellationToken ct) => db.ScalarAsync<long>(HeldSql, [], ct);

    /// <summary>Approves or declines a departure, once.</summary>
    /// <param name="id">Which.</param>
    /// <param name="why">Why it is declined; null: it is approved, and the person's last day is set.</param>
    /// <param name="by">Who decides.</param>
    /// <param name="whyNot">Why they may not; null: they may.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>As it stands; null: there is none.</returns>
    public async Task<Result<Departure>?> DecideAsync(
        DepartureId id, string? why, Actor by, Func<Departure, Task<Refused?>> whyNot, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Locks.InTransactionAsync(connection, Leaving.Lock, ct);
        if (await connection.FirstAsync(ById, Departure.Of, [id.Value], ct) is not { } was) return null;
        if (await whyNot(was) is { } refused) return refused;
        var outcome = why is null ? "approved" : "declined";
        if (was.Outcome == outcome && was.Decider is { } decider && by.Is(decider)) return was;
        if (was.Outcome is not null)
            return PeopleRefusals.DepartureDecided.With(
                $"{id} was {was.Outcome} by {was.Decider?.Name} on {Wording.Utc(was.DecidedAt)}.");
        if (was.IsHeld) return PeopleRefusals.DepartureHeld.With($"{was.Name} still has access.");

        if (why is null) await LeaveAsync(connection, was, ct);
        await connection.ExecuteAsync(
            DecideSql, [id.Value, outcome, by.Name, by.Account, by.Person, clock.NowMicros(), why?.Trim()], ct);
        var now = await connection.FirstAsync(ById, Departure.Of, [id.Value], ct);
        await transaction.CommitAsync(ct);
        return now!;
    }

    /// <summary>All that are held: access ends now, or they are declined.</summary>
    /// <param name="people">How many were looked at: with another number nothing changes.</param>
    /// <param name="why">Why they are declined; null: access ends, and what is lost by it is proposed.</param>
    /// <param name="by">Who decides.</param>
    /// <param name="whyNot">Why they may not; null: they may.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>How many it concerned.</returns>
    public async Task<Result<int>> DecideHeldAsync(
        int people, string? why, Actor by, Func<IReadOnlyList<Departure>, Task<Refused?>> whyNot, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Locks.InTransactionAsync(connection, Leaving.Lock, ct);
        var held = await connection.ReadAsync(
            Read + " where d.is_held and d.outcome is null order by d.departure_id", Departure.Of, [], ct);
        if (held.Count != people)
            return PeopleRefusals.DeparturesDiffer.With(
                $"{Wording.Count(held.Count, "person is", "people are")} held, not {people}.");
        if (await whyNot(held) is { } refused) return refused;
        var now = clock.NowMicros();
        foreach (var one in held)
            if (why is null)
            {
                await connection.ExecuteAsync(Leaving.EndSql, [one.Person.Value, now, one.Asker.Name], ct);
                await connection.ExecuteAsync(ConfirmSql, [one.Id.Value, now, now + options.Value.Grace], ct);
            }
            else
            {
                await connection.ExecuteAsync(
                    DecideSql, [one.Id.Value, "declined", by.Name, by.Account, by.Person, now, why.Trim()], ct);
            }

        await transaction.CommitAsync(ct);
        return held.Count;
    }

    /// <summary>Closes those whose last day HR has said, and lets those fall whose grace is over.</summary>
    /// <returns>How many.</returns>
    internal async Task<int> FallAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Locks.InTransactionAsync(connection, Leaving.Lock, ct);
        var now = clock.NowMicros();
        var closed = await connection.ExecuteAsync(ByHrSql, [Actor.Guerdon.Name, now], ct);
        var due = await connection.ReadAsync(DueSql, Departure.Of, [now], ct);
        foreach (var one in due)
        {
            await LeaveAsync(connection, one, ct);
            await connection.ExecuteAsync(
                DecideSql, [one.Id.Value, "grace", Actor.Guerdon.Name, null, null, now, "Its grace was over."], ct);
        }

        await transaction.CommitAsync(ct);
        return closed + due.Count;
    }

    private static async Task LeaveAsync(NpgsqlConnection connection, Departure departure, CancellationToken ct)
    {
        await Locks.InTransactionAsync(connection, PeopleWrites.Lock, ct);
        await connection.ExecuteAsync(LastDaySql, [departure.Person.Value, departure.LastDay], ct);
        await Notify.InTransactionAsync(connection, PeopleDirectory.Changed, ct);
    }
}
