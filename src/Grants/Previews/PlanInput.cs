using System.Globalization;
using Guerdon.Approvals.Inputs;
using Guerdon.Grants.Lines;
using Guerdon.Grants.Plans;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Npgsql;

namespace Guerdon.Grants.Previews;

/// <summary>Plans as one proposes and another approves them, with what they do to people's month.</summary>
internal sealed class PlanInput(PlanComparison comparison, PeopleDirectory directory, TimeProvider clock) : IInput
{
    private const string Nothing = "no version";

    public string Kind => ApplyPlan.Kind;
    public string Reads => Permissions.PlansRead;
    public string Approves => Permissions.PlansApprove;

    public async Task<Result<InputBasis>> CheckAsync(NpgsqlConnection at, InputGiven given, CancellationToken ct)
    {
        await PlanStore.LockAsync(at, given.Subject, ct);
        if (!PlanText.Of(given.Body).Is(out var read, out var no)) return no;
        var first = read.Value.EffectiveFrom;
        var since = (await PlanStore.HeldSinceAsync(at, given.Subject, ct)).NotAfter(first);
        var all = await PlanStore.FromAsync(at, given.Subject, first, since, ct);
        var newest = all.FirstOrDefault();
        var same = newest?.Yaml == given.Body;
        if (!same && await PlanStore.RefuseAsync(at, read.Value, ct) is { } refused) return refused;

        InputRow[] rows = [.. all.Select(v => new InputRow(v.Version, v.EffectiveFrom, v.AppliedAt, v.Yaml))];
        return InputBasis.Of(Nothing, rows, first, since) with
        {
            Same = same ? MadeOf(newest!, added: false) : null,
        };
    }

    public async Task<Result<InputLook>> LookAsync(
        InputGiven given, InputBasis basis, InputReach reach, CancellationToken ct)
    {
        var after = PlanFor.Read(given.Body);
        var plan = after.Plan;
        var files = basis.Versions.Concat(basis.Lately).Select(one => one.Body).OfType<string>().Distinct()
            .ToDictionary(body => body, PlanFor.Read);
        var versions = VersionsOf(basis, files);
        var people = new InputComparison<Person>(
            reach, basis.Before<PlanFor, Person>(body => files[body], of => of.Of), after.Of,
            person => string.Join(
                '|', versions.Select(one => one.File).Append(after).Select(file => file?.KeyOf(person))));
        var diff = await comparison.RunAsync(given.Body, plan, ct, (person, was, now) => people.Add(
            person.Id.Value, person, _ => new(MonthDifference.Between(was, now), []), changes =>
                $"For this month of the plan you would be granted {InUsd(now)} USD, not {InUsd(was)}. "
                + InputDifference.InWords(changes)));
        await comparison.MonthsAsync(
            plan, versions, (diff.Period, diff.Against is { } version ? InputVersion.InWords(version) : Nothing),
            (person, month, was, now) => reach.AddLately(
                person.Id.Value, MonthDifference.Between(was, now, month)), ct);
        await foreach (var (person, from) in directory.FromAsync(reach.Watched, plan.EffectiveFrom, ct))
            people.AddLater(person.Id.Value, person, from);
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
    }

    public async Task<Result<InputMade>> ApplyAsync(
        NpgsqlConnection at, InputGiven given, Actor by, CancellationToken ct) =>
        MadeOf(
            await PlanStore.AddAsync(at, PlanFile.ReadApplied(given.Body), given.Body, by.Name, clock, ct),
            added: true);

    private static List<PlanVersion> VersionsOf(InputBasis basis, Dictionary<string, PlanFor> files)
    {
        return [.. basis.Versions.Select(one => Of(one, false)), .. basis.Lately.Select(one => Of(one, true))];

        PlanVersion Of(InputVersion one, bool isLately) =>
            new(one.Words, one.Body is { } body ? files[body] : null, isLately);
    }

    private static string InUsd(Outcome outcome) => new Usd(PlanEffectTally.Worth(outcome)).Cents;

    private static string InWords(string period) => Period.TryParse(period, out var month) ? month.InWords : period;

    private static InputMade MadeOf(AppliedPlan plan, bool added) => new(
        string.Create(CultureInfo.InvariantCulture, $"plan {plan.Name}, version {plan.Version}"),
        new ApplyPlan.Reply(plan, added), plan.Id.Value);
}
