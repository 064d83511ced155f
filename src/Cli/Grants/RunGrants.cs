using System.CommandLine;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Grants;

/// <summary><c>guerdon grant run</c>: prepares a month, once per person, however often and by whomever it is run; it
/// approves nothing.</summary>
internal static class RunGrants
{
    private const int LinesShown = 20;

    internal sealed record Request(string Plan, string Period, bool DryRun);

    internal sealed record Reply(
        int People, int Granted, int HadBefore, int SkippedCount, IReadOnlyList<Skip> Skipped, long TotalMilli,
        long TotalUsdNanos, IReadOnlyList<Line> Lines, string? RunId = null, string? State = null,
        IReadOnlyList<Waiting>? Waiting = null, string? ReadAs = null);

    internal sealed record Waiting(string RunId, string Digest, string WhoMay);

    internal sealed record Skip(string Email, string Reason);

    internal sealed record Line(
        string Person, string Kind, long AmountMilli, long UsdNanos, string? Source = null, string? Explanation = null,
        string? Name = null, string? Email = null);

    public static Verb Build()
    {
        var plan = new Option<string>("--plan")
        {
            Description = "The plan's name.", HelpName = "NAME", Required = true,
        };
        var period = Values.Month("--period", "The month to grant for, as 2026-11.");
        period.Required = true;
        var dryRun = Values.DryRun("Show who would get what, and grant nothing.");
        return new Verb(
            "run", "Prepare the grants of a plan for a month; another administrator approves them.",
            "guerdon grant run --plan engineering --period 2026-11 --dry-run",
            "guerdon grant run --plan engineering --period 2026-11")
        {
            plan, period, dryRun,
        }.Does(async (call, ct) =>
        {
            var month = $"{new Period(call.Value(period)!.Value)}";
            var body = new Request(call.Value(plan)!, month, call.Value(dryRun));
            var answer = await call.PostAsync(
                $"Preparing {body.Plan} for {month}", "api/v1/grants/runs", body, GrantsJson.Default.RunGrantsRequest,
                ct);
            return await ShowAsync(call, answer, body.DryRun, ct);
        });
    }

    /// <summary>Shows a run that was asked for; where it is being posted still, how that goes on.</summary>
    internal static async Task<int> ShowAsync(Call call, Answer answer, bool dryRun, CancellationToken ct)
    {
        var exit = call.Show(answer, GrantsJson.Default.RunGrantsReply, reply => Show(call.Output, reply, dryRun));
        if (exit != ExitCodes.Done || call.Output.IsJson || dryRun
            || !Call.Read(answer.Reply, GrantsJson.Default.RunGrantsReply, out var run) || run.State is not { } state)
            return exit;
        foreach (var one in run.Waiting ?? [])
            RunVerbs.Say(call.Output, one.RunId, "awaiting", one.Digest, one.WhoMay);
        if (state != "posting" || run.RunId is not { } id)
        {
            if (run.Waiting is not { Count: > 0 }) RunVerbs.Say(call.Output, run.RunId ?? "", state);
            return exit;
        }

        return call.Show(await RunVerbs.FollowAsync(call, id, ct), GrantsJson.Default.RunVerbsRun, done =>
        {
            RunVerbs.Say(call.Output, id, done.State);
            return ExitCodes.Done;
        });
    }

    internal static TextTable Table(IReadOnlyList<Line> lines)
    {
        var table = new TextTable().Left("Person").Left("E-mail").Left("Kind").Right("USD").Right("Tokens")
            .Left("Why");
        foreach (var (line, worth) in lines.Take(LinesShown).Zip(Shown.Column(lines, l => l.UsdNanos)))
        {
            table.Row(
                line.Name ?? line.Person, line.Email ?? "", line.Kind.Replace('_', ' '), worth,
                Shown.Tokens(line.AmountMilli), line.Explanation ?? "");
        }

        return table;
    }

    private static int Show(Output output, Reply reply, bool dryRun)
    {
        FileForm.Say(output, reply.ReadAs);
        if (reply.Lines.Count > 0)
        {
            output.Table(Table(reply.Lines));
            More(output, reply.Granted - LinesShown);
        }

        if (reply.Skipped.Count > 0)
        {
            var skipped = new TextTable().Left("Skipped").Left("Why");
            foreach (var skip in reply.Skipped.Take(LinesShown)) skipped.Row(skip.Email, skip.Reason);
            output.Table(skipped);
            More(output, reply.SkippedCount - LinesShown);
        }

        // Only what is new counts: what an earlier run prepared and still waits is shown above.
        var what = reply.Granted == 0
            ? "Nothing new"
            : $"{Wording.Count(reply.Granted, "grant")} of {Shown.Usd(reply.TotalUsdNanos)} USD,"
                + $" {Shown.Tokens(reply.TotalMilli)} tokens";
        output.Line(
            $"{what}; {reply.HadBefore:#,0} had theirs before, {reply.SkippedCount:#,0} skipped, of "
            + $"{Wording.Count(reply.People, "person", "people")}.");
        if (dryRun) output.Note("A dry run: nothing was granted.");
        return ExitCodes.Done;
    }

    private static void More(Output output, int more)
    {
        if (more > 0) output.Line($"and {more:#,0} more.");
        output.Line();
    }
}
