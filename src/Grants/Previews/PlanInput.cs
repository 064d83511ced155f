using System.Globalization;
using Guerdon.Approvals.Inputs;
using Guerdon.Grants.Plans;
using Guerdon.Kernel;
using Npgsql;

namespace Guerdon.Grants.Previews;

/// <summary>Plans as one proposes and another approves them, with what they do to people's month.</summary>
internal sealed class PlanInput(PlanComparison comparison, TimeProvider clock) : IInput
{
    public string Kind => ApplyPlan.Kind;
    public string Reads => Permissions.PlansRead;
    public string Approves => Permissions.PlansApprove;

    public async Task<Result<InputBasis>> CheckAsync(NpgsqlConnection at, InputGiven given, CancellationToken ct)
    {
        await PlanStore.LockAsync(at, given.Subject, ct);
        if (!PlanText.Of(given.Body).Is(out var read, out var no)) return no;
        var newest = await PlanStore.NewestAsync(at, given.Subject, ct);
        var same = newest?.Yaml == given.Body;
        if (!same && await PlanStore.RefuseAsync(at, read.Value, ct) is { } refused) return refused;

        var words = newest is null ? "no version"
            : string.Create(CultureInfo.InvariantCulture, $"version {newest.Version}");
        return new InputBasis(words, newest?.Yaml) { Same = same ? MadeOf(newest!, added: false) : null };
    }

    public async Task<InputLook> LookAsync(
        InputGiven given, InputBasis basis, InputReach reach, CancellationToken ct)
    {
        var plan = PlanFile.ReadApplied(given.Body);
        var newest = basis.Body is { } yaml ? PlanFile.ReadApplied(yaml) : null;
        var diff = await comparison.RunAsync(given.Body, plan, ct, (person, was, now) =>
        {
            var isFor = plan.Eligible.Excludes(person) is null
                || (newest is not null && newest.Eligible.Excludes(person) is null);
            if (!isFor && was == now) return;
            reach.Add(person.Id.Value, was != now, () =>
                $"For this month of the plan you would be granted {new Usd(now).Cents} USD, not "
                + $"{new Usd(was).Cents}.");
        });
        var total = diff.Effect.Total;
        return new InputLook(
            $"Plan {plan.Name} from {plan.EffectiveFrom.Iso()}", plan.EffectiveFrom.UtcStart(),
            [
                .. InputChange.OfYaml(basis.Body, given.Body),
                // Of one person on a share of their pay, it is their pay.
                new InputChange(
                    $"USD in {diff.Period}", new Usd(total.BeforeUsdNanos).Cents, new Usd(total.AfterUsdNanos).Cents)
                {
                    ShowsPay = true,
                },
            ]);
    }

    public async Task<InputMade> ApplyAsync(NpgsqlConnection at, InputGiven given, Actor by, CancellationToken ct) =>
        MadeOf(
            await PlanStore.AddAsync(at, PlanFile.ReadApplied(given.Body), given.Body, by.Name, clock, ct),
            added: true);

    private static InputMade MadeOf(AppliedPlan plan, bool added) => new(
        string.Create(CultureInfo.InvariantCulture, $"plan {plan.Name}, version {plan.Version}"),
        new ApplyPlan.Reply(plan, added), plan.Id.Value);
}
