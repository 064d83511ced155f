using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;

namespace Guerdon.Cli.Payroll;

/// <summary><c>guerdon payroll check FILE</c>: the pay periods that settings make; nothing is saved.</summary>
internal static class CheckPayroll
{
    internal sealed record Reply(DateOnly EffectiveFrom, int Year, IReadOnlyList<Period> Periods);

    internal sealed record Period(DateOnly First, DateOnly Last, DateOnly PayDay, string Quarter);

    public static Verb Build()
    {
        var file = Values.File("Payroll settings in YAML");
        return new Verb(
            "check", "Check payroll settings and show their pay periods, without applying them.",
            "guerdon payroll check payroll.yaml") { file }.Does(async (call, ct) =>
        {
            var path = call.Value(file);
            var answer = await call.PostFileAsync($"Checking {path}", "api/v1/payroll/check", path, "text/yaml", ct);
            return call.Show(answer, PayrollJson.Default.CheckPayrollReply, reply =>
            {
                call.Output.Line($"{path} has good payroll settings, in effect from {Call.Iso(reply.EffectiveFrom)}.");
                call.Output.Line();
                var table = new TextTable().Left($"First day, paid in {reply.Year}").Left("Last day").Left("Pay day")
                    .Left("Quarter");
                foreach (var p in reply.Periods)
                    table.Row(Call.Iso(p.First), Call.Iso(p.Last), Call.Iso(p.PayDay), p.Quarter);
                call.Output.Table(table);
                return ExitCodes.Done;
            });
        });
    }
}
