using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Notices.Deliveries;

/// <summary>Deliveries as they are saved: taken by one sender, ended once.</summary>
internal static class DeliveryStore
{
    private static readonly string TakeSql = Sql.Read("Notices/Deliveries/TakeDue.sql");

    private const string SwitchSql = """
        insert into compensation.notice_way (way, is_on, changed_at)
        select w.way, w.is_on, $3
          from (select unnest($1::text[]), true union all select unnest($2::text[]), false) as w (way, is_on)
        on conflict (way) do update set is_on = excluded.is_on, changed_at = excluded.changed_at
         where notice_way.is_on <> excluded.is_on
        returning way, is_on
        """;

    // In one order, so that two nodes do not wait for each other.
    private const string ServeSql = """
        insert into compensation.notice_served (way, served_at)
        select w.way, $2 from compensation.notice_way w where w.way = any ($1) and w.is_on order by w.way
        on conflict (way) do update set served_at = excluded.served_at
        """;

    // Only of the try that it is the end of: somebody else's, after a lease ran out, is another. Its number does not
    // tell, since one that is given back has its number again; the end of its lease does.
    private const string EndSql = """
        update compensation.notice_delivery
           set state = $4, ended_at = case when $4 = 'waiting' then null else $5::timestamptz end, last_error = $6,
               next_at = $7
         where notice_id = $1 and way = $2 and tries = $3 and state = 'waiting' and next_at = $8
        """;

    // One that was taken and not tried gets its try back, since it must not use up what may be tried.
    private const string ReturnSql = """
        update compensation.notice_delivery d
           set tries = d.tries - 1, next_at = $3
          from unnest($2::uuid[], $4::integer[], $5::timestamptz[]) as r (notice_id, tries, until)
         where d.notice_id = r.notice_id and d.way = $1 and d.tries = r.tries and d.state = 'waiting'
           and d.next_at = r.until
        """;

    /// <summary>Says by which channels notices are sent from now on, and by which no longer; others stay as they are.
    /// Those given before have no delivery by a new channel.</summary>
    /// <returns>What changed.</returns>
    public static async Task<IReadOnlyList<(string Channel, bool IsOn)>> SwitchAsync(
        NpgsqlDataSource db, string[] on, string[] off, DateTimeOffset now, CancellationToken ct) =>
        await db.ChangeAsync(SwitchSql, row => (row.Text("way"), row.Bool("is_on")), [on, off, now.ToMicros()], ct);

    /// <summary>Says that a node with the settings of these runs.</summary>
    public static Task ServeAsync(NpgsqlDataSource db, string[] channels, DateTimeOffset now, CancellationToken ct) =>
        db.ExecuteAsync(ServeSql, [channels, now.ToMicros()], ct);

    /// <summary>Takes what is due, for a while.</summary>
    public static async Task<IReadOnlyList<DueNotice>> TakeAsync(
        NpgsqlDataSource db, string channel, DateTimeOffset now, int most, DateTimeOffset until,
        CancellationToken ct) =>
        await db.ReadAsync(
            TakeSql,
            row => new DueNotice(
                row.Id<NoticeId>("notice_id"), row.Int4("tries"), row.Id<PersonId>("person_id"), row.Text("kind"),
                row.Text("subject"), row.Text("text"), row.Instant("created_at"), row.TextOrNull("email"),
                row.DateOrNull("left_on"), row.Get<bool?>("by_email"), until.ToMicros()),
            [channel, now.ToMicros(), most, until.ToMicros()], ct);

    /// <summary>Writes how a try ended.</summary>
    /// <returns>False: the try is no longer the last one, so that somebody else says how it ends.</returns>
    public static async Task<bool> EndAsync(
        NpgsqlDataSource db, string channel, DueNotice notice, DeliveryEnd end, CancellationToken ct) =>
        await db.ExecuteAsync(
            EndSql,
            [
                notice.Notice.Value, channel, notice.Tries, end.State, end.At.ToMicros(), end.Reason,
                end.NextAt.ToMicros(), notice.LeasedUntil,
            ], ct) == 1;

    /// <summary>Gives back what was taken and not tried; it is due again at once, or later.</summary>
    public static async Task ReturnAsync(
        NpgsqlDataSource db, string channel, IReadOnlyList<DueNotice> notices, DateTimeOffset next,
        CancellationToken ct)
    {
        if (notices.Count == 0) return;
        await db.ExecuteAsync(
            ReturnSql,
            [
                channel, notices.Select(n => n.Notice.Value).ToArray(), next.ToMicros(),
                notices.Select(n => n.Tries).ToArray(),
                notices.Select(n => n.LeasedUntil).ToArray(),
            ], ct);
    }
}

/// <summary>The states of a delivery, as the database has them.</summary>
public static class DeliveryStates
{
    /// <summary>Not sent yet, or to be tried again.</summary>
    public const string Waiting = "waiting";

    /// <summary>The other side has said that it has it.</summary>
    public const string Sent = "sent";

    /// <summary>Not sent on purpose: whoever it is for has left, switched its kind off, or has no address and need
    /// not be told.</summary>
    public const string Skipped = "skipped";

    /// <summary>Refused for good, or tried as often as it may be. An administrator can send it again.</summary>
    public const string Failed = "failed";

    public static readonly IReadOnlyList<string> All = [Waiting, Sent, Skipped, Failed];
}

/// <summary>How a try ended.</summary>
/// <param name="State">One of <see cref="DeliveryStates"/>.</param>
/// <param name="Reason">Why it was not sent; null: it was.</param>
/// <param name="At">When.</param>
/// <param name="NextAt">When it is tried again, where it waits.</param>
internal sealed record DeliveryEnd(string State, string? Reason, DateTimeOffset At, DateTimeOffset NextAt);
