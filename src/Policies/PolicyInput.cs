using System.Globalization;
using Guerdon.Approvals.Inputs;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.People.Employees;
using Guerdon.Pricing.Book;
using Npgsql;

namespace Guerdon.Policies;

/// <summary>The gateway's policy as one proposes and another approves it.</summary>
internal sealed class PolicyInput(
    CurrentPolicy book, PriceBook prices, IMemberships members, PeopleDirectory people, TimeProvider clock) : IInput
{
    /// <summary>The kind's name.</summary>
    public const string Name = "gateway_policy";

    public string Kind => Name;
    public string Reads => Permissions.PoliciesRead;
    public string Approves => Permissions.PoliciesApprove;

    public async Task<Result<InputBasis>> CheckAsync(NpgsqlConnection at, InputGiven given, CancellationToken ct)
    {
        await PolicyStore.LockAsync(at, ct);
        var (now, policy) = (clock.NowMicros(), PolicyGiven.Read(given.Body));
        var newest = await PolicyStore.NewestAsync(at, ct);
        if (newest?.Text == policy.Yaml
            && (newest.EffectiveFrom == policy.From || (newest.EffectiveFrom <= now && policy.From <= now)))
            return new InputBasis(new InputVersion(InputVersion.InWords(newest.Version), newest.Text))
            {
                Same = MadeOf(newest, added: false),
            };

        var names = await members.NamesAsync(at, ct);
        if (!PolicyText.Of(policy.Yaml, prices.Current(now), names).Is(out _, out var no)) return no;
        var first = FirstDay(policy);
        var since = HeldSince.Ago(clock.Today(), first);
        var all = await PolicyStore.SinceAsync(at, since.At, since.Day.UtcStart(), ct);
        InputRow[] rows = [.. all.Select(v => new InputRow(v.Version, v.EffectiveFrom.UtcDay(), v.AppliedAt, v.Text))];
        return InputBasis.Of("no policy", rows, first, since);
    }

    public async Task<Result<InputLook>> LookAsync(
        InputGiven given, InputBasis basis, InputReach reach, CancellationToken ct)
    {
        var proposed = PolicyGiven.Read(given.Body);
        var (day, models) = (FirstDay(proposed), prices.Current(clock.GetUtcNow()));
        var becomes = Read(proposed.Yaml);
        await members.ReadyAsync(ct);
        var comparison = new InputComparison<Membership>(
            reach, basis.Before<Policy, Membership>(Read, SaysTo, SaysTo(new Policy())), SaysTo(becomes),
            member => (string.Join('\n', member.Plans), member.Team));
        await foreach (var person in people.ListAsync(day, day, ct))
            comparison.Add(
                person.Id.Value, Of(person), changes => $"It binds your calls. {InputDifference.InWords(changes)}");
        await foreach (var (person, from) in people.FromAsync(reach.Watched, day, ct))
            comparison.AddLater(person.Id.Value, Of(person), from);

        var was = basis.Newest.Body is { } body ? Read(body) : null;
        return new InputLook("Gateway policy", proposed.From,
        [
            .. PolicyChanges.Of(was, becomes, models)
                .Where(one => one.What.Contains("model ", StringComparison.Ordinal))
                .Select(one => new InputChange(one.What, one.Was, one.Becomes)),
            .. InputChange.OfYaml(basis, proposed.Yaml),
        ]);

        // Plans as they are for people today: nothing says for whom they are on another day.
        Membership Of(Person person) => members.OfOwner(new WalletId(person.Id.Value)) with { Team = person.Team };

        Func<Membership, IReadOnlyDictionary<string, string>> SaysTo(Policy policy) =>
            member => PolicyChanges.Facts(policy.For(member) with { Sections = [] }, models);
    }

    public async Task<Result<InputMade>> ApplyAsync(
        NpgsqlConnection at, InputGiven given, Actor by, CancellationToken ct)
    {
        var (now, policy) = (clock.NowMicros(), PolicyGiven.Read(given.Body));
        var from = policy.From > now ? policy.From : now;
        return MadeOf(await PolicyStore.AddAsync(at, policy.Yaml, from, now, by.Name, ct), added: true);
    }

    public Task AppliedAsync(CancellationToken ct) => book.ReloadAsync(ct);

    /// <summary>Whether it refuses more than everything that it takes the place of, and lets nothing more pass.
    /// </summary>
    /// <param name="at">In a transaction, after <see cref="CheckAsync"/> found nothing against it.</param>
    /// <param name="given">What is proposed.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<bool> OnlyRefusesMoreAsync(NpgsqlConnection at, InputGiven given, CancellationToken ct)
    {
        var (now, policy) = (clock.NowMicros(), PolicyGiven.Read(given.Body));
        var from = policy.From > now ? policy.From : now;
        var versions = await PolicyStore.ComingAsync(at, from, ct);
        var before = versions.Select(version => PolicyFile.ReadApplied(version.Text)).ToList();
        if (versions.All(version => version.EffectiveFrom > from)) before.Add(new Policy());
        var becomes = PolicyFile.ReadApplied(policy.Yaml)!;
        return before.All(was => was is not null && Narrowing.OnlyRefusesMore(was, becomes));
    }

    // A text that this node cannot read refuses everything, as CurrentPolicy has it.
    private static Policy Read(string yaml) =>
        PolicyFile.ReadApplied(yaml) ?? new Policy { Closed = "this node cannot read it" };

    private DateOnly FirstDay(PolicyGiven policy) =>
        policy.From.UtcDay() > clock.Today() ? policy.From.UtcDay() : clock.Today();

    private static InputMade MadeOf(AppliedPolicy policy, bool added) => new(
        string.Create(CultureInfo.InvariantCulture, $"gateway policy, version {policy.Version}"),
        new ApplyPolicy.Reply(policy, added));
}
