using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.Metering.Settlement;
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
    /// <param name="books">What it is read from; what comes next is seen from its clock's now.</param>
    /// <param name="ct">Stops it.</param>
    internal static async Task<Results<Ok<PayStatement>, FileContentHttpResult, ProblemHttpResult>> Handle(
        string personOrEmail, [AsParameters] Asked asked, ClaimsPrincipal caller, [AsParameters] Services books,
        CancellationToken ct)
    {
        if (asked.Format is not (null or "json" or "csv" or "pdf"))
            return PayrollRefusals.FormatUnknown.ToProblem($"'{asked.Format}' is not json, csv or pdf.");
        var reads = Permissions.WalletsRead; // it says what is left, and so what was used
        if (await Readable.FindAsync(personOrEmail, caller, reads, books.People, ct) is not { } person)
            return Readable.Nobody(personOrEmail);
        if (await PayrollStore.CalendarAsync(books.Db, ct) is not { } calendar)
            return PayrollRefusals.NoSettings.ToProblem("There are no payroll settings, and so no pay periods.");

        var now = books.Clock.GetUtcNow();
        var named = asked.Period is { } text ? ExportPayroll.Find(calendar, text) : Now(calendar, now);
        if (!named.Is(out var period, out var no)) return no.ToProblem();
        await books.Settlements.BeforeReadingAsync(new(person.Id.Value), ct);
        var statement = await PayStatements.ReadAsync(books.Db, person, calendar, period, now, ct);
        var name = $"statement-{period.First.Iso()}";
        return asked.Format switch
        {
            "csv" => TypedResults.File(PayStatementFiles.Csv(statement), "text/csv; charset=utf-8", $"{name}.csv"),
            "pdf" => TypedResults.File(PayStatementFiles.Pdf(statement, now), "application/pdf", $"{name}.pdf"),
            _ => TypedResults.Ok(statement),
        };
    }

    /// <summary>What it is read from.</summary>
    internal sealed record Services(
        NpgsqlDataSource Db, Settlements Settlements, PeopleDirectory People, TimeProvider Clock);

    /// <summary>Whether payroll settings have a pay period with a day, so that there is a statement of it.</summary>
    public static async Task<bool> HasPeriodAsync(NpgsqlDataSource db, DateOnly day, CancellationToken ct) =>
        (await PayrollStore.CalendarAsync(db, ct))?.PeriodOf(day) is not null;

    private static Result<PayPeriod> Now(PayCalendar calendar, DateTimeOffset now) =>
        calendar.PeriodOf(now) is { } period ? period : PayrollRefusals.NoSettings.With(
            $"Payroll settings begin on {calendar.Begins.Iso()}.");
}
