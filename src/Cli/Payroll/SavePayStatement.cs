using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Payroll;

/// <summary><c>guerdon payroll statement PERSON --to FILE</c>: a pay period's statement as PDF or CSV.</summary>
internal static class SavePayStatement
{
    public static Verb Build()
    {
        var (person, period, to) = (Values.Person(), PayPeriods.Option(isRequired: false), SavedFile.Option());
        return new Verb(
            "statement", "Write a person's statement of a pay period, as PDF or (FILE ends with .csv) as CSV.",
            "guerdon payroll statement ada@example.com --period 2026-11 --to statement.pdf",
            "guerdon payroll statement me --to statement.csv")
        {
            person, period, to,
        }.Does(async (call, ct) =>
        {
            var path = call.Value(to)!;
            if (SavedFile.Wrong(path) is { } wrong) return call.Misuse(wrong);
            var address = Call.Address(
                $"api/v1/statements/{Uri.EscapeDataString(call.Value(person))}/pay-period",
                ("period", call.Value(period)), ("format", Format(path)));
            var answer = await call.GetAsync("Writing the statement", address, ct);
            return await SavedFile.WriteAsync(call, answer, path, ct);
        });
    }

    /// <summary>What a file's name asks for.</summary>
    internal static string Format(string path) =>
        path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? "csv" : "pdf";
}
