using Stipend.Kernel;

namespace Stipend.Cli;

/// <summary><c>stipend plan apply FILE</c>: the plan's next version.</summary>
internal static class ApplyPlan
{
    private const int RowsShown = 50;

    public static RemoteVerb Verb()
    {
        var file = Values.File("A plan in YAML");
        return new RemoteVerb("apply", "Apply a plan file as the plan's next version.", "stipend plan apply plan.yaml") { file }
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
        var errors = Problem.ErrorsIn(answer.Reply);
        if (errors.Count > 0 && !call.Output.IsJson)
        {
            return call.Output.Refuse(
                CliRefusals.RowsRefused.With($"{errors.Count:#,0} errors in the plan."), errors);
        }

        var shown = call.Show(answer, reply =>
        {
            call.Output.Line(good);
            Sheet.Show(call.Output, reply, RowsShown);
        });
        return errors.Count > 0 ? ExitCodes.Refused : shown;
    }
}
