using System.Security.Cryptography;
using System.Text;
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
         where departure_id = any ($1)
        """;

    private const string HeldSql =
        "select departure_id from people.v_departure where is_held and outcome is null order by departure_id";

    // Never before the first day, which somebody may have who is deactivated before it.
    private const string LastDaySql = """
        update people.person set left_on = greatest($2::date, hired_on) where person_id = $1 and left_on is null
        """;

    // The day that a departure set, and no other.
    private const string NoLastDaySql = """
        update people.person set left_on = null where person_id = $1 and left_on = greatest($2::date, hired_on)
        """;

    private const string IsNewestSql = """
        select not exists (
            select from people.departure where person_id = $1 and (outcome is null or asked_at > $2))
        """;

    private const string EndSql = """
        insert into people.access_end (person_id, ended_at, ended_by)
        select d.person_id, $2, d.asked_by from people.departure d where d.departure_id = any ($1)
        on conflict do nothing
        """;

    private const string ConfirmSql = """
        update people.departure set confirmed_at = $2, falls_at = $3 where departure_id = any ($1)
        """;

    // Whom HR lets go is held no longer.
    private const string ByHrSql = """
        with closed as (
            update people.departure d
               set outcome = 'hr', decided_by = $1, decided_at = $2,
                   decided_reason = 'The list of people has a last day.'
              from people.person p
             where p.person_id = d.person_id and d.outcome is null and p.left_on is not null
            returning d.person_id, d.asked_by, d.was_held and d.confirmed_at is null as is_held),
        ended as (
            insert into people.access_end (person_id, ended_at, ended_by)
            select person_id, $2, asked_by from closed where is_held
            on conflict do nothing)
        select count(*) from closed
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

    /// <summary>How many are held, whose access nobody ended or left to them, and the digest by which whoever decides
    /// them names them.</summary>
    public async Task<(int People, string Digest)> HeldAsync(CancellationToken ct)
    {
        var held = await db.ReadAsync(HeldSql, row => row.Id<DepartureId>("departure_id"), [], ct);
        return (held.Count, DigestOf(held));
    }

    private static string DigestOf(IEnumerable<DepartureId> held) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', held))));

    /// <summary>Approves or declines a departure, once, also one that is held: then access ends now, or stays.
    /// </summary>
    /// <param name="id">Which.</param>
    /// <param name="why">Why it is declined; null: it is approved, and the person's last day is set.</param>
    /// <param name="by">Who decides.</param>
    /// <param name="whyNot">Why they may not; null: they may.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>As it stands; null: there is none.</returns>
    public Task<Result<Departure>?> DecideAsync(
        DepartureId id, string? why, Actor by, Func<Departure, Task<Refused?>> whyNot, CancellationToken ct) =>
        NoteOnceAsync(id, why is null ? "approved" : "declined", why, by, whyNot, async (connection, was) =>
        {
            if (was.Outcome is not null)
                return PeopleRefusals.DepartureDecided.With(
                    $"{id} was {was.Outcome} by {was.Decider?.Name} on {Wording.Utc(was.DecidedAt)}.");
            if (why is null) await LeaveAsync(connection, was, ct);
            return null;
        }, ct);

    /// <summary>Gives somebody their access again after a departure was decided or fell: access that was ended, and
    /// the last day that the departure set. What was forfeited since stays so.</summary>
    /// <param name="id">Which.</param>
    /// <param name="why">Why, for the record.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="whyNot">Why they may not; null: they may.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>As it stands; null: there is none.</returns>
    public Task<Result<Departure>?> ReturnAsync(
        DepartureId id, string why, Actor by, Func<Departure, Task<Refused?>> whyNot, CancellationToken ct) =>
        NoteOnceAsync(id, "returned", why, by, whyNot, async (connection, was) =>
        {
            if (was.Outcome is null) return PeopleRefusals.DepartureOpen.With($"{id} waits.");
            if (!await connection.ScalarAsync<bool>(IsNewestSql, [was.Person.Value, was.AskedAt], ct))
                return PeopleRefusals.DepartureOpen.With($"There is a newer one of {was.Email}.");

            if (was.Outcome is "approved" or "grace")
            {
                await connection.ExecuteAsync(NoLastDaySql, [was.Person.Value, was.LastDay], ct);
                await Notify.InTransactionAsync(connection, PeopleDirectory.Changed, ct);
            }

            await connection.ExecuteAsync(Leaving.ResumeSql, [was.Person.Value], ct);
            return null;
        }, ct);

    // An outcome, and what it changes, in one commit; whoever says the same again gets what there is.
    private async Task<Result<Departure>?> NoteOnceAsync(
        DepartureId id, string outcome, string? why, Actor by, Func<Departure, Task<Refused?>> whyNot,
        Func<NpgsqlConnection, Departure, Task<Refused?>> change, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await LockAsync(connection, ct);
        if (await connection.FirstAsync(ById, Departure.Of, [id.Value], ct) is not { } was) return null;
        if (await whyNot(was) is { } refused) return refused;
        if (was.Outcome == outcome && was.Decider is { } decider && by.Is(decider)) return was;
        if (await change(connection, was) is { } no) return no;

        await NoteAsync(connection, [id.Value], outcome, by, why?.Trim(), ct);
        var now = await connection.FirstAsync(ById, Departure.Of, [id.Value], ct);
        await transaction.CommitAsync(ct);
        return now!;
    }

    /// <summary>All that are held, but for whoever decides: access ends now, or they are declined.</summary>
    /// <param name="digest">Of those that were looked at: with another nothing changes.</param>
    /// <param name="why">Why they are declined; null: access ends, and what is lost by it is proposed.</param>
    /// <param name="by">Who decides.</param>
    /// <param name="whyNot">Why they may not; null: they may.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>How many it concerned.</returns>
    public async Task<Result<int>> DecideHeldAsync(
        string? digest, string? why, Actor by, Func<IReadOnlyList<Departure>, Task<Refused?>> whyNot,
        CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await Leaving.LockAsync(connection, ct);
        var held = await connection.ReadAsync(
            Read + " where d.is_held and d.outcome is null order by d.departure_id", Departure.Of, [], ct);
        var current = DigestOf(held.Select(one => one.Id));
        if (!string.Equals(digest?.Trim(), current, StringComparison.OrdinalIgnoreCase))
            return PeopleRefusals.DeparturesDiffer.With(
                $"{Wording.Count(held.Count, "person is", "people are")} held, with the digest {current}.");
        held.RemoveAll(one => by.Is(one.Person.Value)); // another decides that one
        if (await whyNot(held) is { } refused) return refused;
        var now = clock.NowMicros();
        Guid[] ids = [.. held.Select(one => one.Id.Value)];
        if (why is null)
        {
            await connection.ExecuteAsync(EndSql, [ids, now], ct);
            await connection.ExecuteAsync(ConfirmSql, [ids, now, now + options.Value.Grace], ct);
        }
        else await NoteAsync(connection, ids, "declined", by, why.Trim(), ct);

        await transaction.CommitAsync(ct);
        return held.Count;
    }

    /// <summary>Closes those whose last day HR has said.</summary>
    /// <returns>How many.</returns>
    internal async Task<int> CloseAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await LockAsync(connection, ct);
        var closed = await connection.ScalarAsync<long>(ByHrSql, [Actor.Guerdon.Name, clock.NowMicros()], ct);
        await transaction.CommitAsync(ct);
        return (int)closed;
    }

    /// <summary>Those whose grace is over.</summary>
    internal Task<List<Departure>> DueAsync(CancellationToken ct) =>
        db.ReadAsync(DueSql, Departure.Of, [clock.NowMicros()], ct);

    /// <summary>Lets one fall, if it still is to.</summary>
    internal async Task<bool> FallAsync(DepartureId id, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginAsync(ct);
        await LockAsync(connection, ct);
        if (await connection.FirstAsync(ById, Departure.Of, [id.Value], ct) is not { Outcome: null } one
            || !(one.FallsAt <= clock.NowMicros()))
            return false;
        await LeaveAsync(connection, one, ct);
        await NoteAsync(connection, [id.Value], "grace", Actor.Guerdon, "Its grace was over.", ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    // People first: an import, which may take long, must not keep the directory waiting.
    private static async Task LockAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await Locks.InTransactionAsync(connection, PeopleWrites.Lock, ct);
        await Leaving.LockAsync(connection, ct);
    }

    private async Task LeaveAsync(NpgsqlConnection connection, Departure departure, CancellationToken ct)
    {
        await connection.ExecuteAsync(EndSql, [new[] { departure.Id.Value }, clock.NowMicros()], ct);
        await connection.ExecuteAsync(LastDaySql, [departure.Person.Value, departure.LastDay], ct);
        await Notify.InTransactionAsync(connection, PeopleDirectory.Changed, ct);
    }

    private async Task NoteAsync(
        NpgsqlConnection connection, Guid[] ids, string outcome, Actor by, string? why, CancellationToken ct) =>
        await connection.ExecuteAsync(
            DecideSql, [ids, outcome, by.Name, by.Account, by.Person, clock.NowMicros(), why], ct);
}
