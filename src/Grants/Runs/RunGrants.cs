using System.Security.Claims;
using Guerdon.Grants.Lines;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Grants.Runs;

/// <summary>
/// Prepares what a plan means for a month, or what is given out of its catalogue, to be approved by somebody else; or
/// rehearses it. Once per person, plan, kind and month, however often and by whomever it is asked for: who repeats it
/// is told what waits and for whom. Nothing is approved here.
/// </summary>
public static class RunGrants
{
    private const int FirstLines = 100;
    private const int MostAwards = 10_000;

    /// <summary>The longest body of <see cref="Award"/>: so many awards, each with its reason.</summary>
    internal const int MostAwardBytes = 4 << 20;

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

    /// <param name="RunId">The run that these lines are of: the one that this call prepared, else the newest that
    /// waits; null: nobody is due anything, and nothing waits.</param>
    /// <param name="State">rehearsal, awaiting (somebody else's approval), posting, posted, or nothing.</param>
    /// <param name="People">Everybody looked at.</param>
    /// <param name="Granted">Grants that this call prepared, or would.</param>
    /// <param name="HadBefore">People whose grants were made or prepared by an earlier run.</param>
    /// <param name="SkippedCount">Who gets nothing, of whom the first 500 are listed.</param>
    /// <param name="Skipped">With the reason.</param>
    /// <param name="TotalMilli">Milli-tokens of the run.</param>
    /// <param name="TotalUsdNanos">Their worth in nano-USD.</param>
    /// <param name="Lines">The first hundred lines; the rest are at <c>/api/v1/grants/runs/{id}/lines</c>.</param>
    /// <param name="Waiting">Every run of the plan, kind and month that waits for approval, the newest first.</param>
    public sealed record Reply(
        RunId? RunId, string State, int People, int Granted, int HadBefore, int SkippedCount,
        IReadOnlyList<SkippedPerson> Skipped, long TotalMilli, long TotalUsdNanos, IReadOnlyList<GetRun.Line> Lines,
        IReadOnlyList<Waiting> Waiting)
    {
        /// <summary>How a file of awards was read, such as <c>separated by semicolons, UTF-8</c>; else null.</summary>
        public string? ReadAs { get; init; }
    }

    /// <param name="RunId">What to look at and decide.</param>
    /// <param name="Digest">What an approval names.</param>
    /// <param name="Lines">How many grants are in it.</param>
    /// <param name="TotalMilli">Milli-tokens.</param>
    /// <param name="TotalUsdNanos">Their worth in nano-USD.</param>
    /// <param name="PreparedBy">Who asked for it.</param>
    /// <param name="WhoMay">Who may decide it, in words.</param>
    /// <param name="YouMay">Whether whoever asks may.</param>
    public sealed record Waiting(
        RunId RunId, string Digest, int Lines, long TotalMilli, long TotalUsdNanos,
        string PreparedBy, string WhoMay, bool YouMay);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        Request request, ClaimsPrincipal caller, RunContext context, CancellationToken ct) =>
        (await RunAsync(request, Actor.Of(caller), context, ct)).ToHttp();

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Award(
        AwardRequest request, ClaimsPrincipal caller, RunContext context, PeopleDirectory people,
        CancellationToken ct) =>
        (await AwardAsync(request, Actor.Of(caller), context, people, ct)).ToHttp();

    /// <summary>Prepares a plan's month.</summary>
    public static Task<Result<Reply>> RunAsync(
        Request request, Actor by, RunContext context, CancellationToken ct) =>
        RunAsync(request.Plan, request.Period, request.DryRun, awards: null, by, context, ct);

    /// <summary>Prepares awards.</summary>
    public static async Task<Result<Reply>> AwardAsync(
        AwardRequest request, Actor by, RunContext context, PeopleDirectory people, CancellationToken ct)
    {
        if (request.Awards is not { Count: > 0 and <= MostAwards })
            return GrantRefusals.AwardInvalid.With($"A run needs 1 to {MostAwards} awards.");
        var awards = new AwardList(request.Awards);
        if (await awards.UnknownAsync(people, ct) is { Count: > 0 } unknown)
            return GrantRefusals.AwardInvalid.With($"Nobody is known as {string.Join(", ", unknown)}.");
        return await RunAsync(request.Plan, request.Period, request.DryRun, awards, by, context, ct);
    }

    private static async Task<Result<Reply>> RunAsync(
        string? plan, string? month, bool dryRun, AwardList? awards, Actor by, RunContext context, CancellationToken ct)
    {
        if (!Period.TryParse(month, out var period))
            return KernelRefusals.PeriodInvalid.With($"'{month}' is not a month from 2020 on.");

        var asked = new RunPreparation.Asked(plan ?? "", period, dryRun, by) { Awards = awards };
        var preparation = await context.Preparation.RunAsync(asked, ct);
        if (!preparation.Is(out var prepared, out var refused)) return refused;

        if (dryRun) return await AnswerAsync(prepared.Run, prepared, [], context, ct);
        var open = await OpenAsync(asked, context, ct);
        var run = prepared.Run ?? open.FirstOrDefault()?.RunId; // an earlier one that is not done yet
        // What was approved before and cut off goes on. That decides nothing, since the decision was made then.
        if (run is { } id && open.Any(r => r.RunId == id && r.Decision is not null)
            && await context.GoOnAsync(id, ct) is { } no) return no;
        return await AnswerAsync(run, prepared, [.. open.Where(r => r.State == "awaiting").Select(Of)], context, ct);

        Waiting Of(GetRun.Reply r) => new(
            r.RunId, r.Digest!, r.Lines, r.TotalMilli, r.TotalUsdNanos, r.PreparedBy, r.WhoMay!, r.YouMay == true);
    }

    private static async Task<List<GetRun.Reply>> OpenAsync(
        RunPreparation.Asked asked, RunContext context, CancellationToken ct)
    {
        var open = new List<GetRun.Reply>();
        foreach (var run in await context.OpenRunsAsync(asked.Plan, asked.Period, asked.Kind, ct))
            if (await GetRun.FindAsync(run, asked.By, context, ct) is { } reply) open.Add(reply);
        return open;
    }

    private static async Task<Reply> AnswerAsync(
        RunId? run, RunPreparation.Prepared prepared, IReadOnlyList<Waiting> waiting, RunContext context,
        CancellationToken ct)
    {
        var tally = prepared.Tally;
        var found = run is { } id ? await GetRun.FindAsync(id, context.Db, ct) : null;
        var lines = run is { } of ? await GrantLines.PageAsync(context.Db, of, after: 0, FirstLines, ct) : [];
        return new Reply(
            found?.RunId, found?.State ?? "nothing", tally.People, prepared.Run is null ? 0 : tally.Lines,
            tally.HadBefore, tally.Skipped, tally.Skips, found?.TotalMilli ?? 0, found?.TotalUsdNanos ?? 0,
            [.. lines.Select(GetRun.Line.Of)], waiting);
    }
}
