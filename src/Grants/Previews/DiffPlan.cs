using Guerdon.Approvals.Inputs;
using Guerdon.Grants.Lines;
using Guerdon.Grants.Phases;
using Guerdon.Grants.Plans;
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
    // A comparison holds five connections at once, so that too many of them would wait for one another for good.
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

    /// <summary>Computes more months by a plan and by versions that it is compared with: this one beside every version,
    /// as though each held, and each other in which something of it begins, beside the version in force then.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="versions">The versions, the newest first.</param>
    /// <param name="done">The month and the version that were computed before.</param>
    /// <param name="each">Gets everybody who is employed in a month, with the month and the version in words, and what
    /// they would be granted by that and by the plan.</param>
    /// <param name="ct">Stops it.</param>
    internal async Task MonthsAsync(
        Plan plan, IReadOnlyList<PlanVersion> versions, (string Period, string Words) done, MonthOf each,
        CancellationToken ct)
    {
        await Turns.WaitAsync(ct);
        try
        {
            var current = Period.Of(clock.GetUtcNow());
            foreach (var period in await PeriodsAsync(plan, versions, current, ct))
            {
                var beside = period == current ? versions : [PlanVersion.On(versions, period.First)];
                await MonthAsync(plan, period, [.. beside.Where(one => ($"{period}", one.Words) != done)], each, ct);
            }
        }
        finally
        {
            Turns.Release();
        }
    }

    // What is used today is counted tomorrow, so that what somebody looked at stays the same while calls are made.
    private DateOnly UsedUntil => clock.Today().AddDays(-1);

    private async Task<IReadOnlyList<Period>> PeriodsAsync(
        Plan plan, IReadOnlyList<PlanVersion> versions, Period current, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var coming = await PhaseStore.ComingAsync(connection, plan.Name, current.Last, ct);
        var begins = versions.Where(one => !one.IsLately).Select(one => one.Plan?.EffectiveFrom).OfType<DateOnly>()
            .Concat(coming).Where(day => day > plan.EffectiveFrom);
        return [.. begins.Prepend(plan.EffectiveFrom).Select(day => new Period(day)).Prepend(current).Distinct()];
    }

    private async Task MonthAsync(
        Plan plan, Period period, IReadOnlyList<PlanVersion> beside, MonthOf each, CancellationToken ct)
    {
        if (beside.Count == 0) return;
        HashSet<string> opened;
        await using (var connection = await db.OpenConnectionAsync(ct))
            opened = await PhaseStore.OpenedAsync(connection, plan.Name, period.First, ct);
        await using var pasts = new SharedPast(db, UsedUntil);
        var after = await pasts.OfAsync(TermsOf(plan, period, opened), ct);
        var before = new List<(string In, PastTerms? Past)>();
        foreach (var one in beside)
            before.Add((
                $"{period.InWords} ({one.Words})",
                one.Plan is null ? null : await pasts.OfAsync(TermsOf(one.Plan, period, opened), ct)));

        await foreach (var person in people.ListAsync(period.First, period.Last, ct))
        {
            var now = await after.ForAsync(person);
            foreach (var (month, past) in before)
                each(person, month, past is null ? PastTerms.Nothing : await past.ForAsync(person), now);
        }
    }

    private GrantTerms TermsOf(Plan plan, Period period, HashSet<string> opened) => new(
        plan, 0, period, book.TokenValueAt(ZoneDays.StartOf(period.First, plan.TimeZone)), clock.GetUtcNow())
    {
        Phase = plan.PhaseWith(opened),
    };

    private async Task<DiffPlan.Reply> ComputeAsync(
        string yaml, Plan plan, Action<Person, Outcome, Outcome>? each, CancellationToken ct)
    {
        var (first, now) = (new Period(plan.EffectiveFrom), clock.GetUtcNow());
        var period = first.Start > now ? first : Period.Of(now);
        var (was, whyNot, opened) = await FindAsync(plan, period, ct);

        var after = TermsOf(plan, period, opened);
        var before = was is null ? null : TermsOf(PlanFile.ReadApplied(was.Yaml), period, opened);
        var without = plan.Allowance is { Factors.Usage: not null } allowance
            ? TermsOf(
                plan with { Allowance = allowance with { Factors = allowance.Factors with { Usage = null } } }, period,
                opened)
            : null;

        var (effect, usage) = await CompareAsync(before, after, without, each, ct);
        return new DiffPlan.Reply(
            plan.Name, was?.Version, plan.EffectiveFrom, whyNot, YamlSettings.Changes(was?.Yaml, yaml),
            $"{period}", effect, usage);
    }

    private async Task<(AppliedPlan? Was, string? WhyNot, HashSet<string> Opened)> FindAsync(
        Plan plan, Period period, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var (was, _) = await PlanStore.InEffectAsync(connection, plan.Name, period.First, ct);
        return (
            was ?? await PlanStore.NewestAsync(connection, plan.Name, ct),
            (await PlanStore.RefuseAsync(connection, plan, ct))?.Detail,
            await PhaseStore.OpenedAsync(connection, plan.Name, period.First, ct));
    }

    private async Task<(PlanEffect, PlanEffect?)> CompareAsync(
        GrantTerms? before, GrantTerms after, GrantTerms? without, Action<Person, Outcome, Outcome>? each,
        CancellationToken ct)
    {
        var (effect, usage) = (new PlanEffectTally(), new PlanEffectTally());
        await using var pasts = new SharedPast(db, UsedUntil);
        var becomes = await pasts.OfAsync(after, ct);
        var past = before is null ? null : await pasts.OfAsync(before, ct);
        var pastWithout = without is null ? null : await pasts.OfAsync(without, ct);
        await foreach (var person in people.ListAsync(after.Period.First, after.Period.Last, ct))
        {
            var now = await becomes.ForAsync(person);
            var was = past is null ? PastTerms.Nothing : await past.ForAsync(person);
            effect.Add(person, was, now);
            each?.Invoke(person, was, now);
            if (pastWithout is not null) usage.Add(person, await pastWithout.ForAsync(person), now);
        }

        return (effect.Result(), without is null ? null : usage.Result());
    }
}
