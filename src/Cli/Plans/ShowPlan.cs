using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Plans;

/// <summary><c>guerdon plan show NAME</c>: a version's file, as it was applied.</summary>
internal static class ShowPlan
{
    internal sealed record Reply(Applied Plan);

    internal sealed record Applied(
        string Name, int Version, DateOnly EffectiveFrom, DateTimeOffset AppliedAt, string AppliedBy, string Yaml);

    public static Verb Build()
    {
        var name = PlanHistory.Name();
        var version = Values.Whole("--version", "Which version; left out: the newest.", 1, int.MaxValue);
        return new Verb(
            "show", "Print a plan's file as it was applied.",
            "guerdon plan show engineering > plan.yaml", "guerdon plan show engineering --version 2")
        {
            name, version,
        }.Does(async (call, ct) =>
        {
            var address = Call.Address(
                $"api/v1/plans/{Uri.EscapeDataString(call.Value(name))}", ("version", call.Value(version)?.ToString()));
            return call.Show(await call.GetAsync("Reading the plan", address, ct), PlansJson.Default.ShowPlanReply,
                reply =>
            {
                var plan = reply.Plan;
                call.Output.Note(
                    $"{plan.Name}, version {plan.Version}, from {Call.Iso(plan.EffectiveFrom)}, applied by"
                    + $" {plan.AppliedBy} on {Shown.Time(plan.AppliedAt)}.");
                call.Output.Text(plan.Yaml);
                return ExitCodes.Done;
            });
        });
    }
}
