using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Payroll.Files;

/// <summary>Takes payroll settings into effect as a new version; the newest again adds none.</summary>
public static class ApplyPayroll
{
    /// <param name="Settings">The version on file.</param>
    /// <param name="Added">False where it was there already.</param>
    public sealed record Reply(AppliedPayroll Settings, bool Added);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        HttpRequest request, ClaimsPrincipal caller, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct)
    {
        var (yaml, settings, problem) = await PayrollText.ReadAsync(request, ct);
        if (settings is null) return problem!;
        var (applied, added, refused) =
            await PayrollStore.ApplyAsync(db, settings, yaml, Access.NameOf(caller), clock, ct);
        return applied is null ? refused!.ToProblem() : TypedResults.Ok(new Reply(applied, added));
    }
}

/// <summary>Reads payroll settings and shows the pay periods of their first year. Changes nothing.</summary>
public static class CheckPayroll
{
    /// <param name="EffectiveFrom">The first day.</param>
    /// <param name="Year">The calendar year of the first pay day.</param>
    /// <param name="Periods">Those paid in that year from then on.</param>
    public sealed record Reply(DateOnly EffectiveFrom, int Year, IReadOnlyList<Period> Periods);

    /// <summary>A pay period and the quarter of the company's year that its last day lies in.</summary>
    public sealed record Period(DateOnly First, DateOnly Last, DateOnly PayDay, string Quarter);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        HttpRequest request, NpgsqlDataSource db, CancellationToken ct)
    {
        var (_, settings, problem) = await PayrollText.ReadAsync(request, ct);
        if (settings is null) return problem!;
        await using (var connection = await db.OpenConnectionAsync(ct))
        {
            var before = await PayrollStore.CalendarAsync(db, ct);
            if (await PayrollStore.FitsAsync(connection, before, settings, ct) is { } refused)
                return refused.ToProblem();
        }

        var year = settings.Schedule.PeriodOf(settings.EffectiveFrom).PayDay.Year;
        var periods = new PayCalendar([settings]).PaidIn(year).Select(p => new Period(
            p.First, p.Last, p.PayDay, ZoneDays.QuarterOf(p.Last, settings.FiscalMonth).ToString()));
        return TypedResults.Ok(new Reply(settings.EffectiveFrom, year, [.. periods]));
    }
}

/// <summary>Every version of the payroll settings, the newest first.</summary>
public static class ListPayroll
{
    /// <summary>The newest first.</summary>
    public sealed record Reply(IReadOnlyList<AppliedPayroll> Settings);

    internal static async Task<Ok<Reply>> Handle(NpgsqlDataSource db, CancellationToken ct) =>
        TypedResults.Ok(new Reply([.. (await PayrollStore.AllAsync(db, ct)).Reverse()]));
}

/// <summary>Payroll settings as they come in: a small text.</summary>
internal static class PayrollText
{
    /// <summary>The file and the settings it states, or the answer that says why there are none.</summary>
    public static async Task<(string Yaml, PayrollSettings? Settings, ProblemHttpResult? Problem)> ReadAsync(
        HttpRequest request, CancellationToken ct)
    {
        if (await SmallBody.ReadAsync(request, ct) is not { } yaml)
            return ("", null, PayrollRefusals.TooLarge.ToProblem("The settings are larger than 64 KB."));
        var (settings, errors) = PayrollFile.Read(yaml);
        if (settings is not null) return (yaml, settings, null);

        var detail = errors.Count == 1 ? errors[0].Reason : $"The settings have {errors.Count} errors.";
        return (yaml, null, PayrollRefusals.Invalid.ToProblem(detail, errors));
    }
}
