using System.CommandLine;
using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Grants;

/// <summary><c>guerdon grant award</c>: one person's by options, or a file of many.</summary>
internal static class GiveAward
{
    private const int UsdScale = 9;

    internal sealed record Request(string Plan, string Period, IReadOnlyList<Asked> Awards, bool DryRun);

    internal sealed record Asked(string Person, string Award, string Reason, long? AmountUsdNanos = null);

    private sealed record Typed(
        Option<string> Plan, Option<DateOnly?> Period, Option<string?> Person, Option<string?> Award,
        Option<string?> Amount, Option<string?> Reason, Option<string?> File, Option<bool> DryRun);

    public static Verb Build()
    {
        var typed = new Typed(
            new("--plan") { Description = "The plan that has the awards.", HelpName = "NAME", Required = true },
            Values.Month("--period", "The month, as 2026-11; an award is given once per person and month."),
            new("--person") { Description = "Who gets it: an e-mail address or id." },
            new("--award") { Description = "An award in the plan's catalogue.", HelpName = "NAME" },
            new("--amount") { Description = "In USD, where the award says up_to_usd." },
            new("--reason") { Description = "For the person, and whoever approves.", HelpName = "TEXT" },
            new("--file") { Description = "CSV: person,award,amount_usd,reason; '-' reads standard input." },
            Values.DryRun("Show who would get what, and prepare nothing."));
        typed.Period.Required = true;
        return new Verb(
            "award", "Give awards from a plan's catalogue; another administrator approves them.",
            "guerdon grant award --plan engineering --period 2026-11 --person ada@example.com"
                + " --award star --reason 'Shipped it'",
            "guerdon grant award --plan engineering --period 2026-11 --file awards.csv --dry-run")
        {
            typed.Plan, typed.Period, typed.Person, typed.Award, typed.Amount, typed.Reason, typed.File, typed.DryRun,
        }.Does((call, ct) => call.Value(typed.File) is { } path
            ? GiveAsync(call, typed, path, ct)
            : GiveAsync(call, typed, ct));
    }

    // A file of many.
    private static async Task<int> GiveAsync(Call call, Typed typed, string path, CancellationToken ct)
    {
        if (call.Value(typed.Person) is not null || call.Value(typed.Award) is not null)
            return call.Misuse("--file replaces --person and --award");
        if (path != Values.StandardInput && !File.Exists(path)) return call.Misuse($"There is no file {path}.");
        var isDry = call.Value(typed.DryRun);
        var address = Call.Address(
            "api/v1/grants/awards/import", ("plan", call.Value(typed.Plan)), ("period", MonthOf(call, typed)),
            ("dryRun", isDry ? "true" : "false"));
        var answer = await call.PostFileAsync($"Reading {path}", address, path, "text/csv", ct);
        return await RunGrants.ShowAsync(call, answer, isDry, ct);
    }

    // One person's.
    private static async Task<int> GiveAsync(Call call, Typed typed, CancellationToken ct)
    {
        if (call.Value(typed.Person) is not { } who || call.Value(typed.Award) is not { } what
            || call.Value(typed.Reason) is not { } why)
            return call.Misuse("name --person, --award and --reason, or a --file");
        long? nanos = null;
        if (call.Value(typed.Amount) is { } text)
        {
            if (!Decimals.TryParse(text, UsdScale, out var read) || read <= 0)
                return call.Misuse($"'{text}' is not an amount: write it as 250 or 250.50.");
            nanos = read;
        }

        var body = new Request(
            call.Value(typed.Plan)!, MonthOf(call, typed), [new Asked(who, what, why, nanos)],
            call.Value(typed.DryRun));
        var answer = await call.PostAsync(
            $"Giving {what} to {who}", "api/v1/grants/awards", body, GrantsJson.Default.GiveAwardRequest, ct);
        return await RunGrants.ShowAsync(call, answer, body.DryRun, ct);
    }

    private static string MonthOf(Call call, Typed typed) =>
        $"{new Period(call.Value(typed.Period)!.Value)}";
}
