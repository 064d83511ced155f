using System.Globalization;
using Guerdon.Approvals.Inputs;
using Guerdon.Grants.Plans;
using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.People.Employees;
using Npgsql;

namespace Guerdon.Grants.Previews;

/// <summary>Plans as one proposes and another approves them, with what they do to people's month.</summary>
internal sealed class PlanInput(PlanComparison comparison, PeopleDirectory people, TimeProvider clock) : IInput
{
    public string Kind => ApplyPlan.Kind;
    public string Reads => Permissions.PlansRead;
    public string Approves => Permissions.PlansApprove;

    public async Task<Result<InputLook>> LookAsync(NpgsqlConnection at, InputGiven given, CancellationToken ct)
    {
        await PlanStore.LockAsync(at, given.Subject, ct);
        if (!PlanText.Of(given.Body).Is(out var read, out var no)) return no;
        var (plan, newest) = (read.Value, await PlanStore.NewestAsync(at, given.Subject, ct));
        var same = newest?.Yaml == given.Body;
        if (!same && await PlanStore.RefuseAsync(at, plan, ct) is { } refused) return refused;

        var basis = newest is null ? "no version"
            : string.Create(CultureInfo.InvariantCulture, $"version {newest.Version}");
        var look = new InputLook(
            $"Plan {plan.Name} from {plan.EffectiveFrom.Iso()}", plan.EffectiveFrom.UtcStart(), basis,
            InputChange.OfYaml(newest?.Yaml, given.Body), await ReachAsync(plan, newest, ct));
        if (same) return look with { Same = MadeOf(newest!, added: false) };

        var diff = await comparison.RunAsync(given.Body, plan, ct);
        var total = diff.Effect.Total;
        return look with
        {
            Changes =
            [
                .. look.Changes,
                new InputChange(
                    $"USD in {diff.Period}", new Usd(total.BeforeUsdNanos).Cents, new Usd(total.AfterUsdNanos).Cents),
            ],
        };
    }

    public async Task<InputMade> ApplyAsync(NpgsqlConnection at, InputGiven given, Actor by, CancellationToken ct) =>
        MadeOf(
            await PlanStore.AddAsync(at, PlanFile.ReadApplied(given.Body), given.Body, by.Name, clock, ct),
            added: true);

    public async Task<string?> EffectOnAsync(InputGiven given, Guid person, CancellationToken ct)
    {
        var plan = PlanFile.ReadApplied(given.Body);
        var known = await people.AsOfAsync($"{new PersonId(person)}", FirstDay(plan), ct);
        return known is not null && plan.Eligible.Excludes(known) is null ? $"The plan {plan.Name} is for you." : null;
    }

    // Whom the plan is for, or was before.
    private async Task<InputReach> ReachAsync(Plan plan, AppliedPlan? newest, CancellationToken ct)
    {
        var (day, reach) = (FirstDay(plan), new InputReach());
        Plan[] both = newest is null ? [plan] : [plan, PlanFile.ReadApplied(newest.Yaml)];
        await foreach (var person in people.ListAsync(day, day, ct))
            if (both.Any(one => one.Eligible.Excludes(person) is null))
                reach.Add(person.Id.Value);
        return reach;
    }

    private DateOnly FirstDay(Plan plan)
    {
        var today = clock.Today();
        return plan.EffectiveFrom > today ? plan.EffectiveFrom : today;
    }

    private static InputMade MadeOf(AppliedPlan plan, bool added) => new(
        string.Create(CultureInfo.InvariantCulture, $"plan {plan.Name}, version {plan.Version}"),
        new ApplyPlan.Reply(plan, added));
}
