using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Payroll.GeneralLedger;

/// <summary>What the company owes for vested tokens that can become pay, at an instant.</summary>
public static class GetAccruals
{
    private static readonly string ReadSql = Sql.Read("Payroll/GeneralLedger/Accruals.sql");

    /// <param name="At">Before this instant.</param>
    /// <param name="Lines">By tax class and the currency of the grants' pay.</param>
    /// <param name="TotalUsdNanos">They add up to it: all are valued in USD.</param>
    public sealed record Reply(DateTimeOffset At, IReadOnlyList<Line> Lines, long TotalUsdNanos);

    /// <param name="TaxClass">Of the tokens.</param>
    /// <param name="Currency">Of the owners' pay; the value is in USD all the same.</param>
    /// <param name="Lots">How many grants.</param>
    /// <param name="People">Whose.</param>
    /// <param name="Milli">Vested, neither converted nor lapsed; milli-tokens, from the ledger's entries.</param>
    /// <param name="UsdNanos">At the rate at which they can be cashed; where the terms have none, at their
    /// grants' value.</param>
    /// <param name="InLotsMilli">What the lots hold, read apart; null for an instant that is past.</param>
    public sealed record Line(
        string TaxClass, string Currency, long Lots, long People, long Milli, long UsdNanos, long? InLotsMilli);

    internal static async Task<Ok<Reply>> Handle(
        DateTimeOffset? at, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct) =>
        TypedResults.Ok(await ReadAsync(db, at, clock, ct));

    /// <param name="db">Read in one snapshot.</param>
    /// <param name="at">The instant; null: now, with what the lots hold.</param>
    /// <param name="clock">Now.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<Reply> ReadAsync(
        NpgsqlDataSource db, DateTimeOffset? at, TimeProvider clock, CancellationToken ct)
    {
        var rates = (await LiabilityRates.ReadAsync(db, ct)).AllAt(at?.AddTicks(-1) ?? clock.GetUtcNow());
        // With no instant everything counts, since another server's clock may be ahead of this one.
        var before = at?.UtcDateTime ?? new DateTime(9999, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var lines = await db.ReadAsync(
            ReadSql,
            row => new Line(
                row.Text("tax_class"), row.Text("pay_currency"), row.Bigint("lots"), row.Bigint("people"),
                row.Bigint("units"), row.Bigint("nanos"), at is null ? row.Bigint("in_lots") : null),
            [
                before, GlRows.Convertible, rates.Select(r => r.TaxClass).ToArray(),
                rates.Select(r => r.Currency).ToArray(), GlRows.Numbers(rates, r => r.Rate?.Nanos),
                GlRows.Numbers(rates, r => r.Rate?.Milli),
            ], ct);
        return new Reply(at ?? clock.GetUtcNow(), lines, lines.Sum(line => line.UsdNanos));
    }
}
