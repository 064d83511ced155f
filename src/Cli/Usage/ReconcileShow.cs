using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Usage;

/// <summary><c>guerdon reconcile show</c>: booked, reported, corrected and unexplained, bucket by bucket.</summary>
internal static class ReconcileShow
{
    internal sealed record Reply(
        DateOnly From, DateOnly To, IReadOnlyList<Total> Totals, IReadOnlyList<ReconcileVerbs.Window> Windows,
        IReadOnlyList<CostLine> Costs);

    internal sealed record Total(
        string Provider, long BookedTokens, long CorrectedTokens, long ReportedTokens, long UnexplainedTokens,
        int Windows, int Correctable, int Open, int Unexplained, long BookedNanos, long ReportedNanos,
        long DifferenceNanos);

    internal sealed record CostLine(
        string Provider, string Model, DateTimeOffset From, DateTimeOffset To, long BookedNanos, long ReportedNanos,
        long DifferenceNanos, long OtherKeysNanos);

    public static Verb Build()
    {
        var provider = ReconcileVerbs.Provider("Only this provider (default: all that have reports).");
        var (from, to) = (UsageDays.From(), UsageDays.To());
        return new Verb(
            "show", "Show what providers report beside what is booked, and what is unexplained.",
            "guerdon reconcile show", "guerdon reconcile show --from 2026-11-01 --to 2026-11-30 --json")
        {
            provider, from, to,
        }.Does(async (call, ct) =>
        {
            var address = Call.Address(
                "api/v1/reconciliation", ("provider", call.Value(provider)),
                ("from", UsageDays.Iso(call.Value(from))), ("to", UsageDays.Iso(call.Value(to))));
            var answer = await call.GetAsync("Comparing", address, ct);
            return call.Show(answer, UsageJson.Default.ReconcileShowReply, reply => Show(call.Output, reply));
        });
    }

    private static int Show(Output output, Reply reply)
    {
        ReconcileVerbs.Show(output, reply.Windows);
        Costs(output, reply.Costs);
        if (reply.Totals.Count == 0)
            output.Note($"There are no reports for {Call.Iso(reply.From)} to {Call.Iso(reply.To)}.");
        foreach (var t in reply.Totals)
        {
            output.Line(
                $"{t.Provider}: booked {t.BookedTokens:#,0} tokens, corrected by {t.CorrectedTokens:#,0}, reported"
                + $" {t.ReportedTokens:#,0}, unexplained {t.UnexplainedTokens:#,0}.");
            output.Line(
                $"Of {Wording.Count(t.Windows, "window")} {t.Correctable:#,0} correctable, {t.Open:#,0} open,"
                + $" {t.Unexplained:#,0} unexplained.");
        }

        return ExitCodes.Done;
    }

    private static void Costs(Output output, IReadOnlyList<CostLine> costs)
    {
        if (costs.Count == 0) return;
        var table = new TextTable().Left("Provider").Left("Cost of").Left("From").Left("Of").Right("Booked, USD")
            .Right("Reported").Right("Difference").Right("Other keys");
        foreach (var c in ReconcileVerbs.First(costs))
            table.Row(
                c.Provider, c.Model, Shown.Time(c.From), ReconcileVerbs.Length(c.From, c.To),
                Shown.Usd(c.BookedNanos), Shown.Usd(c.ReportedNanos), Shown.Usd(c.DifferenceNanos),
                Shown.Usd(c.OtherKeysNanos));
        output.Table(table);
        ReconcileVerbs.More(output, costs.Count);
        output.Line();
    }
}
