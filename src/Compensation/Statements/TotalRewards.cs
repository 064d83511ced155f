using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Stipend.Kernel;
using Stipend.People;

namespace Stipend.Compensation;

/// <summary>
/// A person's year: base pay, what comes on top of it, and the tokens granted, each with its computation. Pay stays in
/// its own currency and tokens in USD; they are not added where that would need a rate nobody agreed on.
/// </summary>
public static class TotalRewards
{
    private static readonly string Granted = Sql.Read("Compensation/Statements/Granted.sql");

    /// <param name="Person">Whose.</param>
    /// <param name="Year">The calendar year.</param>
    /// <param name="Currency">Of the pay.</param>
    /// <param name="BasePayCents">A year's, as on file today.</param>
    /// <param name="OtherPayCents">Total pay less base pay.</param>
    /// <param name="TokensMilli">Granted in the year's periods.</param>
    /// <param name="TokensUsdNanos">Their worth when granted.</param>
    /// <param name="Grants">They add up to the two before.</param>
    public sealed record Reply(
        PersonId Person, int Year, string Currency, long BasePayCents, long OtherPayCents, long TokensMilli,
        long TokensUsdNanos, IReadOnlyList<Grant> Grants);

    /// <summary>
    /// A grant, in milli-tokens and in nano-USD at the token value of its day, with the rule that made it.
    /// </summary>
    public sealed record Grant(
        string Period, string Plan, string Kind, long AmountMilli, long UsdNanos, string TaxClass,
        DateTimeOffset? ExpiresAt, string Explanation);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string personOrEmail, int? year, ClaimsPrincipal caller, PeopleDirectory people, NpgsqlDataSource db,
        TimeProvider clock, CancellationToken ct)
    {
        var wanted = year ?? clock.GetUtcNow().Year;
        if (wanted is < 2020 or > 2199)
            return CompensationRefusals.PeriodInvalid.ToProblem($"{wanted} is out of range.");
        var person = await people.FindAsync(personOrEmail, ct);
        if (person is null || !Access.MayRead(caller, person.Id.Value))
            return PeopleRefusals.PersonNotFound.ToProblem($"There is no '{personOrEmail}' that you may read.");

        var grants = await GrantsAsync(db, person.Id, wanted, ct);
        return TypedResults.Ok(new Reply(
            person.Id, wanted, person.Currency, person.BasePayCents, person.TotalPayCents - person.BasePayCents,
            grants.Sum(g => g.AmountMilli), grants.Sum(g => g.UsdNanos), grants));
    }

    private static async Task<List<Grant>> GrantsAsync(
        NpgsqlDataSource db, PersonId person, int year, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var command = Db.Command(
            connection, Granted, person.Value, new Period(year, 1).ToString(), new Period(year, 12).ToString());
        await using var row = await command.ExecuteReaderAsync(ct);
        var grants = new List<Grant>();
        while (await row.ReadAsync(ct))
            grants.Add(new Grant(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4),
                row.GetString(5), row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6), row.GetString(7)));
        return grants;
    }
}
