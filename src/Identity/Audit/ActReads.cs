using System.Data;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Identity.Audit;

/// <summary>Reads acts.</summary>
internal static class ActReads
{
    private const string Changes = """
        array(select concat_ws(' ', c.table_name, '(' || c.row_key || ')', c.op, encode(c.digest, 'hex'))
                from kernel.v_change c where c.act_id = a.act_id order by c.seq limit 20) as changes
        """;

    private const string OldestFirst = $"""
        select {ChainedAct.Columns}, {Changes}
          from host.act a
         where a.at >= $1 and a.at < $2
           and ($3 = '' or lower(a.who) = lower($3) or (a.who = '' and lower(a.subject) = lower($3))
                or a.account_id = $4 or a.person_id = $4)
           and ($5 = '' or position(lower($5) in lower(a.endpoint)) > 0) and ($6 = '' or a.kind = $6)
         order by a.at, a.act_id
        """;

    // A page: before an act (or a time and no id), the newest first.
    private const string Within = """
        at >= $1 and (at, act_id) < ($2::timestamptz, $3::uuid)
           and ($4 = '' or position(lower($4) in lower(endpoint)) > 0) and ($5 = '' or kind = $5)
         order by at desc, act_id desc limit $6
        """;

    private const string NewestOfAll = $"select {ChainedAct.Columns}, {Changes} from host.act a where {Within}";

    // Each part by an index of its own: whoever looks for one person does not read the acts of all.
    private const string NewestOfOne = $"""
        select {ChainedAct.Columns}, {Changes}
          from host.act a
         where act_id in (
               (select act_id from host.act where lower(who) = lower($7) and {Within})
               union
               (select act_id from host.act
                 where who = '' and subject <> '' and lower(subject) = lower($7) and {Within})
               union
               (select act_id from host.act where account_id = $8 and {Within})
               union
               (select act_id from host.act where person_id = $8 and {Within}))
         order by at desc, act_id desc limit $6
        """;

    private const string AtSql = "select at from host.act where act_id = $1";

    /// <summary>All of them, the oldest first, as they were when it began and as somebody may see them. Streamed.
    /// </summary>
    public static async IAsyncEnumerable<ActEntry> StreamAsync(
        NpgsqlDataSource db, ActFilter filter, ClaimsPrincipal reader, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await Db.WithoutTimeLimitAsync(connection, ct); // it is read as slowly as whoever reads it goes on
        await using var command = Db.Command(connection, OldestFirst, Values(filter));
        command.CommandTimeout = 0;
        await foreach (var entry in command.StreamAsync(Of, ct)) yield return entry.For(reader);
    }

    /// <summary>A page, the newest first. Acts that are written meanwhile are on none of the pages that follow, or on
    /// one.</summary>
    /// <param name="db">The database.</param>
    /// <param name="filter">Which.</param>
    /// <param name="after">The last one of the page before; null: the first page.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>Null where there is no such act.</returns>
    public static async Task<IReadOnlyList<ActEntry>?> PageAsync(
        NpgsqlDataSource db, ActFilter filter, Guid? after, int most, CancellationToken ct)
    {
        var (before, id) = (Start(filter.To), Guid.Empty); // none is of this very moment and before the lowest id
        if (after is { } last)
        {
            if (await db.ScalarAsync<DateTime?>(AtSql, [last], ct) is not { } at) return null;
            if (at < before) (before, id) = (at, last);
        }

        object?[] values = [Start(filter.From), before, id, filter.Endpoint, filter.Kind, most];
        return filter.Who.Length == 0
            ? await db.ReadAsync(NewestOfAll, Of, values, ct)
            : await db.ReadAsync(NewestOfOne, Of, [.. values, filter.Who, IdIn(filter.Who)], ct);
    }

    private static object?[] Values(ActFilter filter) =>
        [Start(filter.From), Start(filter.To), filter.Who, IdIn(filter.Who), filter.Endpoint, filter.Kind];

    private static DateTime Start(DateOnly day) => day.ToDateTime(default, DateTimeKind.Utc);

    private static Guid IdIn(string who) => Guid.TryParseExact(who.Split('_')[^1], "N", out var id) ? id : Guid.Empty;

    private static ActEntry Of(Row row)
    {
        var act = ChainedAct.Of(row);
        return ActEntry.Of(act.Row, act.Seq, row.Get<string[]>("changes"));
    }
}
