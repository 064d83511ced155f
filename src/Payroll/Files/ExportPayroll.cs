using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using Guerdon.Kernel;
using Guerdon.Payroll.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Payroll.Files;

/// <summary>
/// The file that payroll gets for a pay period. Made once: asked for again, it is the same to the byte. A line is in
/// one file of a layout only; one that comes late is in the next.
/// </summary>
public static class ExportPayroll
{
    /// <param name="Layout">adp, gusto, workday or plain.</param>
    /// <param name="Period">Any day of the pay period, or a month where pay periods are months.</param>
    public sealed record Asked(string? Layout, string? Period);

    /// <summary>Makes the file, or gives the one there is.</summary>
    internal static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Make(
        [AsParameters] Asked asked, ClaimsPrincipal caller, NpgsqlDataSource db, TimeProvider clock,
        HttpContext context, CancellationToken ct)
    {
        var named = await PeriodAsync(asked, db, ct);
        if (!named.Is(out var found, out var no)) return no.ToProblem();
        var (calendar, period) = found;
        if (calendar.SpanOf(period).From > clock.GetUtcNow())
            return PayrollRefusals.PeriodToCome.ToProblem($"The pay period {period} has not begun.");

        var settings = calendar.SettingsOn(period.Last)!;
        if (asked.Layout != PayrollLayout.Plain && !settings.Layouts.ContainsKey(asked.Layout!))
            return PayrollRefusals.LayoutUnset.ToProblem($"The settings of {period} say nothing of {asked.Layout}.");
        var (file, missing) = await PayrollExports.MakeAsync(
            db, asked.Layout!, period, settings, Access.NameOf(caller), clock, ct);
        return file is not null ? File(file, context.Response) : PayrollRefusals.CodesMissing.ToProblem(
            missing.Count == 1 ? missing[0] : $"{missing.Count} things are missing.", missing);
    }

    /// <summary>Gives the file there is; changes nothing.</summary>
    internal static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Handle(
        [AsParameters] Asked asked, NpgsqlDataSource db, HttpContext context, CancellationToken ct)
    {
        var named = await PeriodAsync(asked, db, ct);
        if (!named.Is(out var found, out var no)) return no.ToProblem();
        return await PayrollExports.FindAsync(db, asked.Layout!, found.Period, ct) is { } file
            ? File(file, context.Response)
            : PayrollRefusals.NotExported.ToProblem($"There is no file in layout {asked.Layout} for {found.Period}.");
    }

    /// <summary>The pay period that a text names, or why none.</summary>
    public static Result<PayPeriod> Find(PayCalendar calendar, string? text)
    {
        var isMonth = text?.Length == 7;
        if (!Days.TryParse(isMonth ? text + "-01" : text, out var day))
            return PayrollRefusals.PeriodInvalid.With($"'{text}' is not a day or a month from 1900 to 2199.");
        if (calendar.PeriodOf(day) is not { } period)
            return PayrollRefusals.NoSettings.With(
                $"Payroll settings begin on {calendar.Begins.Iso()}, after {day.Iso()}.");
        return isMonth && (period.First != day || period.Last.AddDays(1) != day.AddMonths(1))
            ? PayrollRefusals.PeriodInvalid.With($"{text} is not a pay period; {day.Iso()} lies in {period}.")
            : period;
    }

    private static async Task<Result<(PayCalendar Calendar, PayPeriod Period)>> PeriodAsync(
        Asked asked, NpgsqlDataSource db, CancellationToken ct)
    {
        if (!PayrollLayout.IsKnown(asked.Layout))
            return PayrollRefusals.LayoutUnknown.With($"'{asked.Layout}' is not a layout.");
        if (await PayrollStore.CalendarAsync(db, ct) is not { } calendar)
            return PayrollRefusals.NoSettings.With("There are no payroll settings.");
        return Find(calendar, asked.Period).Select(period => (calendar, period));
    }

    private static FileContentHttpResult File(ExportedFile file, HttpResponse response)
    {
        response.Headers["Guerdon-Export"] = file.About.Id.ToString();
        response.Headers["Guerdon-Lines"] = file.About.Lines.ToString(CultureInfo.InvariantCulture);
        response.Headers["Guerdon-Sha256"] = Convert.ToHexStringLower(SHA256.HashData(file.Content));
        return TypedResults.File(file.Content, PayrollFiles.MediaType(file.About.Layout), file.About.FileName);
    }
}
