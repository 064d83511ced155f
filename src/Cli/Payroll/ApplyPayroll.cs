using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Payroll;

/// <summary><c>guerdon payroll apply FILE</c>: proposes the next version of the payroll settings; the newest again adds
/// none.</summary>
internal static class ApplyPayroll
{
    internal sealed record Reply(Applied Settings, bool Added);

    internal sealed record Applied(int Version, DateOnly EffectiveFrom);

    public static Verb Build()
    {
        var file = Values.File("Payroll settings in YAML");
        return new Verb(
            "apply", "Propose payroll settings as the next version.", "guerdon payroll apply payroll.yaml") { file }
            .Does(async (call, ct) =>
            {
                var path = call.Value(file);
                var answer = await call.PostFileAsync($"Applying {path}", "api/v1/payroll", path, "text/yaml", ct);
                return Waiting.Show(call, answer) ?? call.Show(answer, PayrollJson.Default.ApplyPayrollReply, reply =>
                {
                    var said = reply.Added ? "are applied" : "were applied before: nothing changed";
                    call.Output.Line(
                        $"Payroll settings, version {reply.Settings.Version}, in effect from "
                        + $"{Call.Iso(reply.Settings.EffectiveFrom)}, {said}.");
                    return ExitCodes.Done;
                });
            });
    }
}
