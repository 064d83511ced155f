using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.Pricing.Book;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Metering.Rollups;

/// <summary>The company in figures, for whoever runs the programme. Sums over all people; no person is in it. In
/// works-council mode they are <see cref="GroupUse"/>'s, of a month.</summary>
public static class GetOverview
{
    private static readonly string TotalsSql = Sql.Read("Metering/Rollups/Overview.sql");
    private static readonly string ModelsSql = Sql.Read("Metering/Rollups/OverviewModels.sql");
    private const string DaysSql = """
        select day, sum(requests)::bigint as requests, sum(charged_milli)::bigint as charged_milli
          from metering.v_day_total where day >= $1 and day <= $2 group by day order by day
        """;

    /// <param name="People">In the directory.</param>
    /// <param name="Wallets">Of people, with at least one grant.</param>
    /// <param name="GrantedMilli">To people, ever.</param>
    /// <param name="AvailableMilli">Free in people's wallets, lots past their date not counted; null in works-council
    /// mode, as are the next three.</param>
    /// <param name="EscrowMilli">Set aside for gateways.</param>
    /// <param name="SpentMilli">Used up, ever.</param>
    /// <param name="ExpiredMilli">Lapsed, ever.</param>
    /// <param name="Requests">In the days asked for; null: not shown.</param>
    /// <param name="ActivePeople">With at least one request in the days asked for; null: not shown.</param>
    /// <param name="ByModel">In the days asked for, the most expensive first.</param>
    /// <param name="ByDay">Each day with requests; none in works-council mode.</param>
    public sealed record Reply(
        long People, long Wallets, long GrantedMilli, long? AvailableMilli, long? EscrowMilli, long? SpentMilli,
        long? ExpiredMilli, long? Requests, long? ActivePeople, IReadOnlyList<ModelLine> ByModel,
        IReadOnlyList<DayLine> ByDay)
    {
        /// <summary>First day of the month that is shown in works-council mode; null: the mode is off, and the days are
        /// those asked for.</summary>
        public DateOnly? Month { get; init; }

        /// <summary>How many teams and models are not shown, since they are of too few people.</summary>
        public int? Hidden { get; init; }

        /// <summary>Nano-USD that a token is worth now.</summary>
        public required long TokenValueNanos { get; init; }
    }

    /// <summary>One model's sums: tokens in and out, cost in nano-USD, charged milli-tokens.</summary>
    public sealed record ModelLine(
        string Model, long Requests, long Input, long Output, long CostNanos, long ChargedMilli);

    /// <summary>One day's sums (UTC); charged in milli-tokens.</summary>
    public sealed record DayLine(DateOnly Day, long Requests, long ChargedMilli);

    /// <param name="from">First day (UTC); null: 29 days before today.</param>
    /// <param name="to">Last day, itself included, as <c>to</c> of statements and journals is not; null: today. In
    /// works-council mode any of the month that is wanted.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="books">What it is read from.</param>
    /// <param name="ct">Stops it.</param>
    internal static async Task<Ok<Reply>> Handle(
        DateOnly? from, DateOnly? to, ClaimsPrincipal caller, [AsParameters] Services books, CancellationToken ct)
    {
        var today = books.Clock.Today();
        if (!Access.IsGroupsOnly(caller))
            return TypedResults.Ok(await ReadAsync(books, from ?? today.AddDays(-29), to ?? today, ct));
        return TypedResults.Ok(await OfGroupsAsync(
            books, await GroupUse.ReadAsync(books.Db, to ?? today, today, ct), ct));
    }

    /// <summary>What it is read from.</summary>
    public sealed record Services(NpgsqlDataSource Db, PriceBook Prices, TimeProvider Clock);

    /// <param name="books">The clock says which lots have passed their date.</param>
    /// <param name="from">First day (UTC).</param>
    /// <param name="to">Last day.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<Reply> ReadAsync(Services books, DateOnly from, DateOnly to, CancellationToken ct)
    {
        var now = books.Clock.GetUtcNow();
        await using var connection = await books.Db.OpenConnectionAsync(ct);
        var models = await connection.ReadAsync(ModelsSql, ModelOf, [from, to], ct);
        var days = await connection.ReadAsync(
            DaysSql, row => new DayLine(row.Date("day"), row.Bigint("requests"), row.Bigint("charged_milli")),
            [from, to], ct);
        return await connection.SingleAsync(
            TotalsSql,
            row => new Reply(
                row.Bigint("people"), row.Bigint("wallets"), row.Bigint("granted"), row.Bigint("available"),
                row.Bigint("escrow"), row.Bigint("spent"), row.Bigint("expired"), row.Bigint("requests"),
                row.Bigint("active"), models, days)
            {
                TokenValueNanos = books.Prices.TokenValueAt(now),
            },
            [from, to, now], ct);
    }

    /// <summary>The same in works-council mode: what does not tell what anybody used, and the sums that may be shown.
    /// </summary>
    /// <param name="books">Of what was granted, as of now.</param>
    /// <param name="use">Of the month.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<Reply> OfGroupsAsync(Services books, GroupUse use, CancellationToken ct)
    {
        var all = await ReadAsync(books, use.First, use.Last, ct);
        return new(
            all.People, all.Wallets, all.GrantedMilli, null, null, null, null, use.Whole?.Requests, use.Whole?.People,
            [.. use.Models.OrderByDescending(one => one.Sum.ChargedMilli).Select(one => new ModelLine(
                one.Name, one.Sum.Requests, one.Sum.Input, one.Sum.Output, one.Sum.CostNanos, one.Sum.ChargedMilli))],
            [])
        {
            TokenValueNanos = all.TokenValueNanos, Month = use.First, Hidden = use.Hidden,
        };
    }

    private static ModelLine ModelOf(Row row) => new(
        row.Text("model"), row.Bigint("requests"), row.Bigint("input"), row.Bigint("output"),
        row.Bigint("cost_nanos"), row.Bigint("charged_milli"));
}
