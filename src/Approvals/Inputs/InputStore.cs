using System.Text.Json;
using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Approvals.Inputs;

/// <summary>Proposals in the database.</summary>
internal static class InputStore
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private const string Columns = """
        select input_id, kind, subject, body, about, effective_from, basis, changes, reach, reaches, first_reaches,
               takes_two, content, asked_by, asked_by_account, asked_by_person, asked_at, state, decided_by,
               decided_by_account, decided_by_person, decided_at, decided_alone, reason, made,
               made_id, jsonb_array_length(changes) as change_count
          from approvals.v_input
        """;

    // What waits is listed without the files, which are large, and with the first of its changes.
    private static readonly string Inbox = Columns.Replace(" body,", " '' as body,", StringComparison.Ordinal)
        .Replace(" changes,", """
             (
               select coalesce(jsonb_agg(c.change order by c.place), '[]')
                 from jsonb_array_elements(changes) with ordinality as c (change, place)
                where c.place <= 20) as changes,
            """, StringComparison.Ordinal);

    // A list besides without whom it reaches, who may be many where each row is about somebody.
    private static readonly string Listed = Inbox.Replace(
        " reaches, first_reaches,", " '{}'::uuid[] as reaches, '{}'::uuid[] as first_reaches,",
        StringComparison.Ordinal);

    private const string One = Columns + " where input_id = $1";
    private const string Lock = "select from approvals.input where input_id = $1 for update";
    private static readonly string Waiting =
        Inbox + " where state = 'waiting' and kind = $1 order by asked_at, input_id limit $2";

    // What waits comes first, of each what was asked last on top; after a place.
    private static readonly string List = Listed + """
         where kind = any ($1) and ($2 or state = 'waiting') and ($3::uuid is null
               or (state = 'waiting', asked_at, input_id) < ($5::boolean, $6::timestamptz, $3::uuid))
         order by state = 'waiting' desc, asked_at desc, input_id desc limit $4
        """;

    // What is told apart by: the first word of a setting's path. What its asker replaced by what was approved since
    // does not count: whoever approved that had looked at whom it reaches.
    private const string FewLately = """
        select coalesce(array_agg(distinct person), '{}')
          from approvals.v_input i
         cross join unnest(i.reaches || i.first_reaches) as person
         where i.kind = $1 and i.subject = $2 and i.state <> 'approved' and (i.state = 'waiting' or i.asked_at > $3)
           and not (i.state = 'overtaken' and exists (
                select from approvals.v_input d
                 where d.kind = i.kind and d.subject = i.subject and d.state = 'approved' and d.asked_at >= i.asked_at
                   and d.asked_by = i.asked_by))
           and exists (
                select from jsonb_array_elements(i.changes) as c (change)
                 where substring(c.change ->> 'what' from '^[^.[ ]+') = any ($4))
        """;

    private const string SameAsker =
        "state = 'waiting' and (asked_by_account = $1::uuid or asked_by_person = $2::uuid)";

    // First, in a statement of its own, so that whoever decides one at the moment has ended when they are read.
    private const string LockAlike = "select from approvals.input "
        + "where state = 'waiting' and kind = $1 and subject = $2 order by input_id for update";

    private const string Alike = Columns + $" where {SameAsker} and kind = $3 and subject = $4 order by asked_at";

    private const string Same = Columns
        + " where state = 'waiting' and kind = $1 and subject = $2 and body = $3 and input_id <> $4 order by asked_at";

    private const string Count = $"select count(*) from approvals.v_input where {SameAsker}";

    private const string Insert = """
        insert into approvals.input (
            input_id, kind, subject, body, about, effective_from, basis, changes, reach, reaches, content, asked_by,
            first_reaches, takes_two, asked_by_account, asked_by_person, asked_at, state, decided_by,
            decided_by_account, decided_by_person, decided_at, decided_alone, reason, made, made_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                $22, $23, $24, $25, $26)
        """;

    private const string Update = """
        update approvals.input
           set effective_from = $2, basis = $3, changes = $4::jsonb, reach = $5, reaches = $6,
               content = $7, state = $8, decided_by = $9, decided_by_account = $10, decided_by_person = $11,
               decided_at = $12, decided_alone = $13, reason = $14, made = $15,
               takes_two = $16, made_id = $17
         where input_id = $1 and state = 'waiting'
        """;

    public static Task<InputProposal?> FindAsync(NpgsqlDataSource db, InputId id, CancellationToken ct) =>
        db.FirstAsync(One, Of, [id.Value], ct);

    /// <summary>One that nobody else decides until the transaction ends.</summary>
    public static async Task<InputProposal?> LockAsync(NpgsqlConnection at, InputId id, CancellationToken ct)
    {
        await at.ExecuteAsync(Lock, [id.Value], ct);
        return await at.FirstAsync(One, Of, [id.Value], ct);
    }

    public static async Task<IReadOnlyList<InputProposal>> WaitingAsync(
        NpgsqlDataSource db, string kind, int most, CancellationToken ct) =>
        await db.ReadAsync(Waiting, Of, [kind, most], ct);

    /// <summary>Of some kinds those that follow a place, or the first.</summary>
    public static async Task<IReadOnlyList<InputProposal>> ListAsync(
        NpgsqlDataSource db, string[] kinds, bool decidedToo, InputPlace? after, int most, CancellationToken ct) =>
        await db.ReadAsync(
            List, Of, [kinds, decidedToo, after?.Id.Value, most, after?.Waits, after?.AskedAt], ct);

    /// <summary>The few whom something reached that was proposed for the same thing, changes the same part of it, and
    /// waits or was not approved lately.</summary>
    public static async Task<Guid[]> FewLatelyAsync(
        NpgsqlConnection at, InputProposal one, DateTimeOffset since, CancellationToken ct)
    {
        string[] parts =
        [
            .. one.Changes.Where(change => !change.ShowsPay).Select(change => change.What.Split('.', '[', ' ')[0])
                .Where(part => part != "effective_from").Distinct(),
        ];
        return await at.ScalarAsync<Guid[]>(FewLately, [one.Kind, one.Subject, since, parts], ct) ?? [];
    }

    /// <summary>Those that the same person has waiting for the same thing.</summary>
    public static async Task<IReadOnlyList<InputProposal>> AlikeAsync(
        NpgsqlConnection at, InputProposal one, CancellationToken ct)
    {
        await at.ExecuteAsync(LockAlike, [one.Kind, one.Subject], ct);
        return await at.ReadAsync(Alike, Of, [one.Asker.Account, one.Asker.Person, one.Kind, one.Subject], ct);
    }

    /// <summary>Those of others, too, that wait and say the same.</summary>
    public static async Task<IReadOnlyList<InputProposal>> SameAsync(
        NpgsqlConnection at, InputProposal one, CancellationToken ct)
    {
        await at.ExecuteAsync(LockAlike, [one.Kind, one.Subject], ct);
        return await at.ReadAsync(Same, Of, [one.Kind, one.Subject, one.Body, one.Id.Value], ct);
    }

    /// <summary>How many somebody has waiting.</summary>
    public static Task<long> CountAsync(NpgsqlConnection at, Actor by, CancellationToken ct) =>
        at.ScalarAsync<long>(Count, [by.Account, by.Person], ct);

    public static Task AddAsync(NpgsqlConnection at, InputProposal one, CancellationToken ct) => at.ExecuteAsync(
        Insert,
        [
            one.Id.Value, one.Kind, one.Subject, one.Body, one.About, one.EffectiveFrom, one.Basis,
            StoredChange.Of(one.Changes), one.Reach, one.Few.ToArray(), one.Content, one.Asker.Name,
            one.First.ToArray(), one.TakesTwo, one.Asker.Account, one.Asker.Person, one.AskedAt, StateOf(one),
            one.DecidedBy, one.Decider?.Account,
            one.Decider?.Person, one.DecidedAt, one.Alone, one.Reason, one.Made, one.MadeId,
        ], ct);

    /// <summary>Writes what became of one that waited.</summary>
    /// <exception cref="InvalidOperationException">It did not wait any more, though the caller locked it.</exception>
    public static async Task SaveAsync(NpgsqlConnection at, InputProposal one, CancellationToken ct)
    {
        var rows = await at.ExecuteAsync(
            Update,
            [
                one.Id.Value, one.EffectiveFrom, one.Basis, StoredChange.Of(one.Changes), one.Reach,
                one.Few.ToArray(), one.Content, StateOf(one), one.DecidedBy, one.Decider?.Account,
                one.Decider?.Person, one.DecidedAt, one.Alone, one.Reason, one.Made, one.TakesTwo,
                one.MadeId,
            ], ct);
        if (rows != 1) throw new InvalidOperationException($"{one.Id} does not wait any more.");
    }

    // With what no answer says of a change.
    private sealed record StoredChange(string What, string? Before, string? After, bool ShowsPay)
    {
        public static string Of(IEnumerable<InputChange> changes) => JsonSerializer.Serialize(
            changes.Select(one => new StoredChange(one.What, one.Before, one.After, one.ShowsPay)), Json);

        public static IReadOnlyList<InputChange> Read(string json) =>
        [
            .. JsonSerializer.Deserialize<List<StoredChange>>(json, Json)!
                .Select(one => new InputChange(one.What, one.Before, one.After) { ShowsPay = one.ShowsPay }),
        ];
    }

    private static string StateOf(InputProposal one) => one.State.ToString().ToLowerInvariant();

    private static InputProposal Of(Row row) => new(
        row.Id<InputId>("input_id"), row.Text("kind"), row.Text("subject"), row.Text("about"),
        row.Instant("effective_from"), row.Text("basis"),
        StoredChange.Read(row.Text("changes")), row.Int4("reach"),
        row.Text("asked_by"), row.Instant("asked_at"))
    {
        State = Enum.Parse<InputState>(row.Text("state"), ignoreCase: true),
        Body = row.Text("body"), Few = row.Get<Guid[]>("reaches"),
        First = row.Get<Guid[]>("first_reaches"), TakesTwo = row.Bool("takes_two"),
        Stored = row.Get<byte[]>("content"),
        Asker = row.Actor("asked_by"), Decider = row.ActorOrNull("decided_by"),
        DecidedBy = row.TextOrNull("decided_by"),
        DecidedAt = row.InstantOrNull("decided_at"), Alone = row.Bool("decided_alone"),
        Reason = row.TextOrNull("reason"), Made = row.TextOrNull("made"), MadeId = row.UuidOrNull("made_id"),
        ChangeCount = row.Int4("change_count"),
    };
}
