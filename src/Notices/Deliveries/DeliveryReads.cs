using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Notices.Deliveries;

/// <summary>A notice by one channel, as administrators see it: without its text.</summary>
/// <param name="Way">By which channel; as the API has called it from the beginning.</param>
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

    /// <summary>How long after the last sign of a node that has a channel's settings somebody is told: several times
    /// as long as nodes give one.</summary>
    public static readonly TimeSpan UnservedAfter = TimeSpan.FromMinutes(5);

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

    private const string UnservedSql = """
        select w.way, greatest(s.served_at, w.changed_at) as since,
               (select count(*) from compensation.notice_delivery d where d.way = w.way and d.state = 'waiting')
                   as waiting
          from compensation.notice_way w
          left join compensation.notice_served s on s.way = w.way
         where w.is_on and greatest(s.served_at, w.changed_at) < $1
         order by w.way
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
    /// <param name="channel">Null: any.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<IReadOnlyList<Delivery>> NewestAsync(
        NpgsqlDataSource db, string state, string? channel, CancellationToken ct) =>
        await db.ReadAsync(NewestSql, Of, [state, channel, Most], ct);

    private static Delivery Of(Row row)
    {
        var state = row.Text("state");
        return new Delivery(
            row.Id<NoticeId>("notice_id"), row.Text("way"), row.Id<PersonId>("person_id"), row.Text("kind"), state,
            row.Int4("tries"), row.Instant("created_at"),
            state == DeliveryStates.Waiting ? row.Instant("next_at") : null, row.InstantOrNull("ended_at"),
            row.TextOrNull("last_error"));
    }

    /// <summary>How many failed by each channel, and since when.</summary>
    public static async Task<IReadOnlyList<(string Channel, long Count, DateTimeOffset Since)>> FailedAsync(
        NpgsqlDataSource db, DateTimeOffset from, CancellationToken ct) =>
        await db.ReadAsync(
            FailedSql, row => (row.Text("way"), row.Bigint("count"), row.Instant("since")), [from.ToMicros()], ct);

    /// <summary>Channels that are on, though no node that runs has their settings: since when, and how many notices
    /// wait.</summary>
    public static async Task<IReadOnlyList<(string Channel, DateTimeOffset Since, long Waiting)>> UnservedAsync(
        NpgsqlDataSource db, DateTimeOffset now, CancellationToken ct) =>
        await db.ReadAsync(
            UnservedSql, row => (row.Text("way"), row.Instant("since"), row.Bigint("waiting")),
            [(now - UnservedAfter).ToMicros()], ct);

    /// <summary>Lets what failed be tried again, from the first try on: one that is named, or all that failed within
    /// <see cref="AgainDays"/> days, since nobody wants last year's mail. What does not stand as failed stays as it is.
    /// </summary>
    /// <returns>How many there are.</returns>
    public static Task<int> AgainAsync(
        NpgsqlDataSource db, string? channel, NoticeId? notice, DateTimeOffset at, CancellationToken ct) =>
        db.ExecuteAsync(AgainSql, [channel, notice?.Value, at.ToMicros(), at.AddDays(-AgainDays).ToMicros()], ct);
}
