using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Usage;

/// <summary><c>guerdon reconcile apply RECONCILIATION</c>: corrects what a preview showed, once.</summary>
internal static class ReconcileApply
{
    internal sealed record Reply(
        string Id, bool Done, int Corrections, long RefundedMilli, long ChargedMilli, long ShortMilli, string By,
        DateTimeOffset At, int SetAside = 0);

    internal sealed record Request(bool Alone, string? Digest);

    public static Verb Build()
    {
        var id = Values.Id("RECONCILIATION", "rec", "guerdon reconcile preview");
        var (alone, digest) = (Decisions.Alone(), ReconcileDecline.Digest());
        return new Verb(
            "apply", "Correct the calls in somebody else's preview; applying it again changes nothing.",
            "guerdon reconcile apply rec_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b")
        {
            id, alone, digest,
        }.Does(async (call, ct) =>
        {
            var answer = await call.PostAsync(
                "Correcting", $"api/v1/reconciliation/{Uri.EscapeDataString(call.Value(id))}/apply",
                new Request(call.Value(alone), call.Value(digest)), UsageJson.Default.ReconcileApplyRequest, ct);
            return call.Show(answer, UsageJson.Default.ReconcileApplyReply, reply => Show(call.Output, reply));
        });
    }

    private static int Show(Output output, Reply reply)
    {
        output.Line(
            $"{Wording.Count(reply.Corrections, "call")} {(reply.Corrections == 1 ? "is" : "are")} corrected:"
            + $" {Shown.Tokens(reply.RefundedMilli)} tokens were refunded, {Shown.Tokens(reply.ChargedMilli)} were"
            + " charged in addition.");
        if (reply.ShortMilli > 0)
            output.Line($"{Shown.Tokens(reply.ShortMilli)} more tokens were due, but the wallets did not have them.");
        if (reply.SetAside > 0)
            output.Line(
                $"{Wording.Count(reply.SetAside, "call")} of whoever asked or applied stay, for another to correct.");
        if (!reply.Done)
            output.Note($"{reply.By} applied it on {Shown.Time(reply.At)}: nothing changed now.");
        return ExitCodes.Done;
    }
}
