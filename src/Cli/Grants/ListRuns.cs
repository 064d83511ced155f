using System.CommandLine;
using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Grants;

/// <summary><c>guerdon grant runs</c>: the newest first.</summary>
internal static class ListRuns
{
    internal sealed record Reply(IReadOnlyList<RunVerbs.Run> Runs, string? Next = null);

    public static Verb Build()
    {
        var plan = new Option<string?>("--plan") { Description = "Runs of one plan.", HelpName = "NAME" };
        var period = Values.Month("--period", "Runs of one month, as 2026-11.");
        var after = new Option<string?>("--after") { Description = "Runs older than this one.", HelpName = "RUN" };
        return new Verb(
            "runs", "List grant runs and their state.", "guerdon grant runs",
            "guerdon grant runs --plan engineering --period 2026-11")
        {
            plan, period, after,
        }.Does(async (call, ct) =>
        {
            var month = call.Value(period) is { } day ? $"{new Period(day)}" : null;
            var address = Call.Address(
                RunVerbs.Address, ("plan", call.Value(plan)), ("period", month), ("after", call.Value(after)));
            var answer = await call.GetAsync("Listing runs", address, ct);
            return call.Show(answer, GrantsJson.Default.ListRunsReply, reply =>
            {
                if (reply.Runs.Count == 0) call.Output.Note("There are no runs.");
                else call.Output.Table(Table(reply.Runs));
                if (reply.Next is { } next) call.Output.Note($"Older ones: --after {next}");
                return ExitCodes.Done;
            });
        });
    }

    private static TextTable Table(IReadOnlyList<RunVerbs.Run> runs)
    {
        var table = new TextTable().Left("Run").Left("Plan").Left("Period").Left("Kind").Left("State").Right("Grants")
            .Right("USD").Left("Prepared by").Left("Decided by");
        foreach (var run in runs)
            table.Row(
                run.RunId, run.Plan, run.Period, run.Kind, run.State, $"{run.Lines:#,0}",
                Shown.Usd(run.TotalUsdNanos), run.PreparedBy, run.DecidedBy ?? "");
        return table;
    }
}
