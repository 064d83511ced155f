using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Notices.Deliveries;

/// <summary>A notice on one way, as administrators see it: without its text.</summary>
/// <param name="State">One of <see cref="DeliveryStates"/>.</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="NextAt">When it is tried again; null: it is over.</param>
/// <param name="EndedAt">When it was over; null: it waits.</param>
/// <param name="Reason">Why it was not sent, or not yet; null: it was, or was not tried.</param>
public sealed record Delivery(
    NoticeId Notice, string Way, PersonId Person, string Kind, string State, int Tries, DateTimeOffset CreatedAt,
    DateTimeOffset? NextAt, DateTimeOffset? EndedAt, string? Reason);

/// <summary>How notices left, for administrators, and tries again what failed.</summary>
public static class DeliveryReads
{
    /// <summary>The most in one answer.</summary>
    public const int Most = 200;

    /// <summary>How old a failure may be, in days, that is tried again without being named.</summary>
    public const int AgainDays = 30;

    private const string NewestSql = """
        select notice_id, way, person_id, kind, state, tries, created_at, next_at, ended_at, last_error
          from compensation.v_notice_delivery
         where state = $1 and ($2::text is null or way = $2)
         order by coalesce(ended_at, next_at) desc, notice_id
         limit $3
        """;

    private const string FailedSql = """
        select way, count(*) as count, min(ended_at) as since from compensation.v_notice_delivery
         where state = 'failed' and ended_at >= $1 group by way order by way
        """;

    private const string AgainSql = """
        update compensation.notice_delivery
           set state = 'waiting', tries = 0, next_at = $3, ended_at = null
         where state = 'failed' and ($1::text is null or way = $1)
           and (notice_id = $2 or $2::uuid is null and ended_at >= $4)
        """;

    /// <summary>The newest 200 of a state.</summary>
    /// <param name="db">Where they are.</param>
    /// <param name="state">One of <see cref="DeliveryStates"/>.</param>
    /// <param name="way">Null: any.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<IReadOnlyList<Delivery>> NewestAsync(
        NpgsqlDataSource db, string state, string? way, CancellationToken ct) =>
        await db.ReadAsync(NewestSql, Of, [state, way, Most], ct);

    private static Delivery Of(Row row)
    {
        var state = row.Text("state");
        return new Delivery(
            row.Id<NoticeId>("notice_id"), row.Text("way"), row.Id<PersonId>("person_id"), row.Text("kind"), state,
            row.Int4("tries"), row.Instant("created_at"),
            state == DeliveryStates.Waiting ? row.Instant("next_at") : null, row.InstantOrNull("ended_at"),
            row.TextOrNull("last_error"));
    }

    /// <summary>How many failed by each way, and since when.</summary>
    public static async Task<IReadOnlyList<(string Way, long Count, DateTimeOffset Since)>> FailedAsync(
        NpgsqlDataSource db, DateTimeOffset from, CancellationToken ct) =>
        await db.ReadAsync(
            FailedSql, row => (row.Text("way"), row.Bigint("count"), row.Instant("since")), [from.ToMicros()], ct);

    /// <summary>Lets what failed be tried again, from the first try on: one that is named, or all that failed within
    /// <see cref="AgainDays"/> days, since nobody wants last year's mail. What does not stand as failed stays as it is.
    /// </summary>
    /// <returns>How many there are.</returns>
    public static Task<int> AgainAsync(
        NpgsqlDataSource db, string? way, NoticeId? notice, DateTimeOffset at, CancellationToken ct) =>
        db.ExecuteAsync(AgainSql, [way, notice?.Value, at.ToMicros(), at.AddDays(-AgainDays).ToMicros()], ct);
}
