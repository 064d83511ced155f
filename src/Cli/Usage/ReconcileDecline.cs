using System.CommandLine;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Usage;

/// <summary><c>guerdon reconcile decline RECONCILIATION</c>: with the reason; whoever asked withdraws it so.</summary>
internal static class ReconcileDecline
{
    internal sealed record Request(string Reason, string? Digest);

    internal sealed record Reply(string Id, bool Done, string Reason, string By, DateTimeOffset At);

    /// <summary>What a decision on corrections may name beside their id.</summary>
    public static Option<string?> Digest() => new("--digest")
    {
        Description = "The digest that 'guerdon reconcile review' shows, so that nothing else is decided.",
        HelpName = "DIGEST",
    };

    public static Verb Build()
    {
        var id = Values.Id("RECONCILIATION", "rec", "guerdon approvals");
        var (reason, digest) = (Decisions.Why("Why, for the record."), Digest());
        return new Verb(
            "decline", "Decline what a preview would correct, or withdraw your own; no call is changed.",
            "guerdon reconcile decline rec_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b --reason \"The report is of other keys.\"")
        {
            id, reason, digest,
        }.Does(async (call, ct) =>
        {
            var answer = await call.PostAsync(
                "Declining", $"api/v1/reconciliation/{Uri.EscapeDataString(call.Value(id))}/decline",
                new Request(call.Value(reason)!, call.Value(digest)), UsageJson.Default.ReconcileDeclineRequest, ct);
            return call.Show(answer, UsageJson.Default.ReconcileDeclineReply, reply =>
            {
                call.Output.Line(
                    $"{reply.Id} {(reply.Done ? "is" : "was already")} declined by {reply.By} on"
                    + $" {Shown.Time(reply.At)}: {reply.Reason}");
                return ExitCodes.Done;
            });
        });
    }
}
