using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering;
using Guerdon.Metering.Requests;
using Guerdon.Storage;
using Guerdon.Web.Shared;
using Npgsql;

namespace Guerdon.Web.Wallets;

/// <summary>What was charged on one day, UTC.</summary>
public sealed record DaySpend(DateOnly Day, Tokens Charged);

/// <summary>One request as its payer sees it.</summary>
public sealed record RequestLine(
    RequestId Id, DateTimeOffset StartedAt, string Model, string Provider, long Input, long Cached, long Output,
    Usd Cost, Tokens Charged, RecordState State, Outcome Outcome, long? SentCap)
{
    /// <summary>Of which audio and pictures, in words; null where there were none.</summary>
    public string? InputMedia { get; init; }

    public string? OutputMedia { get; init; }

    /// <summary>What its cost is made of, in words, where that is more than the model's tokens.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];
}

/// <summary>Reads of one wallet, from the views of Ledger and Metering.</summary>
internal static class WalletReads
{
    private const string RequestColumns = """
        select r.request_id, r.started_at, r.model, r.provider,
               r.input + r.cached_input + r.cache_write_5m + r.cache_write_1h as input, r.cached_input as cached,
               r.output, r.cost_nanos, r.charged_milli, r.state, r.outcome, r.sent_cap,
               r.audio_input, r.image_input, r.audio_output, r.image_output
          from metering.v_request r
         where r.wallet_id = $1
        """;

    private const string PageSql = RequestColumns + """
         and ($2::timestamptz is null or (r.started_at, r.request_id) < ($2, $3))
         order by r.started_at desc, r.request_id desc
         limit $4
        """;

    // By the ledger's day, not the request's: these are the very rows that the statement's line was booked from, at
    // what they were booked at; what corrections moved since has lines of its own.
    private static readonly string OfDaySql = RequestColumns.Replace(
        "r.charged_milli", "r.booked_milli as charged_milli", StringComparison.Ordinal) + """
         and r.started_at < $3
         and (r.started_at >= $2::timestamptz - interval '2 days'
           or r.source = metering.source_tuning() -- such jobs take days
           or exists ( -- imported usage may be older
             select from ledger.v_entry e
              where e.wallet_id = $1 and e.at >= $2 and e.at < $3 and e.kind = ledger.kind_spend()))
         and r.settled_by in (
             select e.source_id from ledger.v_entry e
              where e.wallet_id = $1 and e.at >= $2 and e.at < $3
                and e.kind in (ledger.kind_settle(), ledger.kind_spend()))
         order by r.started_at desc, r.request_id desc
         limit $4
        """;

    private const string DaysSql = """
        select d::date as day, coalesce(sum(t.charged_milli), 0)::bigint as charged
          from generate_series($2::date, $3::date, interval '1 day') d
          left join metering.v_day_total t on t.day = d::date and t.wallet_id = $1
         group by 1 order by 1
        """;

    // Moves whenever anything is charged, granted or expired, and not when what was charged is booked. Null: whoever
    // reads it has left.
    private const string VersionSql = """
        select coalesce(string_agg(concat_ws(' ', b.asset, b.available_milli, b.escrow_milli - u.milli,
                                             b.spent_milli + u.milli, b.expired_milli), ',' order by b.asset), '')
          from ledger.v_balance b
         cross join lateral (
            select coalesce(sum(u.charged_milli), 0) as milli from metering.v_unsettled u
             where u.wallet_id = b.wallet_id and b.asset = ledger.asset_compute()) u
         where b.wallet_id = $1
        having not exists (
            select from people.v_person
             where person_id = $2
               and (left_on < ($3::timestamptz at time zone 'UTC')::date or access_ended_at is not null))
        """;

    private const string PartsSql = """
        select p.request_id, p.name, p.input + p.cached_input + p.cache_write_5m + p.cache_write_1h as input, p.output,
               p.uses, p.doubts, p.cost_femto
          from metering.v_request_part p
         where p.wallet_id = $1
           and (p.started_at, p.request_id) in (select * from unnest($2::timestamptz[], $3::uuid[]))
         order by p.request_id, p.part
        """;

    // Rounded up to the nano-USD for showing only: the cost itself rounds all parts together.
    private static string PartOf(Row row)
    {
        var (name, uses) = (row.Text("name"), row.Bigint("uses"));
        var what = uses > 0 ? $"{Show.Count(uses)} × {name}"
            : $"{name}: {Show.Count(row.Bigint("input"))} in, {Show.Count(row.Bigint("output"))} out";
        var cost = new Usd((long)Math.Ceiling(row.Get<decimal>("cost_femto") / 1_000_000m));
        var doubts = DoubtWords.Of((Doubts)row.Smallint("doubts"));
        return $"{what}, {Show.Cost(cost)}" + (doubts.Count > 0 ? $" ({string.Join("; ", doubts)})" : "");
    }

    /// <summary>The newest requests, or those before one of them.</summary>
    public static Task<IReadOnlyList<RequestLine>> RequestsAsync(
        NpgsqlDataSource db, WalletId wallet, (DateTimeOffset At, RequestId Id)? before, int limit,
        CancellationToken ct) =>
        LinesAsync(db, wallet, PageSql,
            [wallet.Value, before?.At, before?.Id.Value, limit], ct);

    /// <summary>The requests that a day's statement line was booked from.</summary>
    public static Task<IReadOnlyList<RequestLine>> RequestsOfDayAsync(
        NpgsqlDataSource db, WalletId wallet, DateOnly day, int limit, CancellationToken ct)
    {
        var from = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        return LinesAsync(db, wallet, OfDaySql, [wallet.Value, from, from.AddDays(1), limit], ct);
    }

    /// <summary>What was charged on each of the days, both ends included.</summary>
    public static async Task<IReadOnlyList<DaySpend>> DaysAsync(
        NpgsqlDataSource db, WalletId wallet, DateOnly first, DateOnly last, CancellationToken ct) =>
        await db.ReadAsync(
            DaysSql, row => new DaySpend(row.Date("day"), row.Tokens("charged")), [wallet.Value, first, last], ct);

    /// <summary>A text that differs when the wallet does.</summary>
    /// <param name="db">The database.</param>
    /// <param name="wallet">Which.</param>
    /// <param name="reader">The person who reads it; null: an account that is nobody's.</param>
    /// <param name="now">The moment.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>Null where the reader has left.</returns>
    public static Task<string?> VersionAsync(
        NpgsqlDataSource db, WalletId wallet, Guid? reader, DateTimeOffset now, CancellationToken ct) =>
        db.ScalarAsync<string>(VersionSql, [wallet.Value, reader, now], ct);

    private static async Task<IReadOnlyList<RequestLine>> LinesAsync(
        NpgsqlDataSource db, WalletId wallet, string sql, object?[] values, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var lines = await connection.ReadAsync(sql, LineOf, values, ct);
        var parts = (await connection.ReadAsync(
            PartsSql, row => (Request: row.Id<RequestId>("request_id"), Text: PartOf(row)),
            [wallet.Value, lines.Select(l => l.StartedAt).ToArray(), lines.Select(l => l.Id.Value).ToArray()], ct))
            .ToLookup(part => part.Request, part => part.Text);
        return [.. lines.Select(line => line with { Parts = [.. parts[line.Id]] })];
    }

    private static RequestLine LineOf(Row row) => new(
        row.Id<RequestId>("request_id"), row.Instant("started_at"), row.Text("model"), row.Text("provider"),
        row.Bigint("input"), row.Bigint("cached"), row.Bigint("output"), new(row.Bigint("cost_nanos")),
        row.Tokens("charged_milli"), (RecordState)row.Smallint("state"), (Outcome)row.Smallint("outcome"),
        row.BigintOrNull("sent_cap"))
    {
        InputMedia = Show.Media(row.Bigint("audio_input"), row.Bigint("image_input")),
        OutputMedia = Show.Media(row.Bigint("audio_output"), row.Bigint("image_output")),
    };
}
