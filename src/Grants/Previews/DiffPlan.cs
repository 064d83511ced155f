using Guerdon.Approvals.Inputs;
using Guerdon.Grants.Lines;
using Guerdon.Grants.Phases;
using Guerdon.Grants.Plans;
using Guerdon.Grants.Runs;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.Pricing.Book;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Grants.Previews;

/// <summary>Compares a plan with the version in effect: which settings change, and what that does to people's month.
/// Changes nothing.</summary>
public static class DiffPlan
{
    /// <param name="Name">The plan.</param>
    /// <param name="Against">The version it is compared with; null: there is none yet.</param>
    /// <param name="EffectiveFrom">Its first day.</param>
    /// <param name="Refused">Why it could not be applied as it is, or null.</param>
    /// <param name="Changes">Settings that differ.</param>
    /// <param name="Period">The month computed: this one, or the plan's first where that is later.</param>
    /// <param name="Effect">What the change does in that month, as though nobody had been granted
    /// anything for it yet.</param>
    /// <param name="UsageEffect">What the new plan's usage factor does by itself: before is the plan without it.
    /// Null: it has none.</param>
    public sealed record Reply(
        string Name, int? Against, DateOnly EffectiveFrom, string? Refused, IReadOnlyList<YamlChange> Changes,
        string Period, PlanEffect Effect, PlanEffect? UsageEffect);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        HttpRequest request, DateOnly? from, PlanComparison comparison, CancellationToken ct)
    {
        var text = await PlanText.ReadAsync(request, from, ct);
        return text.Is(out var read, out var no)
            ? TypedResults.Ok(await comparison.RunAsync(read.Yaml, read.Value, ct)) : no.ToProblem();
    }
}

/// <summary>Computes a month of people by two plans at once.</summary>
public sealed class PlanComparison(NpgsqlDataSource db, PeopleDirectory people, PriceBook book, TimeProvider clock)
{
    // A comparison holds four connections at once, so that too many of them would wait for one another for good.
    private static readonly SemaphoreSlim Turns = new(4);

    /// <summary>What a plan's file would change, or every error of it.</summary>
    public async Task<(DiffPlan.Reply? Diff, IReadOnlyList<YamlError> Errors)> RunAsync(
        string yaml, CancellationToken ct)
    {
        var (plan, errors) = PlanFile.Read(yaml);
        return plan is null ? (null, errors) : (await RunAsync(yaml, plan, ct), errors);
    }

    /// <summary>What a plan that was read would change.</summary>
    /// <param name="yaml">Its file.</param>
    /// <param name="plan">The plan in it.</param>
    /// <param name="ct">Stops it.</param>
    /// <param name="each">Gets everybody who is employed in the month, with what they would be granted before and
    /// after; null: nobody asks.</param>
    internal async Task<DiffPlan.Reply> RunAsync(
        string yaml, Plan plan, CancellationToken ct, Action<Person, Outcome, Outcome>? each = null)
    {
        await Turns.WaitAsync(ct);
        try
        {
            return await ComputeAsync(yaml, plan, each, ct);
        }
        finally
        {
            Turns.Release();
        }
    }

    private async Task<DiffPlan.Reply> ComputeAsync(
        string yaml, Plan plan, Action<Person, Outcome, Outcome>? each, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var first = new Period(plan.EffectiveFrom);
        var period = first.Start > now ? first : Period.Of(now);
        await using var connection = await db.OpenConnectionAsync(ct);
        var (was, _) = await PlanStore.InEffectAsync(connection, plan.Name, period.First, ct);
        was ??= await PlanStore.NewestAsync(connection, plan.Name, ct);
        var refused = await PlanStore.RefuseAsync(connection, plan, ct);
        var opened = await PhaseStore.OpenedAsync(connection, plan.Name, period.First, ct);

        GrantTerms Of(Plan of) =>
            new(of, 0, period, book.TokenValueAt(ZoneDays.StartOf(period.First, of.TimeZone)), now)
            {
                Phase = of.PhaseWith(opened),
            };
        var after = Of(plan);
        var before = was is null ? null : Of(PlanFile.ReadApplied(was.Yaml));
        var without = plan.Allowance is { Factors.Usage: not null } allowance
            ? Of(plan with { Allowance = allowance with { Factors = allowance.Factors with { Usage = null } } }) : null;

        var (effect, usage) = await CompareAsync(before, after, without, each, ct);
        return new DiffPlan.Reply(
            plan.Name, was?.Version, plan.EffectiveFrom, refused?.Detail, YamlSettings.Changes(was?.Yaml, yaml),
            $"{period}", effect, usage);
    }

    private async Task<(PlanEffect, PlanEffect?)> CompareAsync(
        GrantTerms? before, GrantTerms after, GrantTerms? without, Action<Person, Outcome, Outcome>? each,
        CancellationToken ct)
    {
        var (effect, usage) = (new PlanEffectTally(), new PlanEffectTally());
        await using var past = await HistoryReader.OpenAsync(db, after, ct);
        await using var pastBefore = before is null ? null : await HistoryReader.OpenAsync(db, before, ct);
        await foreach (var person in people.ListAsync(after.Period.First, after.Period.Last, ct))
        {
            var history = AsNotYetGranted(await past.OfAsync(person.Id.Value));
            var now = GrantRules.For(after, person, history);
            var was = before is null ? new Outcome([], "The plan is new.", false)
                : GrantRules.For(before, person, AsNotYetGranted(await pastBefore!.OfAsync(person.Id.Value)));
            effect.Add(person, was, now);
            each?.Invoke(person, was, now);
            if (without is not null) usage.Add(person, GrantRules.For(without, person, history), now);
        }

        return (effect.Result(), without is null ? null : usage.Result());
    }

    // What comes only once counts as granted; the month itself is computed as though it were still to come.
    private static PersonHistory AsNotYetGranted(PersonHistory history) =>
        history with { Had = [.. history.Had.Where(kind => kind == GrantKind.SigningBonus)] };
}
