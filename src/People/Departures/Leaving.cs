using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Guerdon.People.Departures;

/// <summary>
/// Ends somebody's access at once, and gives it back, in the caller's transaction. Nothing is lost by it: what they
/// would lose is proposed (<see cref="Departure"/>), unless HR has said when they leave.
/// </summary>
/// <param name="clock">When it is.</param>
/// <param name="options">How long a proposal waits.</param>
public sealed class Leaving(TimeProvider clock, IOptions<LeavingOptions> options)
{
    /// <summary>Of a hundred people on file so many may lose access within an hour; what is beyond is held.</summary>
    public const int PercentAnHour = 5;

    /// <summary>So many may in any case, so that a small company can let people go.</summary>
    public const int AlwaysAnHour = 3;

    /// <summary>The lock of whoever ends access or decides a departure, so that the bound is counted.</summary>
    private const string Lock = "people.leaving";

    private const string StandingSql = """
        select p.hired_on, p.left_on,
               exists (select from people.access_end e where e.person_id = p.person_id)
                   or exists (select from people.departure d
                               where d.person_id = p.person_id and d.outcome is null
                                 and d.was_held and d.confirmed_at is null) as is_done
          from people.person p
         where p.person_id = $1
        """;

    // While something is held the rest waits too: a fault at the directory must not get on by an hour's share. Whom HR
    // lets go, and whom somebody let go, are no fault.
    private const string IsFullSql = """
        with unsaid as (
            select d.asked_at, d.was_held,
                   d.was_held and d.confirmed_at is null and d.outcome is null as is_held
              from people.departure d
              join people.person p on p.person_id = d.person_id
             where d.outcome is null and p.left_on is null or d.outcome in ('declined', 'grace') and d.asked_at > $1)
        select exists (select from unsaid where is_held)
            or (select count(*) from unsaid where asked_at > $1 and not was_held)
               >= greatest($2::bigint, (
                    select count(*) from people.person
                     where not is_bot and (left_on is null or left_on >= $3)) * $4::bigint / 100)
        """;

    private const string EndSql = """
        insert into people.access_end (person_id, ended_at, ended_by) values ($1, $2, $3) on conflict do nothing
        """;

    private const string ProposeSql = """
        insert into people.departure (
            departure_id, person_id, last_day, reason, asked_by, asked_by_account, asked_by_person, asked_at, was_held,
            falls_at)
        values ($1, $2, greatest($3::date, $4::date), $5, $6, $7::uuid, $8::uuid, $9, $10, $11::timestamptz)
        on conflict (person_id) where outcome is null do nothing
        """;

    internal const string ResumeSql = "delete from people.access_end where person_id = $1";

    private const string WithdrawSql = """
        update people.departure
           set outcome = 'withdrawn', decided_by = $2, decided_by_account = $3::uuid, decided_by_person = $4::uuid,
               decided_at = $5, decided_reason = $6
         where person_id = $1 and outcome is null
        """;

    /// <summary>Until the caller's transaction ends nobody else ends access or gives it back. Before whatever the
    /// caller decides that by is read.</summary>
    public static Task LockAsync(NpgsqlConnection connection, CancellationToken ct) =>
        Locks.InTransactionAsync(connection, Lock, ct);

    /// <summary>Ends access, or holds that where too many lose it at once. Where it has ended, or is held, nothing
    /// changes.</summary>
    /// <param name="connection">With the caller's transaction.</param>
    /// <param name="person">Whose.</param>
    /// <param name="reason">For the record, 1 to 1,000 characters.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="ct">Stops it.</param>
    public async Task EndAsync(
        NpgsqlConnection connection, PersonId person, string reason, Actor by, CancellationToken ct)
    {
        await Locks.InTransactionAsync(connection, Lock, ct);
        var found = await connection.ReadAsync(
            StandingSql,
            row => (HiredOn: row.Date("hired_on"), LeftOn: row.DateOrNull("left_on"), IsDone: row.Bool("is_done")),
            [person.Value], ct);
        if (found is not [{ IsDone: false } standing]) return;

        var now = clock.NowMicros();
        var isKnown = standing.LeftOn is not null; // HR said so: no fault of the directory's
        object?[] bound = [now.AddHours(-1), (long)AlwaysAnHour, clock.Today(), (long)PercentAnHour];
        var isHeld = !isKnown && await connection.ScalarAsync<bool>(IsFullSql, bound, ct);
        if (!isHeld) await connection.ExecuteAsync(EndSql, [person.Value, now, by.Name], ct);
        if (isKnown) return;

        DateTimeOffset? fallsAt = isHeld ? null : now + options.Value.Grace;
        await connection.ExecuteAsync(
            ProposeSql,
            [
                Id.New<DepartureId>(clock).Value, person.Value, clock.Today(), standing.HiredOn, reason, by.Name,
                by.Account, by.Person, now, isHeld, fallsAt,
            ], ct);
    }

    /// <summary>Gives access back, as far as HR's last day goes, and withdraws what was proposed. Repeating it changes
    /// nothing.</summary>
    public async Task ResumeAsync(
        NpgsqlConnection connection, PersonId person, string reason, Actor by, CancellationToken ct)
    {
        await Locks.InTransactionAsync(connection, Lock, ct);
        await connection.ExecuteAsync(ResumeSql, [person.Value], ct);
        await connection.ExecuteAsync(
            WithdrawSql, [person.Value, by.Name, by.Account, by.Person, clock.NowMicros(), reason], ct);
    }
}
