using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.Payroll;
using Guerdon.Payroll.Settings;
using Guerdon.People;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Statements;

/// <summary>
/// A person's year: base pay, what comes on top of it, and the tokens granted, each with its computation. Pay stays in
/// its own currency and tokens in USD; they are added only where payroll settings state a rate.
/// </summary>
public static class TotalRewards
{
    private static readonly string Granted = Sql.Read("Statements/Granted.sql");

    private static readonly string PaidOut = Sql.Read("Statements/PaidOut.sql");

    /// <param name="Person">Whose.</param>
    /// <param name="Name">As the company writes it.</param>
    /// <param name="Year">The calendar year.</param>
    /// <param name="Currency">Of the pay.</param>
    /// <param name="BasePayCents">A whole year's, as it is today, or was on the year's last day.</param>
    /// <param name="OtherPayCents">A whole year's total pay less base pay: bonus and equity, as far as
    /// they are on file.</param>
    /// <param name="DaysEmployed">Of the year.</param>
    /// <param name="DaysOfYear">365 or 366.</param>
    /// <param name="BaseEarnedCents">Base pay for the days employed, rounded half up.</param>
    /// <param name="OtherEarnedCents">The other pay likewise.</param>
    /// <param name="TokensMilli">Granted in the year's periods.</param>
    /// <param name="TokensUsdNanos">Their worth when granted.</param>
    /// <param name="Grants">They add up to the two before.</param>
    /// <param name="PaidOut">What tokens and claims were paid out as; of tokens granted, and so not
    /// added to them.</param>
    /// <param name="RateNanos">Nano-USD a unit of the currency, as payroll settings state it; null: nobody did.</param>
    /// <param name="TotalUsdNanos">Pay earned and tokens; null where there is no rate to add them by.</param>
    public sealed record Reply(
        PersonId Person, string Name, int Year, string Currency, long BasePayCents, long OtherPayCents,
        int DaysEmployed, int DaysOfYear,
        long BaseEarnedCents, long OtherEarnedCents, long TokensMilli, long TokensUsdNanos,
        IReadOnlyList<Grant> Grants, IReadOnlyList<Paid> PaidOut, long? RateNanos, long? TotalUsdNanos)
    {
        /// <summary>What a company's only administrator decided alone of what these figures come from.</summary>
        public IReadOnlyList<DecidedAlone> DecidedAlone { get; init; } = [];
    }

    /// <summary>
    /// A grant, in milli-tokens and in nano-USD at the token value of its day, with the rule that made it.
    /// </summary>
    public sealed record Grant(
        string Period, string Plan, string Kind, long AmountMilli, long UsdNanos, string TaxClass,
        DateTimeOffset? ExpiresAt, string Explanation);

    /// <summary>Pay lines of one form, added up: hundredths of the currency or of a day, whole
    /// units of equity.</summary>
    public sealed record Paid(string Form, string TaxClass, string? Currency, string Unit, long Amount, int Lines);

    /// <param name="Year">Null: this one.</param>
    /// <param name="Format">json, csv or pdf; null: json.</param>
    public sealed record Asked(int? Year, string? Format);

    /// <summary>Whether there can be such a statement of a year. Pages offer no other.</summary>
    public static bool HasYear(int year) => year is >= 2020 and <= 2199;

    /// <param name="personOrEmail">Whose.</param>
    /// <param name="asked">Of when, and as what.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="people">To find them.</param>
    /// <param name="db">Read only.</param>
    /// <param name="clock">This year.</param>
    /// <param name="ct">Stops it.</param>
    internal static async Task<Results<Ok<Reply>, FileContentHttpResult, ProblemHttpResult>> Handle(
        string personOrEmail, [AsParameters] Asked asked, ClaimsPrincipal caller, PeopleDirectory people,
        NpgsqlDataSource db, TimeProvider clock, CancellationToken ct)
    {
        var year = asked.Year ?? clock.GetUtcNow().Year;
        if (!HasYear(year)) return KernelRefusals.PeriodInvalid.ToProblem($"{year} is out of range.");
        if (asked.Format is not (null or "json" or "csv" or "pdf"))
            return PayrollRefusals.FormatUnknown.ToProblem($"'{asked.Format}' is not json, csv or pdf.");
        if (await Readable.FindAsync(personOrEmail, caller, Permissions.PayRead, people, ct) is not { } person)
            return Readable.Nobody(personOrEmail);

        // Pay of the year's last day, or today's where that is still to come.
        var last = new DateOnly(year, 12, 31);
        var then = last < clock.Today() ? await people.AsOfAsync(person.Id.ToString(), last, ct) ?? person : person;
        var reply = await ReadAsync(db, then, year, ct);
        return asked.Format switch
        {
            "csv" => TypedResults.File(RewardsFiles.Csv(reply), "text/csv; charset=utf-8", $"rewards-{year}.csv"),
            "pdf" => TypedResults.File(
                RewardsFiles.Pdf(reply, clock.GetUtcNow()), "application/pdf", $"rewards-{year}.pdf"),
            _ => TypedResults.Ok(reply),
        };
    }

    private static async Task<Reply> ReadAsync(NpgsqlDataSource db, Person person, int year, CancellationToken ct)
    {
        var (first, last) = (new DateOnly(year, 1, 1), new DateOnly(year, 12, 31));
        var grants = await GrantsAsync(db, person.Id, year, ct);
        var paid = await PaidAsync(db, person.Id, first, last, ct);
        var calendar = await PayrollStore.CalendarAsync(db, ct);
        var rate = calendar?.SettingsOn(last)?.RateOf(person.Currency)
            ?? (person.Currency == "USD" ? Usd.Dollar : null);
        return Of(person, year, grants, paid, rate) with
        {
            DecidedAlone = await DecidedAlone.ReadAsync(
                db, person.Id.Value, first.UtcStart(), last.AddDays(1).UtcStart(), ct),
        };
    }

    /// <summary>The year's figures. No I/O.</summary>
    internal static Reply Of(
        Person person, int year, IReadOnlyList<Grant> grants, IReadOnlyList<Paid> paid, long? rateNanos)
    {
        var (first, last) = (new DateOnly(year, 1, 1), new DateOnly(year, 12, 31));
        var (days, ofDays) = (person.DaysEmployed(first, last), last.DayOfYear);
        var otherPay = person.TotalPayCents - person.BasePayCents;
        var (earned, other) = (
            Earned(person.BasePayCents), Earned(otherPay));
        var tokens = grants.Sum(g => g.UsdNanos);
        // Rounded down to a nano-USD, since the rate is in nano-USD a unit and the pay in parts of a unit.
        long? total = rateNanos is { } rate
            ? checked((long)((Int128)(earned + other) * rate / Currencies.PerUnit(person.Currency) + tokens)) : null;
        return new Reply(
            person.Id, person.Name, year, person.Currency, person.BasePayCents, otherPay, days, ofDays, earned, other,
            grants.Sum(g => g.AmountMilli), tokens, grants, paid, rateNanos, total);

        long Earned(long whole)
        {
            var step = Currencies.Step(person.Currency);
            return ZoneDays.ProRata(whole / step, days, ofDays) * step;
        }
    }

    private static Task<List<Paid>> PaidAsync(
        NpgsqlDataSource db, PersonId person, DateOnly first, DateOnly last, CancellationToken ct) =>
        db.ReadAsync(
            PaidOut,
            row => new Paid(
                row.Text("form"), row.Text("tax_class"), row.TextOrNull("currency"), row.Text("unit"),
                row.Bigint("amount"), row.Int4("lines")),
            [person.Value, first, last], ct);

    private static Task<List<Grant>> GrantsAsync(
        NpgsqlDataSource db, PersonId person, int year, CancellationToken ct) =>
        db.ReadAsync(
            Granted,
            row => new Grant(
                row.Text("period"), row.Text("plan"), row.Text("kind"), row.Bigint("amount_milli"),
                row.Bigint("usd_nanos"), row.Text("tax_class"), row.InstantOrNull("expires_at"),
                row.Text("explanation")),
            [person.Value, new Period(year, 1).ToString(), new Period(year, 12).ToString()], ct);
}
