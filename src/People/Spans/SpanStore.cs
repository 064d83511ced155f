using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.People.Spans;

/// <summary>A person's spans before and after a change.</summary>
internal sealed record SpanChange(
    Guid Person, IReadOnlyList<PersonSpan> Was, IReadOnlyList<PersonSpan> Now, DateOnly From, DateOnly? Until = null)
{
    /// <summary>What is changed, by name.</summary>
    public string[] Parts => Timeline.Differences(Timeline.On(Was, From), Timeline.On(Now, From));
}

/// <summary>A change as it is on record.</summary>
/// <param name="From">The first day it held.</param>
/// <param name="Until">The last day it held; null: until something else was known.</param>
/// <param name="Parts">What was changed, such as <c>team</c> or <c>pay</c>.</param>
/// <param name="MadeAt">When it was made.</param>
/// <param name="MadeBy">By whom.</param>
internal sealed record MadeChange(
    DateOnly From, DateOnly? Until, IReadOnlyList<string> Parts, DateTimeOffset MadeAt, string MadeBy);

/// <summary>Reads and writes spans, in a transaction of the caller's under the lock of imports.</summary>
internal static class SpanStore
{
    private const string Of = """
        select person_id, starts_on, team, role, level, country, legal_entity, cost_centre, manager_id, base_pay_cents,
               total_pay_cents, currency, employment, part_time_bp, leave, leave_pay, time_zone
          from people.v_person_span where person_id = any($1)
         order by person_id, starts_on
        """;

    private const string Reports = "select person_id, starts_on, manager_id from people.v_person_span order by 1, 2";

    private const string Drop = """
        delete from people.person_span s using unnest($1::uuid[], $2::date[]) as r (person_id, starts_on)
         where s.person_id = r.person_id and s.starts_on = r.starts_on
        """;

    private const string Note = """
        insert into people.span_change (
            change_id, person_id, from_on, until_on, parts, made_at, made_by, made_by_account, made_by_person)
        select c.change_id, c.person_id, c.from_on, c.until_on, string_to_array(c.parts, ','), $6, $7, $8::uuid,
               $9::uuid
          from unnest($1::uuid[], $2::uuid[], $3::date[], $4::date[], $5::text[])
               as c (change_id, person_id, from_on, until_on, parts)
        """;

    private const string Made = """
        select from_on, until_on, parts, made_at, made_by
          from people.v_span_change where person_id = $1 order by made_at desc, change_id desc limit 1000
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

    /// <summary>Puts on record who made changes of people who were on file.</summary>
    public static async Task NoteAsync(
        NpgsqlConnection connection, IReadOnlyList<SpanChange> changes, Maker maker, CancellationToken ct)
    {
        if (changes.Count == 0) return;
        await using var command = Command(
            connection, Note, changes.Select(_ => Guid.CreateVersion7(maker.At)).ToArray(),
            changes.Select(c => c.Person).ToArray(), changes.Select(c => c.From).ToArray(),
            changes.Select(c => c.Until).ToArray(), changes.Select(c => string.Join(',', c.Parts)).ToArray(), maker.At,
            maker.By.Name, maker.By.Account, maker.By.Person);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The last thousand changes of a person, the newest first.</summary>
    public static Task<List<MadeChange>> MadeAsync(NpgsqlConnection connection, Guid person, CancellationToken ct) =>
        connection.ReadAsync(
            Made,
            row => new MadeChange(
                row.Date("from_on"), row.DateOrNull("until_on"), row.Get<string[]>("parts"), row.Instant("made_at"),
                row.Text("made_by")),
            [person], ct);

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
        LeavePay = row.TextOrNull("leave_pay"),
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
            Column(NpgsqlDbType.Text, s => s.Leave), Column(NpgsqlDbType.Text, s => s.LeavePay),
            Column(NpgsqlDbType.Text, s => s.TimeZone),
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
