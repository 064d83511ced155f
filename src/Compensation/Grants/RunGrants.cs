using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Stipend.Kernel;

namespace Stipend.Compensation;

/// <summary>
/// Grants a plan for a month, or rehearses it. Once per person, plan, kind and month, however often it is run; a run
/// that was cut off is finished by asking again.
/// </summary>
public static class RunGrants
{
    private const int FirstLines = 100;

    /// <param name="Plan">Its name.</param>
    /// <param name="Period">A month, as <c>2026-11</c>.</param>
    /// <param name="DryRun">Say what would happen; the lines can be read until the next dry run of the month.</param>
    public sealed record Request(string Plan, string Period, bool DryRun = false);

    /// <param name="RunId">The run that these lines are of; null where nobody was due anything.</param>
    /// <param name="People">Everybody employed in the month.</param>
    /// <param name="Granted">Grants posted by this call; in a dry run, that would be.</param>
    /// <param name="HadBefore">People whose grants were made by an earlier run.</param>
    /// <param name="SkippedCount">Who gets nothing, of whom the first 500 are listed.</param>
    /// <param name="Skipped">With the reason.</param>
    /// <param name="TotalMilli">Milli-tokens of <paramref name="Granted"/>.</param>
    /// <param name="TotalUsdNanos">Their worth in nano-USD.</param>
    /// <param name="Lines">The first hundred lines; the rest are at <c>/api/v1/grants/runs/{id}/lines</c>.</param>
    public sealed record Reply(
        RunId? RunId, int People, int Granted, int HadBefore, int SkippedCount, IReadOnlyList<SkippedPerson> Skipped,
        long TotalMilli, long TotalUsdNanos, IReadOnlyList<GetRun.Line> Lines);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        Request request, GrantRuns runs, NpgsqlDataSource db, CancellationToken ct)
    {
        if (!Period.TryParse(request.Period, out var period))
            return CompensationRefusals.PeriodInvalid.ToProblem($"'{request.Period}' is no month from 2020 on.");

        var (prepared, refused) = await runs.PrepareAsync(request.Plan ?? "", period, request.DryRun, ct);
        if (prepared is null) return refused!.ToProblem();

        var tally = prepared.Tally;
        var totals = new GrantRuns.PostedTotals(tally.Lines, tally.TotalMilli, tally.TotalUsdNanos, prepared.Run);
        if (!request.DryRun) (totals, refused) = await runs.PostAsync(request.Plan!, ct);
        if (refused is not null) return refused.ToProblem();

        var run = prepared.Run ?? totals.LastRun;
        var lines = run is { } id ? await GrantLines.PageAsync(db, id, after: 0, FirstLines, ct) : [];
        return TypedResults.Ok(new Reply(
            run, tally.People, totals.Lines, tally.HadBefore, tally.Skipped, tally.Skips, totals.Milli, totals.UsdNanos,
            [.. lines.Select(GetRun.Line.Of)]));
    }
}
