using Guerdon.Client;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;

namespace Guerdon.Cli.Plans;

/// <summary><c>guerdon plan list</c>: the newest version of each, and which is in effect.</summary>
internal static class ListPlans
{
    internal sealed record Reply(IReadOnlyList<ShowPlan.Applied> Plans);

    public static Verb Build() =>
        new Verb("list", "List plans, and which version of each is in effect.", "guerdon plan list").Does(async (call,
            ct) =>
        {
            var answer = await call.GetAsync("Listing plans", "api/v1/plans", ct);
            return call.Show(answer, PlansJson.Default.ListPlansReply, reply =>
            {
                if (reply.Plans.Count == 0) call.Output.Note("There are no plans: apply one with 'plan apply'.");
                else call.Output.Table(Table(reply.Plans, call.Today));
                return ExitCodes.Done;
            });
        });

    private static TextTable Table(IReadOnlyList<ShowPlan.Applied> plans, DateOnly today)
    {
        var table = new TextTable().Left("Plan").Right("Newest").Left("From").Right("In effect").Left("Applied by");
        foreach (var versions in plans.GroupBy(p => p.Name))
        {
            var newest = versions.MaxBy(p => p.Version)!;
            var holds = versions.Where(p => p.EffectiveFrom <= today).MaxBy(p => p.Version);
            table.Row(
                newest.Name, $"{newest.Version}", Call.Iso(newest.EffectiveFrom), holds is null ? "none"
                    : $"{holds.Version}",
                newest.AppliedBy);
        }

        return table;
    }
}
