using System.CommandLine;
using System.Globalization;

namespace Stipend.Cli;

/// <summary><c>stipend grant run</c>: once per person and period, however often it is run.</summary>
internal static class RunGrants
{
    private const int LinesShown = 20;

    internal sealed record Request(string Plan, string Period, bool DryRun);

    public static Verb Build()
    {
        var plan = new Option<string>("--plan")
        {
            Description = "The plan's name.", HelpName = "NAME", Required = true,
        };
        var period = Values.Month("--period", "The month to grant for, as 2026-11.");
        period.Required = true;
        var dryRun = Values.DryRun("Say who would get what, and grant nothing.");
        return new Verb(
            "run", "Grant a plan's allowance for a period; who has it already is left alone.",
            "stipend grant run --plan engineering --period 2026-11 --dry-run",
            "stipend grant run --plan engineering --period 2026-11")
        {
            plan, period, dryRun,
        }.Does(async (call, ct) =>
        {
            var month = call.Value(period)!.Value.ToString("yyyy-MM", CultureInfo.InvariantCulture);
            var body = new Request(call.Value(plan)!, month, call.Value(dryRun));
            var answer = await call.PostAsync(
                $"Granting {body.Plan} for {month}", "api/v1/grants/runs", body, CliJson.Default.RunGrantsRequest, ct);
            return call.Show(answer, reply =>
            {
                Sheet.Show(call.Output, reply, LinesShown, listsFirst: true);
                if (body.DryRun) call.Output.Note("A dry run: nothing was granted.");
            });
        });
    }
}
