using System.Runtime.CompilerServices;
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
        await using var command = db.CreateCommand(isId ? ById : ByEmail);
        command.Parameters.Add(
            new NpgsqlParameter { Value = isId ? id.Value : personOrEmail.Trim().ToLowerInvariant() });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? Read(reader) : null;
    }

    /// <summary>Everybody employed on at least one day of a span, both ends included, by id. Streamed.</summary>
    public async IAsyncEnumerable<Person> ListAsync(
        DateOnly first, DateOnly last, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var unlimited = new NpgsqlCommand("set local statement_timeout = 0", connection))
            await unlimited.ExecuteNonQueryAsync(ct); // it is read as slowly as whoever reads it goes on
        await using var command = new NpgsqlCommand(EmployedWithin, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter { Value = first });
        command.Parameters.Add(new NpgsqlParameter { Value = last });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) yield return Read(reader);
    }

    /// <summary>The paths of all teams.</summary>
    public async Task<IReadOnlyList<string>> TeamsAsync(CancellationToken ct)
    {
        await using var command = db.CreateCommand(Teams);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var teams = new List<string>();
        while (await reader.ReadAsync(ct)) teams.Add(reader.GetString(0));
        return teams;
    }

    /// <summary>A page by e-mail: those of a team and all teams under it (null: everybody), after an e-mail.</summary>
    internal async Task<List<Person>> PageAsync(string? team, string? after, int limit, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Page);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)team ?? DBNull.Value });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)after ?? DBNull.Value });
        command.Parameters.Add(new NpgsqlParameter { Value = limit });
        var page = new List<Person>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) page.Add(Read(reader));
        return page;
    }

    private static Person Read(NpgsqlDataReader row) => new(
        new PersonId(row.GetGuid(0)), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
        row.GetString(5), row.GetString(6), row.GetString(7), row.GetFieldValue<DateOnly>(8),
        row.IsDBNull(9) ? null : row.GetFieldValue<DateOnly>(9), row.GetInt64(10), row.GetInt64(11), row.GetString(12),
        row.GetBoolean(13));
}
