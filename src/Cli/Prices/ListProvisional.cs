using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Prices;

/// <summary><c>guerdon price provisional</c>: what was charged at a price that may not cover it.</summary>
internal static class ListProvisional
{
    internal sealed record Reply(DateOnly From, DateOnly To, IReadOnlyList<Group> Groups);

    internal sealed record Group(
        string Model, string Name, string PricedAs, IReadOnlyList<string> Doubts, long? Calls, long? Tokens, long? Uses,
        long? CostNanos);

    public static Verb Build()
    {
        var (from, to) = (UsageDays.From(), UsageDays.To());
        return new Verb(
            "provisional", "List usage whose price may not cover its cost, because the price book lacks something.",
            "guerdon price provisional", "guerdon price provisional --from 2026-11-01 --to 2026-11-30 --json")
        {
            from, to,
        }.Does(async (call, ct) =>
        {
            var address = Call.Address(
                "api/v1/usage/provisional", ("from", UsageDays.Iso(call.Value(from))),
                ("to", UsageDays.Iso(call.Value(to))));
            var answer = await call.GetAsync("Looking for doubtful prices", address, ct);
            return call.Show(answer, PricesJson.Default.ListProvisionalReply, reply => Show(call.Output, reply));
        });
    }

    private static int Show(Output output, Reply reply)
    {
        if (reply.Groups.Count == 0)
        {
            output.Note($"From {Call.Iso(reply.From)} to {Call.Iso(reply.To)} prices covered all that was used.");
            return ExitCodes.Done;
        }

        var table = new TextTable().Left("Asked").Left("Used").Left("Priced as").Right("Calls").Right("USD")
            .Right("Tokens").Right("Uses").Left("Why");
        foreach (var g in reply.Groups)
            table.Row(
                g.Model, g.Name, g.PricedAs, $"{g.Calls:#,0}", g.CostNanos is { } cost ? Shown.Usd(cost) : "",
                $"{g.Tokens:#,0}", $"{g.Uses:#,0}", string.Join("; ", g.Doubts));

        output.Table(table);
        return ExitCodes.Done;
    }
}
