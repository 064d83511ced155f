using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.Payroll;
using Guerdon.Payroll.Files;
using Guerdon.Payroll.Settings;
using Guerdon.People.Employees;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Statements;

/// <summary>A person's statement of a pay period, as JSON, CSV or PDF.</summary>
public static class GetPayStatement
{
    /// <param name="Period">Any day of it, or a month where pay periods are months; null: the one that is now.</param>
    /// <param name="Format">json, csv or pdf; null: json.</param>
    public sealed record Asked(string? Period, string? Format);

    /// <param name="personOrEmail">Whose.</param>
    /// <param name="asked">Of when, and as what.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="people">To find them.</param>
    /// <param name="db">Read only.</param>
    /// <param name="clock">What comes next is seen from now.</param>
    /// <param name="ct">Stops it.</param>
    internal static async Task<Results<Ok<PayStatement>, FileContentHttpResult, ProblemHttpResult>> Handle(
        string personOrEmail, [AsParameters] Asked asked, ClaimsPrincipal caller, PeopleDirectory people,
        NpgsqlDataSource db, TimeProvider clock, CancellationToken ct)
    {
        if (asked.Format is not (null or "json" or "csv" or "pdf"))
            return PayrollRefusals.FormatUnknown.ToProblem($"'{asked.Format}' is not json, csv or pdf.");
        if (await Readable.FindAsync(personOrEmail, caller, people, ct) is not { } person)
            return Readable.Nobody(personOrEmail);
        if (await PayrollStore.CalendarAsync(db, ct) is not { } calendar)
            return PayrollRefusals.NoSettings.ToProblem("There are no payroll settings, and so no pay periods.");

        var now = clock.GetUtcNow();
        var named = asked.Period is { } text ? ExportPayroll.Find(calendar, text) : Now(calendar, now);
        if (!named.Is(out var period, out var no)) return no.ToProblem();
        var statement = await PayStatements.ReadAsync(db, person, calendar, period, now, ct);
        var name = $"statement-{period.First.Iso()}";
        return asked.Format switch
        {
            "csv" => TypedResults.File(PayStatementFiles.Csv(statement), "text/csv; charset=utf-8", $"{name}.csv"),
            "pdf" => TypedResults.File(PayStatementFiles.Pdf(statement, now), "application/pdf", $"{name}.pdf"),
            _ => TypedResults.Ok(statement),
        };
    }

    /// <summary>Whether payroll settings have a pay period with a day, so that there is a statement of it.</summary>
    public static async Task<bool> HasPeriodAsync(NpgsqlDataSource db, DateOnly day, CancellationToken ct) =>
        (await PayrollStore.CalendarAsync(db, ct))?.PeriodOf(day) is not null;

    private static Result<PayPeriod> Now(PayCalendar calendar, DateTimeOffset now) =>
        calendar.PeriodOf(now) is { } period ? period : PayrollRefusals.NoSettings.With(
            $"Payroll settings begin on {calendar.Begins.Iso()}.");
}
