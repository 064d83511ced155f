using System.CommandLine;
using Guerdon.Client.Verbs;
using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;

namespace Guerdon.Cli.Plans;

/// <summary><c>guerdon phase list|propose|vote</c>: the gate between a plan's phases.</summary>
internal static class PhaseVerbs
{
    private const string ExampleDigest = "2f1c52a7d0b38a6a5e0c5e0d7d3e6a1b4c9f8e7d6c5b4a39281706f5e4d3c2b1";

    internal sealed record Page(IReadOnlyList<State> Phases);

    internal sealed record State(
        string Name, int Votes, [property: System.Text.Json.Serialization.JsonPropertyName("state")] string Is,
        IReadOnlyList<Vote> Cast, DateOnly? BeginsOn = null, string? ProposedBy = null, string? Report = null,
        string? Digest = null);

    internal sealed record Vote(string Voter, bool InFavour, string Reason);

    internal sealed record Proposal(string Report, DateOnly BeginsOn);

    internal sealed record Ballot(bool InFavour, string Reason, string? Digest, bool Alone);

    public static Verb BuildList()
    {
        var plan = PlanHistory.Name();
        return new Verb(
            "list", "List a plan's phases, their states, and what is being voted on.",
            "guerdon phase list engineering") { plan }
            .Does(async (call, ct) => call.Show(
                await call.GetAsync("Reading the phases", Of(call.Value(plan)), ct), PlansJson.Default.PhaseVerbsPage,
                page =>
                {
                    if (page.Phases.Count == 0)
                        call.Output.Note("The plan has no phases: it is for everybody eligible.");
                    else call.Output.Table(Table(page.Phases));
                    foreach (var phase in page.Phases) Tell(call, phase);
                    return ExitCodes.Done;
                }));
    }

    public static Verb BuildPropose()
    {
        var (plan, phase) = (PlanHistory.Name(), Phase());
        var report = new Option<string>("--report")
        {
            Description = "A file with the results of the previous phase.", HelpName = "FILE", Required = true,
        };
        var from = Values.Day("--from", "From when it counts, the first day of a month.");
        from.Required = true;
        return new Verb(
            "propose", "Put a plan's next phase to the vote.",
            "guerdon phase propose engineering all --report pilot.md --from 2027-01-01")
        {
            plan, phase, report, from,
        }.Does(async (call, ct) =>
        {
            var path = call.Value(report)!;
            if (!File.Exists(path)) return call.Misuse($"There is no file {path}.");
            var body = new Proposal(await File.ReadAllTextAsync(path, ct), call.Value(from)!.Value);
            return Show(call, await call.PostAsync(
                "Proposing the phase", Of(call.Value(plan), call.Value(phase)), body,
                PlansJson.Default.PhaseVerbsProposal, ct));
        });
    }

    public static Verb BuildVote()
    {
        var (plan, phase) = (PlanHistory.Name(), Phase());
        var digest = new Argument<string?>("DIGEST")
        {
            Description = "The phase's digest, from 'guerdon phase list PLAN'.", Arity = ArgumentArity.ZeroOrOne,
        };
        var against = new Option<bool>("--against") { Description = "Vote against it." };
        var reason = Decisions.Why("For the record.");
        var alone = Decisions.Alone();
        return new Verb(
            "vote", "Vote for a phase as you read it, or against it; until it opens, voting again changes the vote.",
            $"guerdon phase vote engineering all {ExampleDigest} --reason 'The pilot paid for itself'",
            $"guerdon phase vote engineering all {ExampleDigest} --against --reason 'Too early'")
        {
            plan, phase, digest, against, reason, alone,
        }.Does(async (call, ct) => Show(call, await call.PostAsync(
            "Voting", $"{Of(call.Value(plan), call.Value(phase))}/votes",
            new Ballot(!call.Value(against), call.Value(reason)!, call.ValueOrNull(digest), call.Value(alone)),
            PlansJson.Default.PhaseVerbsBallot, ct)));
    }

    private static Argument<string> Phase() => new("PHASE") { Description = "The phase's name." };

    private static string Of(string plan, string? phase = null) =>
        $"api/v1/plans/{Uri.EscapeDataString(plan)}/phases" + (phase is null ? "" : $"/{Uri.EscapeDataString(phase)}");

    private static int Show(Call call, Answer answer) => call.Show(answer, PlansJson.Default.PhaseVerbsState, state =>
    {
        call.Output.Table(Table([state]));
        Tell(call, state);
        return ExitCodes.Done;
    });

    // The digest too, since a vote must name it.
    private static void Tell(Call call, State phase)
    {
        if (phase.Digest is not { } digest) return;
        call.Output.Line();
        call.Output.Line($"Report for {phase.Name}, proposed by {phase.ProposedBy}:");
        foreach (var line in (phase.Report ?? "").Split('\n')) call.Output.Line($"  {line}");
        call.Output.Line($"Digest: {digest}");
    }

    private static TextTable Table(IReadOnlyList<State> states)
    {
        var table = new TextTable().Left("Phase").Left("State").Left("From")
            .Right("For").Right("Against").Right("Needs");
        foreach (var s in states)
            table.Row(
                s.Name, s.Is, s.BeginsOn is { } day ? Call.Iso(day) : "", $"{s.Cast.Count(v => v.InFavour)}",
                $"{s.Cast.Count(v => !v.InFavour)}", $"{s.Votes}");
        return table;
    }
}
