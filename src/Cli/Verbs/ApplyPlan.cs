namespace Stipend.Cli;

/// <summary><c>stipend plan apply FILE</c>: the plan's next version.</summary>
internal static class ApplyPlan
{
    private const int RowsShown = 50;

    public static Verb Build()
    {
        var file = Values.File("A plan in YAML");
        var description = "Apply a plan file as the plan's next version.";
        return new Verb("apply", description, "stipend plan apply plan.yaml") { file }
            .Does(async (call, ct) =>
            {
                var path = call.Value(file);
                var answer = await call.PostFileAsync($"Applying {path}", "api/v1/plans", path, "text/yaml", ct);
                return Show(call, answer, $"{path} is applied.");
            });
    }

    /// <summary>The plan as the server read it, or what is wrong with it.</summary>
    internal static int Show(Call call, Answer answer, string good)
    {
        if (Problem.ErrorsIn(answer.Reply).Count > 0) return call.RefuseRows(answer.Reply, "the plan");
        return call.Show(answer, reply =>
        {
            call.Output.Line(good);
            Sheet.Show(call.Output, reply, RowsShown);
        });
    }
}
