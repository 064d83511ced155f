using Dapper;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering;
using Guerdon.Metering.Requests;
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
         where r.wallet_id = @wallet
        """;

    private const string PageSql = RequestColumns + """
         and (@before::timestamptz is null or (r.started_at, r.request_id) < (@before, @beforeId))
         order by r.started_at desc, r.request_id desc
         limit @limit
        """;

    // By the ledger's day, not the request's: these are the very rows that the statement's line was booked from, at
    // what they were booked at; what corrections moved since has lines of its own.
    private static readonly string OfDaySql = RequestColumns.Replace(
        "r.charged_milli", "r.booked_milli as charged_milli", StringComparison.Ordinal) + """
         and r.started_at < @to
         and (r.started_at >= @from::timestamptz - interval '2 days'
           or r.source = metering.source_tuning() -- such jobs take days
           or exists ( -- imported usage may be older
             select from ledger.v_entry e
              where e.wallet_id = @wallet and e.at >= @from and e.at < @to and e.kind = ledger.kind_spend()))
         and r.settled_by in (
             select e.source_id from ledger.v_entry e
              where e.wallet_id = @wallet and e.at >= @from and e.at < @to
                and e.kind in (ledger.kind_settle(), ledger.kind_spend()))
         order by r.started_at desc, r.request_id desc
         limit @limit
        """;

    private const string DaysSql = """
        select d::date as day, coalesce(sum(t.charged_milli), 0)::bigint as charged
          from generate_series(@first::date, @last::date, interval '1 day') d
          left join metering.v_day_total t on t.day = d::date and t.wallet_id = @wallet
         group by 1 order by 1
        """;

    // Moves whenever anything is booked, granted or expired. Null: whoever reads it has left.
    private const string VersionSql = """
        select coalesce(string_agg(concat_ws(' ', asset, available_milli, escrow_milli, spent_milli, expired_milli), ','
                                   order by asset), '')
          from ledger.v_balance where wallet_id = @wallet
        having not exists (
            select from people.v_person
             where person_id = @reader and left_on < (@now::timestamptz at time zone 'UTC')::date)
        """;

    private sealed record Row(
        Guid Request_Id, DateTime Started_At, string Model, string Provider, long Input, long Cached, long Output,
        long Cost_Nanos, long Charged_Milli, short State, short Outcome, long? Sent_Cap,
        long Audio_Input, long Image_Input, long Audio_Output, long Image_Output);

    private const string PartsSql = """
        select p.request_id, p.name, p.input + p.cached_input + p.cache_write_5m + p.cache_write_1h as input, p.output,
               p.uses, p.doubts, p.cost_femto
          from metering.v_request_part p
         where p.wallet_id = @wallet
           and (p.started_at, p.request_id) in (select * from unnest(@starts::timestamptz[], @ids::uuid[]))
         order by p.request_id, p.part
        """;

    private sealed record PartRow(
        Guid Request_Id, string Name, long Input, long Output, long Uses, short Doubts, decimal Cost_Femto);

    // Exact to the nano-USD; what is below it is rounded with the other parts.
    private static string TextOf(PartRow part)
    {
        var what = part.Uses > 0 ? $"{Show.Count(part.Uses)} × {part.Name}"
            : $"{part.Name}: {Show.Count(part.Input)} in, {Show.Count(part.Output)} out";
        var cost = new Usd((long)Math.Ceiling(part.Cost_Femto / 1_000_000m));
        var doubts = DoubtWords.Of((Doubts)part.Doubts);
        return $"{what}, {Show.Cost(cost)}" + (doubts.Count > 0 ? $" ({string.Join("; ", doubts)})" : "");
    }

    /// <summary>The newest requests, or those before one of them.</summary>
    public static Task<IReadOnlyList<RequestLine>> RequestsAsync(
        NpgsqlDataSource db, WalletId wallet, (DateTimeOffset At, RequestId Id)? before, int limit,
        CancellationToken ct) =>
        LinesAsync(db, wallet, PageSql,
            new { wallet = wallet.Value, before = before?.At.UtcDateTime, beforeId = before?.Id.Value, limit }, ct);

    /// <summary>The requests that a day's statement line was booked from.</summary>
    public static Task<IReadOnlyList<RequestLine>> RequestsOfDayAsync(
        NpgsqlDataSource db, WalletId wallet, DateOnly day, int limit, CancellationToken ct)
    {
        var from = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        return LinesAsync(db, wallet, OfDaySql, new { wallet = wallet.Value, from, to = from.AddDays(1), limit }, ct);
    }

    /// <summary>What was charged on each of the days, both ends included.</summary>
    public static async Task<IReadOnlyList<DaySpend>> DaysAsync(
        NpgsqlDataSource db, WalletId wallet, DateOnly first, DateOnly last, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = await connection.QueryAsync<(DateTime Day, long Charged)>(new CommandDefinition(DaysSql, new
        {
            wallet = wallet.Value, first = first.ToDateTime(default), last = last.ToDateTime(default),
        }, cancellationToken: ct));
        return [.. rows.Select(r => new DaySpend(DateOnly.FromDateTime(r.Day), new(r.Charged)))];
    }

    /// <summary>A text that differs when the wallet does.</summary>
    /// <param name="db">The database.</param>
    /// <param name="wallet">Which.</param>
    /// <param name="reader">The person who reads it; null: an account that is nobody's.</param>
    /// <param name="now">The moment.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>Null where the reader has left.</returns>
    public static async Task<string?> VersionAsync(
        NpgsqlDataSource db, WalletId wallet, Guid? reader, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<string>(new CommandDefinition(
            VersionSql, new { wallet = wallet.Value, reader, now = now.UtcDateTime }, cancellationToken: ct));
    }

    private static async Task<IReadOnlyList<RequestLine>> LinesAsync(
        NpgsqlDataSource db, WalletId wallet, string sql, object parameters, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(sql, parameters, cancellationToken: ct)))
            .AsList();
        var parts = (await connection.QueryAsync<PartRow>(new CommandDefinition(PartsSql, new
        {
            wallet = wallet.Value, starts = rows.Select(r => r.Started_At).ToArray(),
            ids = rows.Select(r => r.Request_Id).ToArray(),
        }, cancellationToken: ct))).ToLookup(p => p.Request_Id);
        return [.. rows.Select(r => new RequestLine(
            new(r.Request_Id), r.Started_At, r.Model, r.Provider, r.Input, r.Cached, r.Output, new(r.Cost_Nanos),
            new(r.Charged_Milli), (RecordState)r.State, (Outcome)r.Outcome, r.Sent_Cap)
        {
            InputMedia = Show.Media(r.Audio_Input, r.Image_Input),
            OutputMedia = Show.Media(r.Audio_Output, r.Image_Output),
            Parts = [.. parts[r.Request_Id].Select(TextOf)],
        })];
    }
}
