using System.CommandLine;
using Guerdon.Client;
using Guerdon.Client.Verbs;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Approvals;

/// <summary><c>guerdon approvals list</c>, <c>show</c>, <c>approve</c> and <c>decline</c>: what was proposed of plans,
/// terms and settings.</summary>
internal static class InputVerbs
{
    internal sealed record Reply(
        Waiting.Proposal Proposal, string Body, string WhoMay, bool YouMay, bool YouAsked, bool YouMayDecline,
        string? OnYou = null, string? Refused = null);

    internal sealed record Listed(IReadOnlyList<Waiting.Proposal> Inputs, string? Next = null);

    internal sealed record Decided(Waiting.Proposal Proposal, bool Done);

    internal sealed record Approval(string Digest, bool Alone);

    internal sealed record Refusing(string? Reason);

    private const string Example = "inp_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b";

    public static Verb BuildList()
    {
        var waiting = new Option<bool>("--waiting") { Description = "Only those that nobody decided yet." };
        var after = new Option<string?>("--after")
        {
            Description = "What follows a page, as that page ends with it.", HelpName = "PLACE",
        };
        return new Verb(
            "list", "List what was proposed of plans, terms, settings, people and the gateway, and what became of it.",
            "guerdon approvals list", "guerdon approvals list --waiting")
        {
            waiting, after,
        }.Does(async (call, ct) => call.Show(
            await call.GetAsync(
                "Listing proposals",
                Call.Address(
                    "api/v1/inputs", ("waiting", call.Value(waiting) ? "true" : null), ("after", call.Value(after))),
                ct),
            ApprovalsJson.Default.InputVerbsListed, reply =>
            {
                if (reply.Inputs.Count == 0)
                    call.Output.Note(call.Value(waiting) ? "Nothing waits." : "Nothing was proposed yet.");
                var table = new TextTable().Left("Id").Left("What").Left("Proposed by").Left("Since")
                    .Left("In effect from").Left("State");
                foreach (var one in reply.Inputs)
                    table.Row(one.Id, one.About, one.AskedBy, Shown.Time(one.AskedAt),
                        Shown.Time(one.EffectiveFrom), StateOf(one));
                call.Output.Table(table);
                if (reply.Next is { } next) call.Output.Note($"More: --after {next}");
                return ExitCodes.Done;
            }));
    }

    public static Verb BuildShow()
    {
        var id = Id();
        var file = new Option<bool>("--file")
        {
            Description = "Write what was proposed as it was given, a file or figures, and nothing else.",
        };
        return new Verb(
            "show", "Show what a proposal would change, whom it reaches, and who may decide it.",
            $"guerdon approvals show {Example}", $"guerdon approvals show {Example} --file > proposed.yaml")
        {
            id, file,
        }.Does(async (call, ct) => call.Show(
            await call.GetAsync("Reading the proposal", Address(call.Value(id)), ct),
            ApprovalsJson.Default.InputVerbsReply, reply =>
            {
                if (!call.Value(file)) return Show(call.Output, reply);
                call.Output.Text(reply.Body);
                return ExitCodes.Done;
            }));
    }

    public static Verb BuildApprove()
    {
        var (id, alone) = (Id(), Decisions.Alone());
        var digest = new Option<string>("--digest")
        {
            Description = "The digest of what you looked at, as 'guerdon approvals show' has it.", HelpName = "SHA256",
            Required = true,
        };
        return new Verb(
            "approve", "Approve somebody else's proposal, which puts it into effect.",
            $"guerdon approvals approve {Example} --digest 5f70…") { id, digest, alone }
            .Does(async (call, ct) =>
            {
                var answer = await call.PostAsync(
                    "Approving the proposal", Address(call.Value(id)) + "/approve",
                    new Approval(call.Value(digest)!, call.Value(alone)), ApprovalsJson.Default.InputVerbsApproval, ct);
                return Show(call, answer);
            });
    }

    public static Verb BuildDecline()
    {
        var id = Id();
        var reason = new Option<string?>("--reason")
        {
            Description = "Why; you may leave it out where you proposed it yourself.", HelpName = "TEXT",
        };
        return new Verb(
            "decline", "Decline a proposal, or withdraw your own.",
            $"guerdon approvals decline {Example} --reason \"Not before the new year.\"") { id, reason }
            .Does(async (call, ct) =>
            {
                var answer = await call.PostAsync(
                    "Declining the proposal", Address(call.Value(id)) + "/decline", new Refusing(call.Value(reason)),
                    ApprovalsJson.Default.InputVerbsRefusing, ct);
                return Show(call, answer);
            });
    }

    private static Argument<string> Id() => Values.Id("ID", "inp", "guerdon approvals");

    private static string Address(string id) => $"api/v1/inputs/{Uri.EscapeDataString(id)}";

    private static int Show(Call call, Answer answer) =>
        call.Show(answer, ApprovalsJson.Default.InputVerbsDecided, reply =>
        {
            var said = reply.Done ? "is" : "was already";
            call.Output.Line($"{reply.Proposal.About} ({reply.Proposal.Id}) {said} {StateOf(reply.Proposal)}.");
            return ExitCodes.Done;
        });

    private static int Show(Output output, Reply reply)
    {
        var one = reply.Proposal;
        output.Line($"{one.About}: {StateOf(one)}");
        if (reply.OnYou is { } effect) output.Line($"It is for you too. {effect}");
        if (one.State == "waiting") output.Line($"May be approved by {reply.WhoMay}.");
        if (reply.Refused is { } why) output.Line($"As things are it cannot be approved: {why}");
        Waiting.Show(output, one); // ends with a table, under which nothing stands
        if (one.State != "waiting") return ExitCodes.Done;
        var alone = reply.YouAsked ? " --alone" : "";
        if (reply.YouMay) output.Note($"Approve it: guerdon approvals approve {one.Id} --digest {one.Digest}{alone}");
        if (reply.YouMayDecline)
            output.Note(reply.YouAsked ? $"Withdraw it: guerdon approvals decline {one.Id}"
                : $"Decline it: guerdon approvals decline {one.Id} --reason TEXT");
        return ExitCodes.Done;
    }

    private static string StateOf(Waiting.Proposal one)
    {
        if (one.DecidedBy is null) return one.State;
        var alone = one.Alone ? ", alone" : "";
        var made = one.Made is { } what ? $": {what}" : one.Reason is { } why ? $": {why}" : "";
        return $"{one.State} by {one.DecidedBy}{alone}, {Shown.Time(one.DecidedAt!.Value)}{made}";
    }
}
