using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Plans;

/// <summary><c>guerdon plan diff FILE</c>: what a plan would change, and for whom; nothing is saved.</summary>
internal static class DiffPlan
{
    internal sealed record Reply(
        string Name, DateOnly EffectiveFrom, IReadOnlyList<PlanHistory.Change> Changes, string Period, Effect Effect,
        int? Against = null, string? Refused = null, Effect? UsageEffect = null);

    internal sealed record Effect(
        Group Total, IReadOnlyList<Group> Levels, IReadOnlyList<Group> Teams, IReadOnlyList<Person> Largest);

    internal sealed record Group(string Name, int People, long BeforeUsdNanos, long AfterUsdNanos, int Gain, int Lose);

    internal sealed record Person(string Email, long BeforeUsdNanos, long AfterUsdNanos, string Before, string After);

    public static Verb Build()
    {
        var file = Values.File("A plan in YAML");
        var from = Values.Day("--from", "The first day of a month, in place of the file's effective_from.");
        return new Verb(
            "diff", "Compare a plan file with the version in effect: settings, and what people would be granted.",
            "guerdon plan diff plan.yaml", "guerdon plan diff plan.yaml --from 2026-12-01")
        {
            file, from,
        }.Does(async (call, ct) =>
        {
            var path = call.Value(file);
            var address = ApplyPlan.Address("api/v1/plans/diff", call.Value(from));
            var answer = await call.PostFileAsync($"Comparing {path}", address, path, "text/yaml", ct);
            return call.Show(answer, PlansJson.Default.DiffPlanReply, reply => Show(call.Output, reply));
        });
    }

    private static int Show(Output output, Reply reply)
    {
        var against = reply.Against is { } version ? $"version {version}" : "nothing: the plan is new";
        output.Line($"{reply.Name} from {Call.Iso(reply.EffectiveFrom)}, against {against}.");
        output.Line();
        if (reply.Changes.Count == 0) output.Line("No setting differs.");
        else output.Table(PlanHistory.Table(reply.Changes));
        output.Line();
        Show(output, reply.Effect, $"In {reply.Period}, before and after");
        if (reply.Effect.Largest.Count > 0)
        {
            var largest = new TextTable().Left("Largest changes").Right("Before USD").Right("After USD").Left("Why");
            foreach (var p in reply.Effect.Largest)
                largest.Row(p.Email, Shown.Usd(p.BeforeUsdNanos), Shown.Usd(p.AfterUsdNanos), p.After);
            output.Table(largest);
            output.Line();
        }

        if (reply.UsageEffect is { } usage) Show(output, usage, "By the usage factor alone: without and with it");
        Say(output, reply.Effect.Total, "change");
        if (reply.UsageEffect is { } by) Say(output, by.Total, "usage factor");
        if (reply.Refused is { } why) output.Note($"It could not be applied: {why}");
        return ExitCodes.Done;
    }

    private static void Show(Output output, Effect effect, string title)
    {
        output.Line(title);
        var table = new TextTable().Left("Level or team").Right("People").Right("Before USD").Right("After USD")
            .Right("Gain").Right("Lose");
        Add(effect.Levels);
        Add(effect.Teams);
        output.Table(table);
        output.Line();

        void Add(IReadOnlyList<Group> groups)
        {
            var before = Shown.Column(groups, g => g.BeforeUsdNanos);
            var after = Shown.Column(groups, g => g.AfterUsdNanos);
            foreach (var ((g, was), becomes) in groups.Zip(before).Zip(after))
                table.Row(g.Name, $"{g.People:#,0}", was, becomes, $"{g.Gain:#,0}", $"{g.Lose:#,0}");
        }
    }

    private static void Say(Output output, Group total, string what) => output.Line(
        $"By the {what} {total.Gain:#,0} gain and {total.Lose:#,0} lose, of {total.People:#,0} people:"
        + $" {Shown.Usd(total.BeforeUsdNanos)} USD become {Shown.Usd(total.AfterUsdNanos)} USD.");
}
