using System.CommandLine;
using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Plans;

/// <summary><c>guerdon plan history NAME</c>: every version and what it changed.</summary>
internal static class PlanHistory
{
    private const int ChangesShown = 4;

    internal sealed record Change(string Path, string? Before = null, string? After = null);

    internal sealed record Stored(
        int Version, DateOnly EffectiveFrom, DateTimeOffset AppliedAt, string AppliedBy, IReadOnlyList<Change> Changes);

    internal sealed record Reply(string Name, IReadOnlyList<Stored> Versions, int? InEffect = null);

    public static Verb Build()
    {
        var name = Name();
        return new Verb("history", "List a plan's versions and what each changed.", "guerdon plan history engineering")
        {
            name,
        }.Does(async (call, ct) =>
        {
            var answer = await call.GetAsync(
                "Reading the plan", $"api/v1/plans/{Uri.EscapeDataString(call.Value(name))}/history", ct);
            return call.Show(answer, PlansJson.Default.PlanHistoryReply, reply =>
            {
                var table = new TextTable().Right("Version").Left("From").Left("Applied").Left("By").Left("Changed");
                foreach (var v in reply.Versions)
                    table.Row(
                        $"{v.Version}", Call.Iso(v.EffectiveFrom) + (v.Version == reply.InEffect ? " (in effect)" : ""),
                        Shown.Time(v.AppliedAt), v.AppliedBy, Words(v.Changes));
                call.Output.Table(table);
                return ExitCodes.Done;
            });
        });
    }

    internal static Argument<string> Name() => new("NAME") { Description = "The plan's name." };

    internal static TextTable Table(IReadOnlyList<Change> changes)
    {
        var table = new TextTable().Left("Setting").Left("Before").Left("After");
        foreach (var change in changes) table.Row(change.Path, change.Before ?? "absent", change.After ?? "absent");
        return table;
    }

    private static string Words(IReadOnlyList<Change> changes) =>
        changes.All(c => c.Before is null) ? $"{changes.Count:#,0} settings"
        : string.Join("; ", changes.Take(ChangesShown)
                .Select(c => $"{c.Path} {c.Before ?? "absent"} to {c.After ?? "absent"}"))
          + (changes.Count > ChangesShown ? $"; and {changes.Count - ChangesShown:#,0} more" : "");
}
