using System.Runtime.CompilerServices;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.People.Employees;

/// <summary>Finds people, as they are today or on another day. Always asks the database, so that nobody is paid by a
/// stale row.</summary>
/// <param name="db">The database.</param>
/// <param name="clock">Which day it is; null: the system's.</param>
public sealed class PeopleDirectory(NpgsqlDataSource db, TimeProvider? clock = null)
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    /// <summary>Where nodes hear that people changed, or what they belong to.</summary>
    public const string Changed = PeopleWrites.Changed;

    private const string Teams = "select path from people.team order by path";

    private const string Columns = """
        select person_id, email, name, team, role, level, country, cost_centre, hired_on, left_on, base_pay_cents,
               total_pay_cents, currency, is_bot, legal_entity, manager_id, employment, part_time_bp, leave, time_zone,
               (select m.email from people.v_person m where m.person_id = manager_id) as manager_email
          from people.person_at($1)
        """;

    private const string ById = Columns + " where person_id = $2";
    private const string ByEmail = Columns + " where email = $2";

    private const string EmployedWithin =
        Columns + " where hired_on <= $2 and (left_on is null or left_on >= $1) order by person_id";

    private const string Page = Columns + """
         where person_id in (
            select person_id from people.v_person
             where ($2::text is null or team = $2 or starts_with(team, $2 || '/'))
               and ($3::text is null or email > $3)
               and ($5 or person_id = $6::uuid or ($7 and person_id in (
                    select u.person_id from people.under($6::uuid, $1) u)))
             order by email
             limit $4)
         order by email
        """;

    private const string Later = """
        select s.person_id, greatest(s.starts_on, p.hired_on, $2) as starts_on
          from people.v_person_span s
          join people.v_person p on p.person_id = s.person_id
         where s.person_id = any ($1) and (s.ends_on is null or s.ends_on >= $2)
         order by 2, 1
        """;

    private const string Under = "select people.is_under($1, $2, $3)";

    private const string Above = """
        with recursive above as (
            select s.manager_id from people.person_at($2) s where s.person_id = $1
             union
            select s.manager_id from above a join people.person_at($2) s on s.person_id = a.manager_id)
        select manager_id from above where manager_id <> $1
        """;

    /// <summary>A person by <c>prs_…</c> id or by e-mail in any case, or null.</summary>
    public Task<Person?> FindAsync(string personOrEmail, CancellationToken ct) =>
        AsOfAsync(personOrEmail, _clock.Today(), ct);

    /// <summary>The same as they were, or are to be, on a day. A day before they were hired is answered by their first
    /// one. Name, address, days of employment and whether it is a bot have no date of effect.</summary>
    public async Task<Person?> AsOfAsync(string personOrEmail, DateOnly day, CancellationToken ct)
    {
        if (personOrEmail.Contains('\0', StringComparison.Ordinal)) return null; // PostgreSQL has no such text
        var isId = PersonId.TryParse(personOrEmail.Trim(), out var id);
        return await db.FirstAsync(
            isId ? ById : ByEmail, Read, [day, isId ? id.Value : personOrEmail.Trim().ToLowerInvariant()], ct);
    }

    /// <summary>Whether somebody is another's on a day, directly or through others. Nobody is their own.</summary>
    public Task<bool> IsUnderAsync(PersonId manager, PersonId person, DateOnly day, CancellationToken ct) =>
        db.ScalarAsync<bool>(Under, [manager.Value, person.Value, day], ct);

    /// <summary>To whom somebody reports today, directly or through others.</summary>
    public async Task<IReadOnlyList<PersonId>> AboveTodayAsync(PersonId person, CancellationToken ct) =>
        await db.ReadAsync(Above, row => row.Id<PersonId>("manager_id"), [person.Value, _clock.Today()], ct);

    /// <summary>Whether somebody is another's today.</summary>
    internal Task<bool> IsUnderTodayAsync(PersonId manager, PersonId person, CancellationToken ct) =>
        IsUnderAsync(manager, person, _clock.Today(), ct);

    /// <summary>Everybody employed on at least one day of a span, both ends included, by id, as they were on the first
    /// day of it on which they were employed. Streamed.</summary>
    public async IAsyncEnumerable<Person> ListAsync(
        DateOnly first, DateOnly last, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Db.WithoutTimeLimitAsync(connection, ct); // it is read as slowly as whoever reads it goes on
        await using var command = Db.Command(connection, EmployedWithin, first, last);
        command.CommandTimeout = 0;
        await foreach (var person in command.StreamAsync(Read, ct)) yield return person;
    }

    /// <summary>Some people as of a day, and as of each later one from which something about them is another, as far as
    /// that is on file by now. Nobody before they are hired.</summary>
    /// <param name="who">Few people.</param>
    /// <param name="first">The first day.</param>
    /// <param name="ct">Stops it.</param>
    public async IAsyncEnumerable<(Person Person, DateOnly From)> FromAsync(
        IReadOnlyCollection<Guid> who, DateOnly first, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var (id, from) in await db.ReadAsync(
            Later, row => (row.Id<PersonId>("person_id"), row.Date("starts_on")), [who.ToArray(), first], ct))
            if (await AsOfAsync($"{id}", from, ct) is { } person) yield return (person, from);
    }

    /// <summary>The paths of all teams.</summary>
    public static async Task<IReadOnlyList<string>> TeamsAsync(NpgsqlConnection at, CancellationToken ct) =>
        await at.ReadAsync(Teams, row => row.Text("path"), [], ct);

    /// <summary>A page by e-mail: those of a team and all teams under it (null: everybody), after an e-mail, whom the
    /// reader may see.</summary>
    internal Task<List<Person>> PageAsync(
        string? team, string? after, Readable.Listed of, int limit, CancellationToken ct) =>
        db.ReadAsync(
            Page, Read,
            [_clock.Today(), team, after, limit, of.IsOfAll, of.Person, of.WithTeam], ct);

    private static Person Read(Row row) => new(
        row.Id<PersonId>("person_id"), row.Text("email"), row.Text("name"), row.Text("team"), row.Text("role"),
        row.Text("level"), row.Text("country"), row.Text("cost_centre"), row.Date("hired_on"),
        row.DateOrNull("left_on"), row.Bigint("base_pay_cents"), row.Bigint("total_pay_cents"), row.Text("currency"),
        row.Bool("is_bot"))
    {
        LegalEntity = row.TextOrNull("legal_entity"), Manager = row.IdOrNull<PersonId>("manager_id"),
        Employment = row.Text("employment"), PartTimeBp = row.Int4("part_time_bp"), Leave = row.TextOrNull("leave"),
        TimeZone = row.TextOrNull("time_zone"), ManagerEmail = row.TextOrNull("manager_email"),
    };
}
