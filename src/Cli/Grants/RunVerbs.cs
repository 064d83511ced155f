using System.CommandLine;
using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Grants;

/// <summary>A grant run as the server tells it, and how it is shown.</summary>
internal static class RunVerbs
{
    public const string Address = "api/v1/grants/runs";
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    internal sealed record Run(
        string RunId, string Plan, int Version, string Period, string Kind, string State, int People, int Lines,
        int Posted, int Skipped, long TotalMilli, long TotalUsdNanos, DateTimeOffset PreparedAt, string PreparedBy,
        long? ReturnedMilli = null, string? Decision = null, string? DecidedBy = null, string? ReversalReason = null,
        string? ReversalBy = null, string? ReversedBy = null, string? Digest = null, string? WhoMay = null,
        bool DecidedAlone = false, string? SetAsideFrom = null, IReadOnlyList<string>? SetAside = null);

    public static Argument<string> Id() => Values.Id("RUN", "run", "guerdon grant runs");

    public static string Of(string id) => $"{Address}/{Uri.EscapeDataString(id)}";

    /// <summary>Reads a run until its posting is over, and says how far it is.</summary>
    public static async Task<Answer> FollowAsync(Call call, string id, CancellationToken ct) =>
        await Progress.WhileAsync(call.Output, $"Posting {id}", async say =>
        {
            while (true)
            {
                var answer = await call.AskAsync(Of(id), ct);
                if (answer.No is not null || !Call.Read(answer.Reply, GrantsJson.Default.RunVerbsRun, out var run)
                    || run.State != "posting")
                    return answer;
                say($"{run.Posted:#,0} of {run.Lines:#,0}");
                await Task.Delay(Glance, call.Output.Surroundings.Clock, ct);
            }
        });

    /// <summary>In what state a run is, for whom it waits, and what can be done about it: each command stands on a line
    /// of its own, whole, so that it can be copied.</summary>
    public static void Say(Output output, string id, string state, string? digest = null, string? whoMay = null)
    {
        var waits = $"Run {id} waits for {whoMay ?? "another administrator"}.";
        string[] lines = state switch
        {
            "awaiting" =>
            [
                waits, $"  Look:     guerdon grant show {id}",
                $"  Approve:  guerdon grant approve {id} {digest ?? "DIGEST"}",
            ],
            "reversal-awaiting" => [waits, $"  Agree:    guerdon grant reverse {id} --approve"],
            "posting" => [$"Run {id} is being posted.", $"  Look:     guerdon grant show {id}"],
            "nothing" => ["Nobody is due anything that they have not had."],
            _ => [$"Run {id} is {state}."],
        };
        foreach (var line in lines) output.Line(line);
    }

    public static int Show(Output output, Run run)
    {
        var facts = new TextTable().Left("").Left("");
        facts.Row("Run", run.RunId);
        facts.Row("Of", $"{run.Plan}, version {run.Version}, {run.Period}, {run.Kind}");
        facts.Row("State", run.State);
        facts.Row("Prepared", $"{Shown.Time(run.PreparedAt)} by {run.PreparedBy}");
        if (run.Decision is { } decision)
            facts.Row("Decided", $"{decision} by {run.DecidedBy}{(run.DecidedAlone ? ", who had prepared it" : "")}");
        if (run.WhoMay is { } who) facts.Row("Waits for", who);
        if (run.SetAsideFrom is { } from) facts.Row("Set aside", $"from {from}, for another to decide");
        if (run.SetAside is { Count: > 0 } own)
            facts.Row("Set aside", $"{string.Join(", ", own)}, for another to decide");
        if (run.ReversalBy is { } by) facts.Row("Reversal", $"asked for by {by}: {run.ReversalReason}");
        if (run.ReversedBy is { } agreed)
            facts.Row("Reversed", run.ReturnedMilli is { } returned
                ? $"by {agreed}; {new Tokens(returned)} tokens came back" : $"by {agreed}");
        facts.Row("Posted", $"{run.Posted:#,0} of {Wording.Count(run.Lines, "grant")}");
        facts.Row("Total", $"{Shown.Usd(run.TotalUsdNanos)} USD, {Shown.Tokens(run.TotalMilli)} tokens");
        if (run.Digest is { } digest) facts.Row("Digest", digest);
        output.Table(facts);
        return ExitCodes.Done;
    }
}
