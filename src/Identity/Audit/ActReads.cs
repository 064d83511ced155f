using System.Data;
using System.Runtime.CompilerServices;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Identity.Audit;

/// <summary>Which acts.</summary>
/// <param name="From">First day, UTC.</param>
/// <param name="To">The day after the last.</param>
internal sealed record ActFilter(DateOnly From, DateOnly To)
{
    /// <summary>An account's name, or the id of an account or person; empty: everybody.</summary>
    public string Who { get; init; } = "";

    /// <summary>A part of the endpoint's or form's name; empty: all.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>One of <see cref="ActKinds"/>; empty: all.</summary>
    public string Kind { get; init; } = "";
}

/// <summary>An act, with its place in the chain and what it wrote.</summary>
/// <param name="Act">What was noted.</param>
/// <param name="Seq">Null: it gets its place within seconds.</param>
/// <param name="Changes">The first twenty rows: table, key, what was done and the row's digest afterwards.</param>
internal sealed record ActEntry(ActRow Act, long? Seq, IReadOnlyList<string> Changes);

/// <summary>Reads acts.</summary>
internal static class ActReads
{
    private const string OldestFirst = $"""
        select {ChainedAct.Columns},
               array(select concat_ws(' ', c.table_name, '(' || c.row_key || ')', c.op, encode(c.digest, 'hex'))
                       from kernel.v_change c where c.act_id = a.act_id order by c.seq limit 20) as changes
          from host.act a
         where a.at >= $1 and a.at < $2
           and ($3 = '' or lower(a.who) = lower($3) or lower(a.subject) = lower($3)
                or a.account_id = $4 or a.person_id = $4)
           and ($5 = '' or position(lower($5) in lower(a.endpoint)) > 0) and ($6 = '' or a.kind = $6)
         order by a.at, a.act_id
        """;

    /// <summary>All of them, the oldest first, as they were when it began. Streamed.</summary>
    public static async IAsyncEnumerable<ActEntry> StreamAsync(
        NpgsqlDataSource db, ActFilter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await Db.WithoutTimeLimitAsync(connection, ct); // it is read as slowly as whoever reads it goes on
        await foreach (var entry in connection.StreamAsync(OldestFirst, Of, Values(filter), ct)) yield return entry;
    }

    private static object?[] Values(ActFilter filter) =>
    [
        filter.From.ToDateTime(default, DateTimeKind.Utc), filter.To.ToDateTime(default, DateTimeKind.Utc),
        filter.Who, IdIn(filter.Who), filter.Endpoint, filter.Kind,
    ];

    private static Guid IdIn(string who) => Guid.TryParseExact(who.Split('_')[^1], "N", out var id) ? id : Guid.Empty;

    private static ActEntry Of(Row row)
    {
        var act = ChainedAct.Of(row);
        return new(act.Row, act.Seq, row.Get<string[]>("changes"));
    }
}
