using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Plans;

/// <summary><c>guerdon plan apply FILE</c>: proposes the plan's next version; the newest again adds none.</summary>
internal static class ApplyPlan
{
    internal sealed record Reply(Applied Plan, bool Added);

    internal sealed record Applied(string Name, int Version, DateOnly EffectiveFrom);

    public static Verb Build()
    {
        var file = Values.File("A plan in YAML");
        var from = Values.Day("--from", "The first day of a month, in place of the file's effective_from.");
        return new Verb(
            "apply", "Propose a plan file as the next version of the plan.",
            "guerdon plan apply plan.yaml", "guerdon plan apply plan.yaml --from 2026-12-01")
        {
            file, from,
        }.Does(async (call, ct) =>
        {
            var path = call.Value(file);
            var answer = await call.PostFileAsync(
                $"Applying {path}", Address("api/v1/plans", call.Value(from)), path, "text/yaml", ct);
            return Waiting.Show(call, answer) ?? call.Show(answer, PlansJson.Default.ApplyPlanReply, reply =>
            {
                var plan = reply.Plan;
                var said = reply.Added ? "is applied" : "was applied before: nothing changed";
                call.Output.Line(
                    $"Plan {plan.Name}, version {plan.Version}, in effect from {Call.Iso(plan.EffectiveFrom)},"
                    + $" {said}.");
                return ExitCodes.Done;
            });
        });
    }

    internal static string Address(string path, DateOnly? from) =>
        Call.Address(path, ("from", from is { } day ? Call.Iso(day) : null));
}
