using Guerdon.Grants.Lines;
using Guerdon.Grants.Plans;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.Pricing.Book;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Grants.Previews;

/// <summary>Reads a plan and says what its first period would come to, over today's people. Changes nothing.</summary>
internal static class CheckPlan
{
    /// <param name="Name">The plan.</param>
    /// <param name="EffectiveFrom">Its first day.</param>
    /// <param name="Period">The month computed: this one, or the plan's first where that is later.</param>
    /// <param name="People">Everybody employed in that month.</param>
    /// <param name="Grants">How many grants they would get.</param>
    /// <param name="SkippedCount">Who would get none, of whom the first 500 are listed.</param>
    /// <param name="Skipped">With the reason.</param>
    /// <param name="TotalMilli">Milli-tokens in all.</param>
    /// <param name="TotalUsdNanos">Their worth in nano-USD.</param>
    public sealed record Reply(
        string Name, DateOnly EffectiveFrom, string Period, int People, int Grants, int SkippedCount,
        IReadOnlyList<SkippedPerson> Skipped, long TotalMilli, long TotalUsdNanos);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        HttpRequest request, PeopleDirectory people, PriceBook book, NpgsqlDataSource db, TimeProvider clock,
        CancellationToken ct)
    {
        var text = await PlanText.ReadAsync(request, from: null, ct);
        if (!text.Is(out var read, out var no)) return no.ToProblem();
        var (yaml, plan) = read;
        if (await PlanStore.WhyNotAsync(db, plan, yaml, ct) is { } refused) return refused.ToProblem();

        var now = clock.GetUtcNow();
        var first = new Period(plan.EffectiveFrom.Year, plan.EffectiveFrom.Month);
        var period = first.Start > now ? first : Period.Of(now);
        var value = book.TokenValueAt(ZoneDays.StartOf(period.First, plan.TimeZone));
        var terms = new GrantTerms(plan, 0, period, value, now)
        {
            Phase = plan.PhaseWith([]),
        };
        var tally = new RunTally();
        await foreach (var person in people.ListAsync(period.First, period.Last, ct))
            tally.Add(person, GrantRules.For(terms, person, PersonHistory.None));

        return TypedResults.Ok(new Reply(
            plan.Name, plan.EffectiveFrom, period.ToString(), tally.People, tally.Lines, tally.Skipped, tally.Skips,
            tally.TotalMilli, tally.TotalUsdNanos));
    }
}
