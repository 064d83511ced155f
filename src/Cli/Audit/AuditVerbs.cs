using System.CommandLine;
using Guerdon.Client;
using Guerdon.Client.Verbs;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Audit;

/// <summary><c>guerdon audit list</c> and <c>guerdon audit export</c>: who did what.</summary>
internal static class AuditVerbs
{
    internal sealed record Page(IReadOnlyList<Entry> Acts, string? Next = null);

    internal sealed record Entry(
        DateTimeOffset At, string Kind, string Who, string Address, string Endpoint, string Subject, int Status,
        long Times);

    // What both verbs filter by, in the names of the API.
    private sealed record Filters(
        Option<DateOnly?> From, Option<DateOnly?> Until, Option<string?> Who, Option<string?> Endpoint,
        Option<string?> Kind)
    {
        public static Filters Make()
        {
            var kind = new Option<string?>("--kind")
            {
                Description = "write, answered, refused, failed, signed_in, throttled or looked; left out: all.",
                HelpName = "KIND",
            };
            kind.AcceptOnlyFromAmong(
                "write", "answered", "refused", "failed", "signed_in", "throttled", "looked");
            return new(
                Values.Day("--from", "First day; left out: thirty days before the last."),
                Values.Day("--until", "Last day, included; left out: today."),
                new("--who")
                {
                    Description = "An account's name, or the id of an account or person.", HelpName = "WHO",
                },
                new("--endpoint") { Description = "A part of the endpoint's or form's name.", HelpName = "TEXT" },
                kind);
        }

        public void AddTo(Verb verb)
        {
            foreach (Option option in (Option[])[From, Until, Who, Endpoint, Kind]) verb.Add(option);
        }

        // A day more, because the server's span ends before its `to`, and a person means the last day and all of it.
        public (string Name, string? Value)[] Asked(Call call) =>
        [
            ("from", call.Value(From) is { } first ? Call.Iso(first) : null),
            ("to", call.Value(Until) is { } last ? Call.Iso(last.AddDays(1)) : null),
            ("who", call.Value(Who)), ("endpoint", call.Value(Endpoint)), ("kind", call.Value(Kind)),
        ];

        public string? Wrong(Call call) =>
            call.Value(From) > call.Value(Until) ? "--from is after --until." : null;
    }

    public static Verb BuildList()
    {
        var filters = Filters.Make();
        var after = new Option<string?>("--after")
        {
            Description = "Older ones than those of the page that said so.", HelpName = "ACT",
        };
        var verb = new Verb(
            "list", "List who did what, the newest first.",
            "guerdon audit list --who fin@example.com --from 2026-11-01", "guerdon audit list --kind refused")
        {
            after,
        };
        filters.AddTo(verb);
        return verb.Does(async (call, ct) =>
        {
            if (filters.Wrong(call) is { } wrong) return call.Misuse(wrong);
            var address = Call.Address(
                "api/v1/acts/page", [.. filters.Asked(call), ("after", call.Value(after))]);
            return call.Show(
                await call.GetAsync("Listing acts", address, ct), AuditJson.Default.AuditVerbsPage,
                reply => Show(call.Output, reply));
        });
    }

    public static Verb BuildExport()
    {
        var (filters, to) = (Filters.Make(), SavedFile.Option());
        var verb = new Verb(
            "export", "Write who did what, the oldest first, as JSON or (FILE ends with .csv) as CSV.",
            "guerdon audit export --from 2026-11-01 --until 2026-11-30 --to acts.csv",
            "guerdon audit export --who fin@example.com --to acts.json")
        {
            to,
        };
        filters.AddTo(verb);
        return verb.Does(async (call, ct) =>
        {
            var path = call.Value(to)!;
            if ((SavedFile.Wrong(path) ?? filters.Wrong(call)) is { } wrong) return call.Misuse(wrong);
            var isCsv = path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
            var address = Call.Address(
                "api/v1/acts", [.. filters.Asked(call), ("format", isCsv ? "csv" : "json")]);
            return await SavedFile.WriteAsync(call, await call.GetLongAsync("Writing acts", address, ct), path, ct);
        });
    }

    private static int Show(Output output, Page reply)
    {
        if (reply.Acts.Count == 0) output.Note("Nothing was done that fits.");
        var table = new TextTable().Left("When").Left("Who").Left("What").Left("By").Left("Of").Left("From")
            .Right("Answer").Right("Times");
        foreach (var one in reply.Acts)
            table.Row(
                Shown.Time(one.At), one.Who, one.Kind.Replace('_', ' '), one.Endpoint, one.Subject, one.Address,
                one.Status == 0 ? "" : $"{one.Status}", $"{one.Times:#,0}");
        output.Table(table);
        if (reply.Next is { } next) output.Note($"More: --after {next}");
        return ExitCodes.Done;
    }
}
