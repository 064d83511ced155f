using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Payroll.Settings;

/// <summary>Reads payroll settings and shows the pay periods of their first year. Changes nothing.</summary>
internal static class CheckPayroll
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
        var text = await PayrollText.ReadAsync(request, ct);
        if (!text.Is(out var read, out var no)) return no.ToProblem();
        var settings = read.Value;
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
