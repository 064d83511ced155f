using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Stipend.Kernel;
using Stipend.People;

namespace Stipend.Compensation;

/// <summary>
/// Prepares what a plan means for a month, or what is given out of its catalogue, to be approved by somebody else; or
/// rehearses it. Once per person, plan, kind and month, however often it is run.
/// </summary>
public static class RunGrants
{
    private const int FirstLines = 100;
    private const int MostAwards = 10_000;

    /// <param name="Plan">Its name.</param>
    /// <param name="Period">A month, as <c>2026-11</c>.</param>
    /// <param name="DryRun">Say what would happen; the lines can be read until the next dry run of the month.</param>
    public sealed record Request(string Plan, string Period, bool DryRun = false);

    /// <param name="Plan">Whose catalogue.</param>
    /// <param name="Period">A month; an award is given once per person and month.</param>
    /// <param name="Awards">1 to 10,000.</param>
    /// <param name="DryRun">Say what would happen.</param>
    public sealed record AwardRequest(
        string Plan, string Period, IReadOnlyList<AwardAsked> Awards, bool DryRun = false);

    /// <param name="RunId">The run that these lines are of; null where nobody was due anything.</param>
    /// <param name="State">rehearsal, awaiting (somebody else's approval), posting, posted, or nothing.</param>
    /// <param name="People">Everybody looked at.</param>
    /// <param name="Granted">Grants that this call made, or prepared where they await approval.</param>
    /// <param name="HadBefore">People whose grants were made or prepared by an earlier run.</param>
    /// <param name="SkippedCount">Who gets nothing, of whom the first 500 are listed.</param>
    /// <param name="Skipped">With the reason.</param>
    /// <param name="TotalMilli">Milli-tokens of the run.</param>
    /// <param name="TotalUsdNanos">Their worth in nano-USD.</param>
    /// <param name="Lines">The first hundred lines; the rest are at <c>/api/v1/grants/runs/{id}/lines</c>.</param>
    public sealed record Reply(
        RunId? RunId, string State, int People, int Granted, int HadBefore, int SkippedCount,
        IReadOnlyList<SkippedPerson> Skipped, long TotalMilli, long TotalUsdNanos, IReadOnlyList<GetRun.Line> Lines)
    {
        /// <summary>How a file of awards was read, such as <c>separated by semicolons, UTF-8</c>; else null.</summary>
        public string? ReadAs { get; init; }
    }

    internal static Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        Request request, ClaimsPrincipal caller, RunDesk desk, CancellationToken ct) =>
        AnswerAsync(RunAsync(request, Access.NameOf(caller), desk, ct));

    internal static Task<Results<Ok<Reply>, ProblemHttpResult>> Award(
        AwardRequest request, ClaimsPrincipal caller, RunDesk desk, PeopleDirectory people, CancellationToken ct) =>
        AnswerAsync(AwardAsync(request, Access.NameOf(caller), desk, people, ct));

    /// <summary>Prepares a plan's month, and posts it where nobody else has to approve it.</summary>
    public static Task<(Reply? Reply, Refused? Refused)> RunAsync(
        Request request, string by, RunDesk desk, CancellationToken ct) =>
        RunAsync(request.Plan, request.Period, request.DryRun, awards: null, by, desk, ct);

    /// <summary>Prepares awards, and posts them where nobody else has to approve them.</summary>
    public static async Task<(Reply? Reply, Refused? Refused)> AwardAsync(
        AwardRequest request, string by, RunDesk desk, PeopleDirectory people, CancellationToken ct)
    {
        if (request.Awards is not { Count: > 0 and <= MostAwards })
            return (null, CompensationRefusals.AwardInvalid.With($"A run needs 1 to {MostAwards} awards."));
        var awards = new AwardList(request.Awards);
        if (await awards.UnknownAsync(people, ct) is { Count: > 0 } unknown)
            return (null, CompensationRefusals.AwardInvalid.With($"Nobody is known as {string.Join(", ", unknown)}."));
        return await RunAsync(request.Plan, request.Period, request.DryRun, awards, by, desk, ct);
    }

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> AnswerAsync(
        Task<(Reply? Reply, Refused? Refused)> run)
    {
        var (reply, refused) = await run;
        return reply is null ? refused!.ToProblem() : TypedResults.Ok(reply);
    }

    private static async Task<(Reply?, Refused?)> RunAsync(
        string? plan, string? month, bool dryRun, AwardList? awards, string by, RunDesk desk, CancellationToken ct)
    {
        if (!Period.TryParse(month, out var period))
            return (null, CompensationRefusals.PeriodInvalid.With($"'{month}' is no month from 2020 on."));

        var asked = new RunPreparation.Asked(plan ?? "", period, dryRun, by) { Awards = awards };
        var (prepared, refused) = await desk.Preparation.RunAsync(asked, ct);
        if (prepared is null) return (null, refused);

        var (run, tally) = (prepared.Run, prepared.Tally);
        if (!dryRun) run ??= await desk.OpenRunAsync(asked.Plan, period, ct); // an earlier one that is not done yet
        if (run is not { } id) return (Answer(null, "nothing", 0, tally, []), null);

        var before = (await GetRun.FindAsync(id, desk.Db, ct))!;
        if (!dryRun && await desk.ApproveAsync(id, by, ct) is { } no && no.Refusal != CompensationRefusals.OwnApproval)
            return (null, no);

        var after = (await GetRun.FindAsync(id, desk.Db, ct))!;
        var granted = prepared.Run is null ? after.Posted - before.Posted : tally.Lines;
        var lines = await GrantLines.PageAsync(desk.Db, id, after: 0, FirstLines, ct);
        return (Answer(after, after.State, granted, tally, [.. lines.Select(GetRun.Line.Of)]), null);
    }

    private static Reply Answer(
        GetRun.Reply? run, string state, int granted, RunTally tally, IReadOnlyList<GetRun.Line> lines) => new(
        run?.RunId, state, tally.People, granted, tally.HadBefore, tally.Skipped, tally.Skips, run?.TotalMilli ?? 0,
        run?.TotalUsdNanos ?? 0, lines);
}
