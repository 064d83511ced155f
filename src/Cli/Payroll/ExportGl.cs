using System.CommandLine;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Payroll;

/// <summary><c>guerdon gl export</c>: the general ledger of some days.</summary>
internal static class ExportGl
{
    public static Verb Build()
    {
        var format = new Option<string>("--format")
        {
            Description = "csv, hledger (for ledger too) or beancount.", HelpName = "FORMAT", Required = true,
        };
        var (from, last) = (Values.Day("--from", "First day."), Values.Day("--until", "Last day, included."));
        from.Required = last.Required = true;
        var to = SavedFile.Option();
        return new Verb(
            "export", "Write the general ledger of some days, in double entry.",
            "guerdon gl export --format hledger --from 2026-11-01 --until 2026-11-30 --to november.journal")
        {
            format, from, last, to,
        }.Does(async (call, ct) =>
        {
            if (SavedFile.Wrong(call.Value(to)!) is { } wrong) return call.Misuse(wrong);
            if (call.Value(from) > call.Value(last)) return call.Misuse("--from is after --until.");
            // A day more, because the server's span ends before its `to`, and a person means
            // the last day and all of it.
            var address = Call.Address(
                "api/v1/gl/export", ("format", call.Value(format)), ("from", Call.Iso(call.Value(from)!.Value)),
                ("to", Call.Iso(call.Value(last)!.Value.AddDays(1))));
            var answer = await call.GetAsync("Writing the general ledger", address, ct);
            return await SavedFile.WriteAsync(call, answer, call.Value(to)!, ct);
        });
    }
}
