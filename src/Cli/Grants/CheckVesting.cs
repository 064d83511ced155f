using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Grants;

/// <summary><c>guerdon vesting check FILE</c>: what of a grant vests when; nothing is saved.</summary>
internal static class CheckVesting
{
    internal sealed record Reply(
        string Id, string Name, long Quantity, IReadOnlyList<Line> Instalments, long Vested, long Unvested);

    internal sealed record Line(DateOnly Date, long Amount, long Vested, string ConditionId, string Why);

    public static Verb Build()
    {
        var file = Values.File("Vesting terms in the Open Cap Table Format (JSON)");
        var quantity = Values.Whole("--quantity", "How much is granted, in whole units.", 0L, long.MaxValue);
        quantity.Required = true;
        var start = Values.Day("--start", "The day vesting starts.");
        start.Required = true;
        var left = Values.Day(
            "--left", "The last day of somebody who leaves; what has not vested by then is forfeited.");
        return new Verb(
            "check", "Check vesting terms and show the instalments of a grant.",
            "guerdon vesting check terms.json --quantity 1000 --start 2026-11-30",
            "guerdon vesting check terms.json --quantity 1000 --start 2026-11-30 --left 2028-06-30")
        {
            file, quantity, start, left,
        }.Does(async (call, ct) =>
        {
            var path = call.Value(file);
            var address = Call.Address(
                "api/v1/vesting/check", ("quantity", Values.Text(call.Value(quantity))),
                ("start", Day(call.Value(start))), ("left", Day(call.Value(left))));
            var answer = await call.PostFileAsync($"Checking {path}", address, path, "application/json", ct);
            return call.Show(answer, GrantsJson.Default.CheckVestingReply, reply => Show(call.Output, reply));
        });
    }

    private static string? Day(DateOnly? day) => day is { } known ? Call.Iso(known) : null;

    private static int Show(Output output, Reply reply)
    {
        var table = new TextTable().Left("Date").Right("Vests").Right("Vested").Left("Condition").Left("Why");
        foreach (var line in reply.Instalments)
            table.Row(Call.Iso(line.Date), $"{line.Amount:#,0}", $"{line.Vested:#,0}", line.ConditionId, line.Why);
        if (table.Count > 0) output.Table(table);
        output.Line(
            $"{(reply.Name.Length > 0 ? reply.Name : reply.Id)}: {reply.Vested:#,0} of {reply.Quantity:#,0} vest."
            + (reply.Unvested > 0 ? $" {reply.Unvested:#,0} wait for an event, or are forfeited." : ""));
        return ExitCodes.Done;
    }
}
