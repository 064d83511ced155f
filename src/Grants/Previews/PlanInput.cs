using System.Globalization;
using Guerdon.Approvals.Inputs;
using Guerdon.Grants.Plans;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Npgsql;

namespace Guerdon.Grants.Previews;

/// <summary>Plans as one proposes and another approves them, with what they do to people's month.</summary>
internal sealed class PlanInput(PlanComparison comparison, PeopleDirectory people, TimeProvider clock) : IInput
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

        var (inForce, _) = await PlanStore.InEffectAsync(at, given.Subject, FirstDay(read.Value), ct);
        return InputBasis.Of("no version", (newest?.Version, newest?.Yaml), (inForce?.Version, inForce?.Yaml)) with
        {
            Same = same ? MadeOf(newest!, added: false) : null,
        };
    }

    public async Task<Result<InputLook>> LookAsync(
        InputGiven given, InputBasis basis, InputReach reach, CancellationToken ct)
    {
        var plan = PlanFile.ReadApplied(given.Body);
        var after = new PlanFor(plan, given.Body);
        PlanFor?[] before =
            [.. basis.Versions.Select(v => v.Body is { } yaml ? new PlanFor(PlanFile.ReadApplied(yaml), yaml) : null)];
        var diff = await comparison.RunAsync(given.Body, plan, ct, (person, was, now) => Add(
            person, was == now ? [] : [new("what the month comes to", "", "another sum")], _ =>
                $"For this month of the plan you would be granted {new Usd(now).Cents} USD, not "
                + $"{new Usd(was).Cents}."));
        await foreach (var (person, from) in people.LaterAsync(reach.Watched, FirstDay(plan), ct))
            Add(person, [], differences => $"From {from.InWords()} on: {InputDifference.InWords(differences)}");
        var (total, sum) = (diff.Effect.Total, $"USD in {InWords(diff.Period)}");
        return new InputLook(
            $"Plan {plan.Name}", plan.EffectiveFrom.UtcStart(),
            [
                .. InputChange.OfYaml(basis, given.Body),
                // Of one person on a share of their pay, it is their pay.
                new InputChange(sum, new Usd(total.BeforeUsdNanos).Cents, new Usd(total.AfterUsdNanos).Cents)
                {
                    ShowsPay = true,
                },
            ]);

        void Add(
            Person person, IEnumerable<InputDifference> more, Func<IReadOnlyCollection<InputDifference>, string> words)
        {
            var becomes = after.Of(person);
            Dictionary<string, string>[] had = [.. before.Select(one => one?.Of(person) ?? [])];
            InputDifference[] differences =
            [
                .. had.SelectMany(one => InputDifference.Between(one, becomes)).Distinct(),
                .. more,
            ];
            if (becomes.Count == 0 && differences.Length == 0) return;
            reach.Add(person.Id.Value, differences, () => words(differences));
        }
    }

    public async Task<Result<InputMade>> ApplyAsync(
        NpgsqlConnection at, InputGiven given, Actor by, CancellationToken ct) =>
        MadeOf(
            await PlanStore.AddAsync(at, PlanFile.ReadApplied(given.Body), given.Body, by.Name, clock, ct),
            added: true);

    // Of the month that is compared: a version changes nothing of those before.
    private DateOnly FirstDay(Plan plan)
    {
        var month = Period.Of(clock.GetUtcNow()).First;
        return plan.EffectiveFrom > month ? plan.EffectiveFrom : month;
    }

    private static string InWords(string period) => Period.TryParse(period, out var month) ? month.InWords : period;

    private static InputMade MadeOf(AppliedPlan plan, bool added) => new(
        string.Create(CultureInfo.InvariantCulture, $"plan {plan.Name}, version {plan.Version}"),
        new ApplyPlan.Reply(plan, added), plan.Id.Value);
}
