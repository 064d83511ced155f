using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Guerdon.Notices;

/// <summary>Something that a person was told.</summary>
/// <param name="Kind">What about, such as <c>conversion_settled</c>.</param>
/// <param name="Subject">The id of what it is about.</param>
/// <param name="SeenAt">Null: not seen yet.</param>
public sealed record Notice(
    NoticeId Id, string Kind, string Subject, string Text, DateTimeOffset CreatedAt, DateTimeOffset? SeenAt);

/// <summary>What a person is told.</summary>
/// <param name="Person">Whom.</param>
/// <param name="Kind">One of <see cref="NoticeKinds"/>.</param>
/// <param name="Subject">The id of what it is about.</param>
/// <param name="Text">For the person; at most <see cref="NoticeWriter.MostText"/> characters.</param>
public sealed record Told(PersonId Person, NoticeKind Kind, string Subject, string Text);

/// <summary>A notice that is to be written, and what writes it.</summary>
/// <param name="Id">The same for the same person, kind and subject.</param>
/// <param name="Person">Whom it tells.</param>
/// <param name="Insert">Made again for each try. Given twice, it is one notice with the first one's words.</param>
public sealed record NewNotice(NoticeId Id, PersonId Person, Func<NpgsqlBatchCommand> Insert);

/// <summary>Tells people what happened to what is theirs, once for each kind and subject.</summary>
public static class NoticeWriter
{
    private const int Most = 200;

    /// <summary>How many one statement writes of those that stand for themselves.</summary>
    internal const int MostAtOnce = 1_000;

    /// <summary>The longest text, in characters.</summary>
    public const int MostText = 2_000;

    // A notice and what is to be sent of it are one statement, so that there is both or neither.
    private const string InsertSql = """
        with written as (
            insert into compensation.notice (notice_id, person_id, kind, subject, text, created_at)
            select n.notice_id, n.person_id, n.kind, n.subject, n.text, $6
              from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[])
                   as n (notice_id, person_id, kind, subject, text)
            on conflict do nothing
            returning notice_id),
        sent as (
            insert into compensation.notice_delivery (notice_id, way, next_at)
            select w.notice_id, y.way, $6 from written w cross join compensation.notice_way y where y.is_on)
        select count(*) from written
        """;

    private const string NewestFirst = """
        select notice_id, kind, subject, text, created_at, seen_at from compensation.v_notice
         where person_id = $1 order by created_at desc, notice_id limit $2
        """;

    private const string UnseenSql =
        "select count(*) from compensation.v_notice where person_id = $1 and seen_at is null";

    private const string SeeSql = """
        update compensation.notice set seen_at = $2
         where person_id = $1 and seen_at is null and ($3::uuid[] is null or notice_id = any ($3))
        """;

    /// <summary>A notice to write in the same commit as what it tells of.</summary>
    /// <param name="person">Whom it tells.</param>
    /// <param name="kind">One of <see cref="NoticeKinds"/>.</param>
    /// <param name="subject">The id of what it is about.</param>
    /// <param name="text">For the person; at most 2,000 characters.</param>
    /// <param name="at">When it is given.</param>
    public static NewNotice New(
        PersonId person, NoticeKind kind, string subject, string text, DateTimeOffset at) =>
        new(NoticeId.Of(person, kind, subject), person, () => Insert([new(person, kind, subject, text)], at));

    /// <summary>Many at once, to write in the same commit as what they tell of. What is to be sent of them is written
    /// along, for each channel that is switched on.</summary>
    /// <param name="told">One for each person, kind and subject; one that is there already stays as it is.</param>
    /// <param name="at">When they are given.</param>
    public static NpgsqlBatchCommand Insert(IReadOnlyList<Told> told, DateTimeOffset at)
    {
        var command = new NpgsqlBatchCommand(InsertSql);
        command.Parameters.Add(Columns.Of(
            NpgsqlDbType.Uuid, told, t => NoticeId.Of(t.Person, t.Kind, t.Subject).Value));
        command.Parameters.Add(Columns.Of(NpgsqlDbType.Uuid, told, t => t.Person.Value));
        command.Parameters.Add(Columns.Of(NpgsqlDbType.Text, told, t => t.Kind.Name));
        command.Parameters.Add(Columns.Of(NpgsqlDbType.Text, told, t => t.Subject));
        command.Parameters.Add(Columns.Of(NpgsqlDbType.Text, told, t => t.Text));
        command.Parameters.Add(new NpgsqlParameter { Value = at.ToMicros() });
        return command;
    }

    /// <summary>Gives notices that stand for themselves, some at a time, however many there are. Safe to repeat.
    /// </summary>
    /// <returns>How many were not there before.</returns>
    public static async Task<int> GiveAsync(
        NpgsqlConnection connection, IAsyncEnumerable<Told> told, DateTimeOffset at, CancellationToken ct)
    {
        var written = 0L;
        await foreach (var some in told.Chunk(MostAtOnce).WithCancellation(ct))
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(Insert(some, at));
            written += (long)(await batch.ExecuteScalarAsync(ct))!;
        }

        return (int)written;
    }

    /// <summary>Gives a notice that stands for itself. Safe to repeat.</summary>
    public static async Task GiveAsync(NpgsqlDataSource db, NewNotice notice, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        batch.Begin();
        batch.BatchCommands.Add(notice.Insert());
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>A person's newest 200, newest first.</summary>
    public static async Task<IReadOnlyList<Notice>> OfAsync(
        NpgsqlDataSource db, PersonId person, CancellationToken ct) =>
        await db.ReadAsync(
            NewestFirst,
            row => new Notice(
                row.Id<NoticeId>("notice_id"), row.Text("kind"), row.Text("subject"), row.Text("text"),
                row.Instant("created_at"), row.InstantOrNull("seen_at")),
            [person.Value, Most], ct);

    /// <summary>How many a person has not seen.</summary>
    public static Task<long> UnseenAsync(NpgsqlDataSource db, PersonId person, CancellationToken ct) =>
        db.ScalarAsync<long>(UnseenSql, [person.Value], ct);

    /// <summary>Marks a person's own notices as seen; those seen before keep their time.</summary>
    /// <param name="db">Where they are.</param>
    /// <param name="person">Whose.</param>
    /// <param name="which">Null: all.</param>
    /// <param name="at">When.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>How many were not seen before.</returns>
    public static async Task<int> SeeAsync(
        NpgsqlDataSource db, PersonId person, IReadOnlyList<NoticeId>? which, DateTimeOffset at, CancellationToken ct)
    {
        return await db.ExecuteAsync(
            SeeSql, [person.Value, at.ToMicros(), which?.Select(n => n.Value).ToArray()], ct);
    }
}
