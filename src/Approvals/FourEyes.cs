using Guerdon.Kernel;
using Microsoft.Extensions.Options;

namespace Guerdon.Approvals;

/// <summary>What one asks for, another decides who has the permission (<see cref="ApprovalRules"/>). The one exception
/// is explicit: a company's only administrator decides alone where the setting allows it and they say so, and that is
/// on record. It ends for good with the second administrator. What approves money takes a recent sign-in besides, here
/// too: so no page or route that decides can forget it.</summary>
public sealed class FourEyes(IDeciders deciders, IOptions<ApprovalOptions> options, TimeProvider clock)
{
    /// <summary>The same, asking of accounts elsewhere: in the caller's transaction.</summary>
    public FourEyes With(IDeciders others) => new(others, options, clock);

    /// <summary>Whether they may.</summary>
    /// <param name="No">Why not, in words; null: they may.</param>
    /// <param name="Alone">They asked for it themselves, and decide it under the exception, once they have signed in
    /// again where that is what is missing.</param>
    /// <param name="By">They, with the person whose account they had when that was found out.</param>
    /// <param name="Asker">Whoever asked, likewise.</param>
    public readonly record struct Answer(string? No, bool Alone, Actor By, Actor Asker);

    /// <summary>Whether somebody may approve what somebody asked for.</summary>
    /// <param name="asked">What.</param>
    /// <param name="by">Who wants to.</param>
    /// <param name="saysAlone">Whether they say that they decide alone.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<Answer> MayApproveAsync(Asked asked, Actor by, bool saysAlone, CancellationToken ct)
    {
        var (known, me) = await BothKnownAsync(asked, by, ct);
        // Who else could is counted only where it matters.
        var mayBeOne = me.Is(known.By) || me.MayBe(known.By);
        var others = mayBeOne ? await DecidersAsync(known.Permission, ct) : default;
        var verdict = ApprovalRules.Of(known, me, others, saysAlone);
        var isAlone = verdict == Verdict.Alone;
        if (verdict is Verdict.Yes or Verdict.Alone && MustConfirm(known, me)) verdict = Verdict.NotConfirmed;
        return new(ApprovalRules.Why(verdict, known), isAlone, me, known.By);
    }

    /// <summary>Why somebody has no say in something, in words: it is for them. Null: they have.</summary>
    /// <param name="asked">What.</param>
    /// <param name="by">Who wants to decline it, vote on it, or have it reversed.</param>
    /// <param name="withdraws">Whether saying no is how whoever asked withdraws it.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<string?> WhyNotAsBeneficiaryAsync(Asked asked, Actor by, bool withdraws, CancellationToken ct)
    {
        var (known, me) = await BothKnownAsync(asked, by, ct);
        return ApprovalRules.Why(ApprovalRules.OfBeneficiary(known, me, withdraws), known);
    }

    /// <summary>Who may approve something, and whether a reader may.</summary>
    public async Task<Right> RightAsync(Asked asked, Actor reader, CancellationToken ct) =>
        (await RightsAsync([asked], reader, ct))[0];

    /// <summary>The same, and whether there is anybody at all who may.</summary>
    public async Task<Right> RightOrNobodyAsync(Asked asked, Actor reader, CancellationToken ct)
    {
        var right = await RightAsync(asked, reader, ct);
        if (right.YouMay || (asked.LoneAllowed && (await DecidersAsync(asked.Permission, ct)).IsLone)) return right;
        var by = await KnownAsync(asked.By, ct);
        Guid[] asker = [.. new[] { by.Person, by.Account }.OfType<Guid>()];
        return await deciders.CountOutsideAsync(asked.Permission, [.. asked.Beneficiaries, .. asker], ct) > 0 ? right
            : right with { WhoMay = ApprovalRules.NobodyOf(asked) };
    }

    /// <summary>The same of several, in their order. Each account is looked up once.</summary>
    public async Task<IReadOnlyList<Right>> RightsAsync(
        IReadOnlyCollection<Asked> all, Actor reader, CancellationToken ct)
    {
        var me = await KnownAsync(reader, ct);
        var known = new Dictionary<Actor, Actor>();
        var counted = new Dictionary<string, Deciders>();
        var rights = new List<Right>(all.Count);
        var signs = await deciders.SignedInByAsync(
            [.. all.SelectMany(one => (Guid?[])[IdOf(one.By), one.Account]).OfType<Guid>().Distinct()], ct);
        foreach (var asked in all)
        {
            if (!known.TryGetValue(asked.By, out var by))
                // A person is not looked up for a reader who is none on file, since then it makes no difference whose
                // an account is.
                known[asked.By] = by = (me.Person is null || asked.By.Person is not null ? asked.By
                    : asked.By with { Person = await deciders.PersonOfAsync(asked.By, ct) }) with
                { Signs = Of(signs, IdOf(asked.By)) };
            if (!counted.TryGetValue(asked.Permission, out var others))
                counted[asked.Permission] = others = await DecidersAsync(asked.Permission, ct);
            rights.Add(ApprovalRules.RightOf(asked with { By = by, Holder = HolderOf(asked, signs) }, me, others));
        }

        return rights;
    }

    /// <summary>Somebody with the person whose account they have by now, and who else may sign in with it.</summary>
    public async Task<Actor> KnownAsync(Actor actor, CancellationToken ct)
    {
        var known = actor.Person is not null ? actor
            : actor with { Person = await deciders.PersonOfAsync(actor, ct) };
        if (known.Signs is not null) return known;
        return known with
        {
            Signs = IdOf(known) is { } id ? Of(await deciders.SignedInByAsync([id], ct), id) : SignedInBy.Owner,
        };
    }

    /// <summary>Whether two are one and the same, by whichever account.</summary>
    public async Task<bool> AreOneAsync(Actor one, Actor other, CancellationToken ct) =>
        one.Is(other) || (await KnownAsync(one, ct)).Is(await KnownAsync(other, ct));

    /// <summary>Whether two that are not the same are not surely two: <see cref="Actor.MayBe"/>.</summary>
    public async Task<bool> AreLinkedAsync(Actor one, Actor other, CancellationToken ct) =>
        (await KnownAsync(one, ct)).MayBe(await KnownAsync(other, ct));

    /// <summary>Whether two are one, or may be.</summary>
    public async Task<bool> MayBeOneAsync(Actor one, Actor other, CancellationToken ct) =>
        await AreOneAsync(one, other, ct) || await AreLinkedAsync(one, other, ct);

    /// <summary>The same of several, in their order: whether somebody and each of them are one, or may be. All are
    /// looked up at once.</summary>
    /// <param name="one">Somebody.</param>
    /// <param name="others">With the persons whose accounts they have.</param>
    /// <param name="ct">Stops it.</param>
    public async Task<IReadOnlyList<bool>> MayBeOneAsync(
        Actor one, IReadOnlyCollection<Actor> others, CancellationToken ct)
    {
        var me = await KnownAsync(one, ct);
        var signs = await deciders.SignedInByAsync([.. others.Select(IdOf).OfType<Guid>().Distinct()], ct);
        return [.. others.Select(other => other with { Signs = Of(signs, IdOf(other)) })
            .Select(other => me.Is(other) || me.MayBe(other))];
    }

    // Some records have the person alone, who may have used any account of theirs.
    private static Guid? IdOf(Actor actor) => actor.Account ?? actor.Person;

    private static SignedInBy Of(IReadOnlyDictionary<Guid, SignedInBy> signs, Guid? id) =>
        id is { } known && signs.TryGetValue(known, out var found) ? found : SignedInBy.Owner;

    // Whose the account is, whoever asks of an account says among whom it benefits.
    private static Actor? HolderOf(Asked asked, IReadOnlyDictionary<Guid, SignedInBy> signs) =>
        asked.Account is { } account ? new Actor("", asked.Beneficiaries is [var person] ? person : null)
        {
            Account = account, Signs = Of(signs, account),
        } : null;

    private bool MustConfirm(Asked asked, Actor by) =>
        Access.ApprovesMoney(asked.Permission) && by.IsConfirmedAt?.Invoke(clock.GetUtcNow()) == false;

    private async Task<Deciders> DecidersAsync(string permission, CancellationToken ct) =>
        new(await deciders.CountAsync(permission, ct),
            options.Value.LoneAdministrator && !await deciders.WereTwoAsync(ct));

    private async Task<(Asked Asked, Actor By)> BothKnownAsync(Asked asked, Actor by, CancellationToken ct)
    {
        var me = await KnownAsync(by, ct);
        // The same account is the same person, also where the record has none, so that nobody decides their own.
        var asker = me.Is(asked.By) ? asked.By with { Person = asked.By.Person ?? me.Person }
            : asked.By;
        asker = await KnownAsync(asker, ct);
        var holder = asked.Account is { } account
            ? HolderOf(asked, await deciders.SignedInByAsync([account], ct)) : null;
        return (asked with { By = asker, Holder = holder }, me);
    }
}
