using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Usage;

/// <summary><c>guerdon reconcile preview</c>: which estimated calls would be corrected, and by how much.</summary>
internal static class ReconcilePreview
{
    internal sealed record Request(string Provider, DateOnly? From, DateOnly? To);

    internal sealed record Reply(
        bool Added, string Provider, DateOnly From, DateOnly To, long RefundMilli, long ChargeMilli,
        IReadOnlyList<ReconcileVerbs.Window> Windows, IReadOnlyList<Line> Corrections, string? Id = null);

    internal sealed record Line(
        string Wallet, string Request, DateTimeOffset StartedAt, string Model, ReconcileVerbs.Used Was,
        ReconcileVerbs.Used Becomes, long ChargedMilli, long DueMilli);

    public static Verb Build()
    {
        var provider = ReconcileVerbs.Provider("The provider's name in requests.");
        provider.Required = true;
        var (from, to) = (UsageDays.From(), UsageDays.To());
        return new Verb(
            "preview", "Show which estimated calls the reports would correct; nothing changes yet.",
            "guerdon reconcile preview --provider openai",
            "guerdon reconcile preview --provider anthropic --from 2026-11-01 --to 2026-11-15")
        {
            provider, from, to,
        }.Does(async (call, ct) =>
        {
            var answer = await call.PostAsync(
                "Comparing", "api/v1/reconciliation/preview",
                new Request(call.Value(provider)!, call.Value(from), call.Value(to)),
                UsageJson.Default.ReconcilePreviewRequest, ct);
            return call.Show(answer, UsageJson.Default.ReconcilePreviewReply, reply => Show(call.Output, reply));
        });
    }

    private static int Show(Output output, Reply reply)
    {
        ReconcileVerbs.Show(output, reply.Windows);
        if (reply.Id is not { } id)
        {
            output.Line("There is nothing to correct.");
            return ExitCodes.Done;
        }

        Show(output, reply.Corrections);
        output.Line(
            $"{Wording.Count(reply.Corrections.Count, "call")} to correct: {Shown.Tokens(reply.RefundMilli)} tokens"
            + $" are refunded, {Shown.Tokens(reply.ChargeMilli)} are charged in addition.");
        output.Note($"Nothing has changed. To correct them: guerdon reconcile apply {id}");
        return ExitCodes.Done;
    }

    /// <summary>Calls as a table, tokens as input / output.</summary>
    public static void Show(Output output, IReadOnlyList<Line> corrections)
    {
        if (corrections.Count == 0) return;
        var table = new TextTable().Left("Request").Left("Started").Left("Model").Right("Was").Right("Becomes")
            .Right("Charged").Right("Due");
        foreach (var c in ReconcileVerbs.First(corrections))
            table.Row(
                c.Request, Shown.Time(c.StartedAt), c.Model, $"{c.Was}", $"{c.Becomes}",
                Shown.Tokens(c.ChargedMilli), Shown.Tokens(c.DueMilli));
        output.Table(table);
        ReconcileVerbs.More(output, corrections.Count);
        output.Line();
    }
}
