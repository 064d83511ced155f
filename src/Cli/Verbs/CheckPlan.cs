namespace Stipend.Cli;

/// <summary><c>stipend plan check FILE</c>: reads a plan as the server would, and keeps nothing.</summary>
internal static class CheckPlan
{
    public static Verb Build()
    {
        var file = Values.File("A plan in YAML");
        return new Verb("check", "Check a plan file without applying it.", "stipend plan check plan.yaml") { file }
            .Does(async (call, ct) =>
            {
                var path = call.Value(file);
                var answer = await call.PostFileAsync($"Checking {path}", "api/v1/plans/check", path, "text/yaml", ct);
                return ApplyPlan.Show(call, answer, $"{path} is a good plan.");
            });
    }
}
