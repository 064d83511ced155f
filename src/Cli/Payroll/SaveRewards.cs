using System.Globalization;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Payroll;

/// <summary><c>guerdon payroll rewards PERSON --to FILE</c>: total rewards of a year as PDF or CSV.</summary>
internal static class SaveRewards
{
    public static Verb Build()
    {
        var (person, to) = (Values.Person(), SavedFile.Option());
        var year = Values.Whole("--year", "The calendar year; left out: this one.", 2000, 2199, "YEAR");
        return new Verb(
            "rewards", "Write a person's pay and tokens of a year, as PDF or (FILE ends with .csv) as CSV.",
            "guerdon payroll rewards ada@example.com --year 2026 --to rewards.pdf")
        {
            person, year, to,
        }.Does(async (call, ct) =>
        {
            var path = call.Value(to)!;
            if (SavedFile.Wrong(path) is { } wrong) return call.Misuse(wrong);
            var address = Call.Address(
                $"api/v1/people/{Uri.EscapeDataString(call.Value(person))}/rewards",
                ("year", call.Value(year)?.ToString(CultureInfo.InvariantCulture)),
                ("format", SavePayStatement.Format(path)));
            var answer = await call.GetAsync("Writing total rewards", address, ct);
            return await SavedFile.WriteAsync(call, answer, path, ct);
        });
    }
}
