using System.CommandLine;
using System.Globalization;
using Guerdon.Cli.Server;
using Guerdon.Kernel;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Grants;

/// <summary><c>guerdon grant award</c>: one person's by options, or a file of many.</summary>
internal static class GiveAward
{
    private const int UsdScale = 9;

    internal sealed record Request(string Plan, string Period, IReadOnlyList<Asked> Awards, bool DryRun);

    internal sealed record Asked(string Person, string Award, string Reason, long? AmountUsdNanos = null);

    public static Verb Build()
    {
        var plan = new Option<string>("--plan")
        {
            Description = "The plan that has the awards.", HelpName = "NAME", Required = true,
        };
        var period = Values.Month("--period", "The month, as 2026-11; an award is given once per person and month.");
        period.Required = true;
        var person = new Option<string?>("--person") { Description = "Who gets it: an e-mail address or id." };
        var award = new Option<string?>("--award")
        {
            Description = "An award in the plan's catalogue.", HelpName = "NAME",
        };
        var amount = new Option<string?>("--amount") { Description = "In USD, where the award says up_to_usd." };
        var reason = new Option<string?>("--reason")
        {
            Description = "For the person, and whoever approves.", HelpName = "TEXT",
        };
        var file = new Option<string?>("--file")
        {
            Description = "CSV: person,award,amount_usd,reason; '-' reads standard input.",
        };
        var dryRun = Values.DryRun("Show who would get what, and prepare nothing.");
        return new Verb(
            "award", "Give awards from a plan's catalogue; another administrator approves them.",
            "guerdon grant award --plan engineering --period 2026-11 --person ada@example.com"
                + " --award star --reason 'Shipped it'",
            "guerdon grant award --plan engineering --period 2026-11 --file awards.csv --dry-run")
        {
            plan, period, person, award, amount, reason, file, dryRun,
        }.Does(async (call, ct) =>
        {
            var month = call.Value(period)!.Value.ToString("yyyy-MM", CultureInfo.InvariantCulture);
            if (call.Value(file) is { } path)
            {
                if (call.Value(person) is not null || call.Value(award) is not null)
                    return call.Misuse("--file replaces --person and --award");
                if (path != Values.StandardInput && !File.Exists(path)) return call.Misuse($"There is no file {path}.");
                var address = Call.Address(
                    "api/v1/grants/awards/import", ("plan", call.Value(plan)), ("period", month),
                    ("dryRun", call.Value(dryRun) ? "true" : "false"));
                return await RunGrants.ShowAsync(
                    call, await call.PostFileAsync($"Reading {path}", address, path, "text/csv", ct),
                        call.Value(dryRun), ct);
            }

            if (call.Value(person) is not { } who || call.Value(award) is not { } what
                || call.Value(reason) is not { } why)
                return call.Misuse("name --person, --award and --reason, or a --file");
            long? nanos = null;
            if (call.Value(amount) is { } text)
            {
                if (!Decimals.TryParse(text, UsdScale, out var read) || read <= 0)
                    return call.Misuse($"'{text}' is not an amount: write it as 250 or 250.50.");
                nanos = read;
            }

            var body = new Request(call.Value(plan)!, month, [new Asked(who, what, why, nanos)], call.Value(dryRun));
            var answer = await call.PostAsync(
                $"Giving {what} to {who}", "api/v1/grants/awards", body, GrantsJson.Default.GiveAwardRequest, ct);
            return await RunGrants.ShowAsync(call, answer, body.DryRun, ct);
        });
    }
}
