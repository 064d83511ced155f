using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Usage;

/// <summary><c>guerdon reconcile review RECONCILIATION</c>: what a preview showed, for whoever decides it.</summary>
internal static class ReconcileReview
{
    internal sealed record Reply(
        string Id, string Digest, string State, string Provider, DateOnly From, DateOnly To, string AskedBy,
        DateTimeOffset AskedAt, int Calls, long RefundMilli, long ChargeMilli, bool IsCurrent, bool YouMay,
        bool YouMayDecline, bool YouAsked, IReadOnlyList<ReconcileVerbs.Window> Windows,
        IReadOnlyList<ReconcilePreview.Line> Corrections, string? WhoMay = null, string? DecidedBy = null,
        DateTimeOffset? DecidedAt = null, string? Reason = null);

    public static Verb Build()
    {
        var id = Values.Id("RECONCILIATION", "rec", "guerdon approvals");
        return new Verb(
            "review", "Show what somebody's preview would correct, before you decide it; nothing changes.",
            "guerdon reconcile review rec_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b")
        {
            id,
        }.Does(async (call, ct) =>
        {
            var answer = await call.GetAsync(
                "Comparing", $"api/v1/reconciliation/{Uri.EscapeDataString(call.Value(id))}", ct);
            return call.Show(answer, UsageJson.Default.ReconcileReviewReply, reply => Show(call.Output, reply));
        });
    }

    private static int Show(Output output, Reply reply)
    {
        ReconcileVerbs.Show(output, reply.Windows);
        ReconcilePreview.Show(output, reply.Corrections);
        output.Line(
            $"{reply.AskedBy} asked on {Shown.Time(reply.AskedAt)} to correct {Wording.Count(reply.Calls, "call")} of"
            + $" {reply.Provider}, {Call.Iso(reply.From)} to {Call.Iso(reply.To)}:"
            + $" {Shown.Tokens(reply.RefundMilli)} tokens are refunded, {Shown.Tokens(reply.ChargeMilli)} are charged"
            + " in addition.");
        output.Line($"Digest: {reply.Digest}");
        if (reply.DecidedBy is { } decider)
        {
            var why = reply.Reason is null ? "" : $": {reply.Reason}";
            output.Line($"It is {reply.State}, by {decider} on {Shown.Time(reply.DecidedAt!.Value)}{why}");
            return ExitCodes.Done;
        }

        if (!reply.IsCurrent)
            output.Line(
                "Calls, reports or prices have changed since it was asked for, so that it cannot be applied."
                + " Decline it, and let somebody preview again.");
        output.Line($"It is {reply.State} for a decision by {reply.WhoMay}.");
        if (reply.YouMay && reply.IsCurrent)
            output.Note(
                $"To correct them: guerdon reconcile apply {reply.Id} --digest {reply.Digest}"
                + (reply.YouAsked ? " --alone" : ""));
        if (reply.YouMayDecline)
            output.Note(
                $"To {(reply.YouAsked ? "withdraw" : "decline")} it: guerdon reconcile decline {reply.Id}"
                + " --reason TEXT");
        return ExitCodes.Done;
    }
}
