using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.People.Spans;

/// <summary>A person's spans before and after a change.</summary>
internal sealed record SpanChange(Guid Person, IReadOnlyList<PersonSpan> Was, IReadOnlyList<PersonSpan> Now);

/// <summary>Reads and writes spans, in a transaction of the caller's under the lock of imports.</summary>
internal static class SpanStore
{
    private const string Of = """
        select person_id, starts_on, team, role, level, country, legal_entity, cost_centre, manager_id, base_pay_cents,
               total_pay_cents, currency, employment, part_time_bp, leave, time_zone
          from people.v_person_span where person_id = any($1)
         order by person_id, starts_on
        """;

    private const string Reports = "select person_id, starts_on, manager_id from people.v_person_span order by 1, 2";

    private const string Drop = """
        delete from people.person_span s using unnest($1::uuid[], $2::date[]) as r (person_id, starts_on)
         where s.person_id = r.person_id and s.starts_on = r.starts_on
        """;

    private static readonly string Upsert = Sql.Read("People/Spans/UpsertSpans.sql");

    private static readonly string Today = Sql.Read("People/Spans/BringToToday.sql");

    /// <summary>All spans of some people, in the order of their days.</summary>
    public static async Task<Dictionary<Guid, List<PersonSpan>>> ReadAsync(
        NpgsqlConnection connection, Guid[] people, CancellationToken ct)
    {
        var spans = new Dictionary<Guid, List<PersonSpan>>();
        await using var command = Command(connection, Of, people);
        await foreach (var (person, span) in command.StreamAsync(
            row => (row.Uuid("person_id"), new PersonSpan(row.Date("starts_on"), StandingOf(row))), ct))
        {
            if (!spans.TryGetValue(person, out var list)) spans.Add(person, list = []);
            list.Add(span);
        }

        return spans;
    }

    /// <summary>Writes what differs.</summary>
    public static async Task WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<SpanChange> changes, CancellationToken ct)
    {
        var gone = changes.SelectMany(c => c.Was.Where(w => c.Now.All(n => n.StartsOn != w.StartsOn))
            .Select(w => (c.Person, w.StartsOn))).ToList();
        if (gone.Count > 0)
        {
            await using var drop = Command(
                connection, Drop, gone.Select(g => g.Person).ToArray(), gone.Select(g => g.StartsOn).ToArray());
            await drop.ExecuteNonQueryAsync(ct);
        }

        var written = changes.SelectMany(c => c.Now.Except(c.Was).Select(span => (c.Person, Span: span))).ToList();
        if (written.Count == 0) return;
        await using var upsert = new NpgsqlCommand(Upsert, connection) { CommandTimeout = 0 };
        foreach (var column in ArraysOf(written)) upsert.Parameters.Add(column);
        await upsert.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Brings what <c>people.person</c> says of people to a day; null: of everybody.</summary>
    /// <returns>Of how many it said something else.</returns>
    public static async Task<int> BringToTodayAsync(
        NpgsqlConnection connection, DateOnly today, Guid[]? people, CancellationToken ct)
    {
        await using var command = Command(connection, Today, today, people);
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The first circle of managers on any day, or null.</summary>
    public static async Task<(DateOnly Day, IReadOnlyList<Guid> People)?> CircleAsync(
        NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = Command(connection, Reports);
        return ManagerLoops.Find(await command.ReadAsync(
            row => new Reporting(row.Uuid("person_id"), row.Date("starts_on"), row.UuidOrNull("manager_id")), ct));
    }

    /// <summary>What is true, from the columns of a span.</summary>
    internal static Standing StandingOf(Row row) => new(
        row.Text("team"), row.Text("role"), row.Text("level"), row.Text("country"), row.Text("cost_centre"),
        row.Bigint("base_pay_cents"), row.Bigint("total_pay_cents"), row.Text("currency"))
    {
        LegalEntity = row.TextOrNull("legal_entity"), Manager = row.IdOrNull<PersonId>("manager_id"),
        Employment = row.Text("employment"), PartTimeBp = row.Int4("part_time_bp"), Leave = row.TextOrNull("leave"),
        TimeZone = row.TextOrNull("time_zone"),
    };

    private static NpgsqlParameter[] ArraysOf(IReadOnlyList<(Guid Person, PersonSpan Span)> rows)
    {
        NpgsqlParameter Column<T>(NpgsqlDbType type, Func<Standing, T> of) =>
            Columns.Of(type, rows, r => of(r.Span.Standing));
        return
        [
            Columns.Of(NpgsqlDbType.Uuid, rows, r => r.Person),
            Columns.Of(NpgsqlDbType.Date, rows, r => r.Span.StartsOn),
            Column(NpgsqlDbType.Text, s => s.Team), Column(NpgsqlDbType.Text, s => s.Role),
            Column(NpgsqlDbType.Text, s => s.Level), Column(NpgsqlDbType.Text, s => s.Country),
            Column(NpgsqlDbType.Text, s => s.LegalEntity), Column(NpgsqlDbType.Text, s => s.CostCentre),
            Column(NpgsqlDbType.Uuid, s => s.Manager?.Value), Column(NpgsqlDbType.Bigint, s => s.BasePayCents),
            Column(NpgsqlDbType.Bigint, s => s.TotalPayCents), Column(NpgsqlDbType.Text, s => s.Currency),
            Column(NpgsqlDbType.Text, s => s.Employment), Column(NpgsqlDbType.Integer, s => s.PartTimeBp),
            Column(NpgsqlDbType.Text, s => s.Leave), Column(NpgsqlDbType.Text, s => s.TimeZone),
        ];
    }

    // Without a time limit, since a whole company in one file takes long.
    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object?[] values)
    {
        var command = Db.Command(connection, sql, values);
        command.CommandTimeout = 0;
        return command;
    }
}
