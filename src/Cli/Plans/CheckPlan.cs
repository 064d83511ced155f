using Guerdon.Client;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Plans;

/// <summary><c>guerdon plan check FILE</c>: what the plan's first month would come to; nothing is saved.</summary>
internal static class CheckPlan
{
    private const int RowsShown = 20;

    public static Verb Build()
    {
        var file = Values.File("A plan in YAML");
        return new Verb("check", "Check a plan file without applying it.", "guerdon plan check plan.yaml") { file }
            .Does(async (call, ct) =>
            {
                var path = call.Value(file);
                var answer = await call.PostFileAsync($"Checking {path}", "api/v1/plans/check", path, "text/yaml", ct);
                if (Problem.ErrorsIn(answer.Reply).Count > 0) return call.RefuseRows(answer.Reply, "the plan");
                return call.Show(answer, reply =>
                {
                    call.Output.Line($"{path} is a good plan.");
                    call.Output.Line();
                    Sheet.Show(call.Output, reply, RowsShown);
                });
            });
    }
}
