using System.CommandLine;
using System.Text.Json.Serialization;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;

namespace Guerdon.Cli.Grants;

/// <summary><c>guerdon grant approve RUN DIGEST</c>, <c>decline RUN</c>, <c>reverse RUN</c>: each by somebody other
/// than whoever asked.</summary>
internal static class RunDecisionVerbs
{
    internal sealed record Reason(string Text)
    {
        [JsonPropertyName("reason")]
        public string Text { get; } = Text;
    }

    internal sealed record Approval(string? Digest, bool Alone);

    public static Verb BuildApprove()
    {
        var (id, alone) = (RunVerbs.Id(), Decisions.Alone());
        var digest = new Argument<string?>("DIGEST")
        {
            Description = "The run's digest, from 'guerdon grant show RUN'.", Arity = ArgumentArity.ZeroOrOne,
        };
        return new Verb(
            "approve", "Approve a run that somebody else prepared, as you saw it, and post it.",
            "guerdon grant approve run_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b "
                + "2f1c52a7d0b38a6a5e0c5e0d7d3e6a1b4c9f8e7d6c5b4a39281706f5e4d3c2b1")
        {
            id, digest, alone,
        }.Does(async (call, ct) =>
        {
            var answer = await call.PostAsync(
                "Approving the run", $"{RunVerbs.Of(call.Value(id))}/approve",
                new Approval(call.ValueOrNull(digest), call.Value(alone)), GrantsJson.Default.RunDecisionVerbsApproval,
                ct);
            if (answer.No is null) answer = await RunVerbs.FollowAsync(call, call.Value(id), ct);
            return Show(call, answer);
        });
    }

    public static Verb BuildDecline()
    {
        var id = RunVerbs.Id();
        return new Verb(
            "decline", "Decline a run, or withdraw your own; what was in it can be prepared again.",
            "guerdon grant decline run_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b")
        {
            id,
        }.Does(async (call, ct) => Show(
            call, await call.PostAsync("Declining the run", $"{RunVerbs.Of(call.Value(id))}/decline", ct)));
    }

    public static Verb BuildReverse()
    {
        var (id, alone) = (RunVerbs.Id(), Decisions.Alone());
        var reason = new Option<string?>("--reason") { Description = "Why, for the record.", HelpName = "TEXT" };
        var approve = new Option<bool>("--approve") { Description = "Agree to what another administrator asked for." };
        return new Verb(
            "reverse", "Ask for a posted run to be reversed, or agree to that.",
            "guerdon grant reverse run_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b --reason 'Wrong month'",
            "guerdon grant reverse run_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b --approve")
        {
            id, reason, approve, alone,
        }.Does(async (call, ct) =>
        {
            var (why, agrees, address) = (call.Value(reason), call.Value(approve),
                $"{RunVerbs.Of(call.Value(id))}/reverse");
            if (why is null != agrees) return call.Misuse("name either --reason, to ask for it, or --approve");
            if (call.Value(alone) && !agrees) return call.Misuse("--alone goes with --approve");
            var answer = agrees
                ? await call.PostAsync(
                    "Reversing the run", $"{address}/approve", new Decisions.Agreement(call.Value(alone)),
                    SharedJson.Default.DecisionsAgreement, ct)
                : await call.PostAsync(
                    "Asking for the reversal", address, new Reason(why!), GrantsJson.Default.RunDecisionVerbsReason,
                    ct);
            return Show(call, answer);
        });
    }

    private static int Show(Call call, Answer answer) => call.Show(answer, GrantsJson.Default.RunVerbsRun, run =>
    {
        RunVerbs.Show(call.Output, run);
        RunVerbs.Say(call.Output, run.RunId, run.State, run.Digest, run.WhoMay);
        return ExitCodes.Done;
    });
}
