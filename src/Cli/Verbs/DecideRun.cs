using System.CommandLine;

namespace Stipend.Cli;

/// <summary><c>stipend grant approve|decline|reverse RUN</c>: each by somebody other than whoever asked.</summary>
internal static class DecideRun
{
    internal sealed record Reason(string Text)
    {
        [System.Text.Json.Serialization.JsonPropertyName("reason")]
        public string Text { get; } = Text;
    }

    public static Verb BuildApprove() => Build(
        "approve", "Approve a run that somebody else prepared, and post it.", "Approving");

    public static Verb BuildDecline() => Build(
        "decline", "Decline a run; what was in it can be prepared anew.", "Declining");

    public static Verb BuildReverse()
    {
        var id = Runs.Id();
        var reason = new Option<string?>("--reason") { Description = "Why, for the books.", HelpName = "TEXT" };
        var approve = new Option<bool>("--approve") { Description = "Agree with whoever asked for it." };
        return new Verb(
            "reverse", "Ask for a posted run to be taken back, or agree that it is.",
            "stipend grant reverse run_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b --reason 'Wrong month'",
            "stipend grant reverse run_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b --approve")
        {
            id, reason, approve,
        }.Does(async (call, ct) =>
        {
            var (why, agrees, address) = (call.Value(reason), call.Value(approve),
                $"{Runs.Of(call.Value(id))}/reverse");
            if (why is null != agrees) return call.Misuse("name either --reason, to ask for it, or --approve");
            var answer = agrees
                ? await call.PostAsync("Taking the run back", $"{address}/approve", ct)
                : await call.PostAsync(
                    "Asking for the reversal", address, new Reason(why!), CliJson.Default.DecideRunReason, ct);
            return Show(call, answer);
        });
    }

    private static Verb Build(string name, string description, string doing)
    {
        var id = Runs.Id();
        return new Verb(name, description, $"stipend grant {name} run_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b") { id }
            .Does(async (call, ct) =>
            {
                var answer = await call.PostAsync(
                    $"{doing} the run", $"{Runs.Of(call.Value(id))}/{name}", ct);
                if (answer.No is null) answer = await Runs.FollowAsync(call, call.Value(id), ct);
                return Show(call, answer);
            });
    }

    private static int Show(Call call, Answer answer) => call.Show(answer, CliJson.Default.RunsRun, run =>
    {
        Runs.Show(call.Output, run);
        Runs.Say(call.Output, run.RunId, run.State);
        return ExitCodes.Done;
    });
}
