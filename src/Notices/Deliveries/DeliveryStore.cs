using Guerdon.Kernel;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Notices.Deliveries;

/// <summary>Deliveries as they are saved: taken by one sender, ended once.</summary>
internal static class DeliveryStore
{
    private static readonly string TakeSql = Sql.Read("Notices/Deliveries/TakeDue.sql");

    private const string SwitchSql = """
        insert into compensation.notice_way (way, is_on, changed_at)
        select w.way, w.way = any ($1::text[]), $2 from unnest(array['email', 'webhook']) as w (way)
        on conflict (way) do update set is_on = excluded.is_on, changed_at = excluded.changed_at
         where notice_way.is_on <> excluded.is_on
        """;

    // Only of the try that it is the end of: somebody else's, after a lease ran out, is another.
    private const string EndSql = """
        update compensation.notice_delivery
           set state = $4, ended_at = case when $4 = 'waiting' then null else $5::timestamptz end, last_error = $6,
               next_at = $7
         where notice_id = $1 and way = $2 and tries = $3 and state = 'waiting'
        """;

    // One that was taken and not tried has its try back.
    private const string ReturnSql = """
        update compensation.notice_delivery d
           set tries = d.tries - 1, next_at = $3
          from unnest($2::uuid[], $4::integer[]) as r (notice_id, tries)
         where d.notice_id = r.notice_id and d.way = $1 and d.tries = r.tries and d.state = 'waiting'
        """;

    /// <summary>Says by which ways notices leave from now on. Those given before have no delivery by a new way.
    /// </summary>
    public static async Task SwitchAsync(
        NpgsqlDataSource db, string[] on, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await Db.ExecuteAsync(connection, SwitchSql, [on, now.ToMicros()], ct);
    }

    /// <summary>Takes what is due, for a while.</summary>
    public static async Task<IReadOnlyList<DueNotice>> TakeAsync(
        NpgsqlConnection connection, string way, DateTimeOffset now, int most, DateTimeOffset until,
        CancellationToken ct)
    {
        await using var command = Db.Command(connection, TakeSql, way, now.ToMicros(), most, until.ToMicros());
        await using var row = await command.ExecuteReaderAsync(ct);
        var taken = new List<DueNotice>();
        while (await row.ReadAsync(ct))
            taken.Add(new DueNotice(
                new(row.GetGuid(0)), row.GetInt32(1), new(row.GetGuid(2)), row.GetString(3), row.GetString(4),
                row.GetString(5), row.GetFieldValue<DateTimeOffset>(6), row.IsDBNull(7) ? null : row.GetString(7),
                row.IsDBNull(8) ? null : row.GetFieldValue<DateOnly>(8), row.IsDBNull(9) ? null : row.GetBoolean(9)));
        return taken;
    }

    /// <summary>Writes how a try ended.</summary>
    /// <returns>False: the try is no longer the last one, so that somebody else says how it ends.</returns>
    public static async Task<bool> EndAsync(
        NpgsqlConnection connection, string way, DueNotice notice, DeliveryEnd end, CancellationToken ct) =>
        await Db.ExecuteAsync(
            connection, EndSql,
            [
                notice.Notice.Value, way, notice.Tries, end.State, end.At.ToMicros(), end.Reason,
                end.NextAt.ToMicros(),
            ], ct) == 1;

    /// <summary>Gives back what was taken and not tried; it is due again at once, or later.</summary>
    public static async Task ReturnAsync(
        NpgsqlConnection connection, string way, IReadOnlyList<DueNotice> notices, DateTimeOffset next,
        CancellationToken ct)
    {
        if (notices.Count == 0) return;
        await Db.ExecuteAsync(
            connection, ReturnSql,
            [
                way, notices.Select(n => n.Notice.Value).ToArray(), next.ToMicros(),
                notices.Select(n => n.Tries).ToArray(),
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

    /// <summary>Not sent on purpose: whoever it is for has left, or switched its kind off.</summary>
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
