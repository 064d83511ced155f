using System.CommandLine;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Payroll;

/// <summary><c>guerdon pay lines [LINE]</c>: pay lines, or one down to the ledger's rows.</summary>
internal static class ListPayLines
{
    private const int RowsShown = 50;

    public static Verb Build()
    {
        var line = Values.IdOrNone(
            "LINE", "pay", "guerdon pay lines", "A pay line's id, to see what it is based on; left out: a list.");
        var person = Whose.Option();
        var all = new Option<bool>("--all") { Description = "Everybody's; for administrators." };
        var from = Values.Day("--from", "With --all: the first day to pay on.");
        var to = Values.Day("--to", "With --all: the last day to pay on.");
        return new Verb(
            "lines", "List what goes to payroll, or show what one line is based on.", "guerdon pay lines",
            "guerdon pay lines --all --from 2026-12-01 --to 2026-12-31",
            "guerdon pay lines pay_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b")
        {
            line, person, all, from, to,
        }.Does(async (call, ct) =>
        {
            if (call.ValueOrNull(line) is { } one)
            {
                var detail = await call.GetAsync(
                    "Reading the pay line", $"api/v1/pay-lines/{Uri.EscapeDataString(one)}", ct);
                return call.Show(detail, reply => Sheet.Show(call.Output, reply, RowsShown));
            }

            var address = call.Value(all)
                ? Call.Address("api/v1/pay-lines", ("from", Day(call.Value(from))), ("to", Day(call.Value(to))))
                : Whose.Path(call.Value(person), "pay-lines");
            var answer = await call.GetAsync("Listing pay lines", address, ct);
            return call.Show(answer, reply => ReplyList.Show(
                call.Output, reply, "payLines", "There are no pay lines.", new("Line", "id"), new("Person", "email"),
                new("Kind", "kind"), new("Pays", "pays", true), new("Class", "taxClass"), new("From", "payOn"),
                new("Approved by", "approvedBy")));
        });
    }

    private static string? Day(DateOnly? day) => day is { } there ? Call.Iso(there) : null;
}
