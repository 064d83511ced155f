using System.CommandLine;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Payroll;

/// <summary><c>guerdon payroll export</c>: the file that payroll gets for a pay period; again, the same file.</summary>
internal static class ExportPayroll
{
    public static Verb Build()
    {
        var layout = new Option<string>("--layout")
        {
            Description = "adp, gusto, workday or plain.", HelpName = "LAYOUT", Required = true,
        };
        var period = PayPeriods.Option(isRequired: true);
        var to = SavedFile.Option();
        return new Verb(
            "export", "Make payroll's file for a pay period; again, the same file.",
            "guerdon payroll export --layout adp --period 2026-11 --to PRA1BEPI.csv")
        {
            layout, period, to,
        }.Does(async (call, ct) =>
        {
            if (SavedFile.Wrong(call.Value(to)!) is { } wrong) return call.Misuse(wrong);
            var address = Call.Address(
                "api/v1/payroll/export", ("layout", call.Value(layout)), ("period", call.Value(period)));
            var answer = await call.PostAsync("Making the payroll file", address, ct);
            return await SavedFile.WriteAsync(call, answer, call.Value(to)!, ct);
        });
    }
}

/// <summary>How verbs name a pay period.</summary>
internal static class PayPeriods
{
    public static Option<string> Option(bool isRequired) => new("--period")
    {
        Description = "Any day of the pay period as 2026-11-30, or a month as 2026-11 where pay periods are months"
            + (isRequired ? "." : "; left out: the one that is now."),
        HelpName = "PERIOD", Required = isRequired,
    };
}
