using System.CommandLine;
using System.CommandLine.Parsing;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Usage;

/// <summary><c>guerdon import usage FILE --map …</c>: books what was used elsewhere, each row once.</summary>
internal static class ImportUsage
{
    private static readonly string[] Needed = ["time", "input", "output"];
    private static readonly string[] Fields = [.. Needed, "cached", "person", "model", "id"];

    internal sealed record Reply(
        int Rows, int Booked, int Already, int Skipped, int People, Used Usage, long CostNanos, long ChargedMilli,
        IReadOnlyList<RowError> Errors, int ErrorCount = 0, long? CostMilli = null, string? ReadAs = null);

    internal sealed record Used(long Input, long CachedInput, long CacheWrite5m, long CacheWrite1h, long Output);

    private sealed record Typed(
        Argument<string> File, Option<string> Map, Option<string?> Model, Option<string?> Assign,
        Option<DateOnly?> PriceDate,
        Option<string?> Source, Option<string?> Charge, Option<bool> SkipBad, Option<bool> DryRun)
    {
        public IEnumerable<Option> Options => [Map, Model, Assign, PriceDate, Source, Charge, SkipBad, DryRun];
    }

    public static Verb Build()
    {
        var typed = new Typed(
            Values.File("CSV with a header line"),
            new("--map")
            {
                Required = true, HelpName = "FIELD=COLUMN,…",
                Description = "Which column is what: time, input, output; optionally cached, person, model, id.",
            },
            new("--model") { Description = "The model of rows that name none.", HelpName = "M" },
            new("--assign")
            {
                Description = "'hash' spreads rows that name no person over all people, always in the same way.",
            },
            Values.Day("--price-date", "Price every row as of this day, instead of its own."),
            new("--source") { Description = "Where the file is from; saved with each row.", HelpName = "NAME" },
            new("--charge")
            {
                HelpName = "HOW",
                Description = "How far wallets pay: 'available' (default), 'never', or 'must', which refuses a row that"
                    + " its wallet cannot pay.",
            },
            new("--skip-bad") { Description = "Book the good rows; without it, one bad row refuses the file." },
            Values.DryRun("Show what would be booked, and book nothing."));
        typed.Map.Validators.Add(CheckMap);
        typed.Assign.AcceptOnlyFromAmong("hash");
        typed.Charge.AcceptOnlyFromAmong("available", "never", "must");
        var verb = new Verb(
            "usage", "Book usage that was measured elsewhere, from a CSV file.",
            "guerdon import usage trace.csv --map time=TIMESTAMP,input=ContextTokens,output=GeneratedTokens"
            + " --model gpt-4o --assign hash",
            "guerdon import usage use.csv --map time=at,input=in,output=out,person=email,model=m,id=request --dry-run")
        {
            typed.File,
        };
        foreach (var option in typed.Options) verb.Add(option);
        return verb.Does((call, ct) => RunAsync(call, typed, ct));
    }

    private static async Task<int> RunAsync(Call call, Typed typed, CancellationToken ct)
    {
        var (skipBad, dryRun) = (call.Value(typed.SkipBad), call.Value(typed.DryRun));
        var address = Call.Address(
            "api/v1/usage/import", ("map", call.Value(typed.Map)), ("model", call.Value(typed.Model)),
            ("assign", call.Value(typed.Assign)),
            ("priceDate", call.Value(typed.PriceDate) is { } day ? Call.Iso(day) : null),
            ("source", call.Value(typed.Source)), ("charge", call.Value(typed.Charge)),
            ("skipBad", skipBad ? "true" : "false"), ("dryRun", dryRun ? "true" : "false"));
        var file = call.Value(typed.File);
        var answer = await call.PostFileAsync($"Importing {file}", address, file, "text/csv", ct);
        // Only without --skip-bad do errors refuse the file; otherwise they are reported with what was imported.
        if (!skipBad && Problem.ErrorsIn(answer.Reply).Count > 0) return call.RefuseRows(answer.Reply, "the file");
        return call.Show(answer, UsageJson.Default.ImportUsageReply, reply => Show(call.Output, reply, dryRun));
    }

    private static int Show(Output output, Reply reply, bool dryRun)
    {
        output.Line(
            $"{Wording.Count(reply.Rows, "row")}: {reply.Booked:#,0} booked, {reply.Already:#,0} booked before,"
            + $" {reply.Skipped:#,0} skipped; {Wording.Count(reply.People, "person", "people")}.");
        output.Table(new TextTable().Left("").Right("Tokens")
            .Row("Input", $"{reply.Usage.Input:#,0}")
            .Row("Cached input", $"{reply.Usage.CachedInput:#,0}")
            .Row("Cache writes, 5 minutes", $"{reply.Usage.CacheWrite5m:#,0}")
            .Row("Cache writes, 1 hour", $"{reply.Usage.CacheWrite1h:#,0}")
            .Row("Output", $"{reply.Usage.Output:#,0}"));
        var cost = reply.CostMilli is { } milli && milli != reply.ChargedMilli ? $" of {new Tokens(milli)}" : "";
        output.Line(
            $"Cost {Shown.Usd(reply.CostNanos)} USD; charged {new Tokens(reply.ChargedMilli)}{cost} compute tokens.");
        FileForm.Say(output, reply.ReadAs);
        if (dryRun) output.Note("A dry run: nothing was booked.");
        var total = Math.Max(reply.ErrorCount, reply.Errors.Count);
        if (total > 0) output.Note($"Skipped, because of {Wording.Count(total, "error")}:");
        output.Errors(reply.Errors, total);
        return ExitCodes.Done;
    }

    private static void CheckMap(OptionResult result)
    {
        var seen = new HashSet<string>();
        foreach (var part in (result.GetValueOrDefault<string>() ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            var cut = part.IndexOf('=', StringComparison.Ordinal);
            var field = cut < 0 ? part : part[..cut];
            if (cut <= 0 || cut == part.Length - 1) result.AddError($"--map has '{part}': write it as field=Column.");
            else if (!Fields.Contains(field))
                result.AddError($"--map knows no field '{field}': it can be {string.Join(", ", Fields)}.");
            else if (!seen.Add(field)) result.AddError($"--map has {field} twice.");
        }

        var missing = Needed.Where(n => !seen.Contains(n)).ToList();
        if (missing.Count > 0) result.AddError($"--map needs {string.Join(" and ", missing)}, as {missing[0]}=Column.");
    }
}
