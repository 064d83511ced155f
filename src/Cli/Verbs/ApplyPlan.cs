namespace Stipend.Cli;

/// <summary><c>stipend plan apply FILE</c>: the plan's next version; the newest again adds none.</summary>
internal static class ApplyPlan
{
    internal sealed record Reply(Applied Plan, bool Added);

    internal sealed record Applied(string Name, int Version, DateOnly EffectiveFrom);

    public static Verb Build()
    {
        var file = Values.File("A plan in YAML");
        var description = "Apply a plan file as the plan's next version.";
        return new Verb("apply", description, "stipend plan apply plan.yaml") { file }.Does(async (call, ct) =>
        {
            var path = call.Value(file);
            var answer = await call.PostFileAsync($"Applying {path}", "api/v1/plans", path, "text/yaml", ct);
            if (Problem.ErrorsIn(answer.Reply).Count > 0) return call.RefuseRows(answer.Reply, "the plan");
            return call.Show(answer, CliJson.Default.ApplyPlanReply, reply =>
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
}
