using System.Runtime.CompilerServices;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.People.Employees;

/// <summary>Finds people. Always asks the database, so that nobody is paid by a stale row.</summary>
public sealed class PeopleDirectory(NpgsqlDataSource db)
{
    /// <summary>Where nodes hear that people changed, or what they belong to.</summary>
    public const string Changed = "people_changed";

    private const string Teams = "select path from people.team order by path";

    private const string Columns = """
        select person_id, email, name, team, role, level, country, cost_centre, hired_on, left_on, base_pay_cents,
               total_pay_cents, currency, is_bot
          from people.v_person
        """;

    private const string ById = Columns + " where person_id = $1";
    private const string ByEmail = Columns + " where email = $1";

    private const string EmployedWithin =
        Columns + " where hired_on <= $2 and (left_on is null or left_on >= $1) order by person_id";

    private const string Page = Columns + """
         where ($1::text is null or team = $1 or starts_with(team, $1 || '/')) and ($2::text is null or email > $2)
         order by email
         limit $3
        """;

    /// <summary>A person by <c>prs_…</c> id or by e-mail in any case, or null.</summary>
    public async Task<Person?> FindAsync(string personOrEmail, CancellationToken ct)
    {
        if (personOrEmail.Contains('\0', StringComparison.Ordinal)) return null; // PostgreSQL has no such text
        var isId = PersonId.TryParse(personOrEmail.Trim(), out var id);
        return await db.FirstAsync(
            isId ? ById : ByEmail, Read, [isId ? id.Value : personOrEmail.Trim().ToLowerInvariant()], ct);
    }

    /// <summary>Everybody employed on at least one day of a span, both ends included, by id. Streamed.</summary>
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

    /// <summary>The paths of all teams.</summary>
    public async Task<IReadOnlyList<string>> TeamsAsync(CancellationToken ct) =>
        await db.ReadAsync(Teams, row => row.Text("path"), [], ct);

    /// <summary>A page by e-mail: those of a team and all teams under it (null: everybody), after an e-mail.</summary>
    internal Task<List<Person>> PageAsync(string? team, string? after, int limit, CancellationToken ct) =>
        db.ReadAsync(Page, Read, [team, after, limit], ct);

    private static Person Read(Row row) => new(
        row.Id<PersonId>("person_id"), row.Text("email"), row.Text("name"), row.Text("team"), row.Text("role"),
        row.Text("level"), row.Text("country"), row.Text("cost_centre"), row.Date("hired_on"),
        row.DateOrNull("left_on"), row.Bigint("base_pay_cents"), row.Bigint("total_pay_cents"), row.Text("currency"),
        row.Bool("is_bot"));
}
