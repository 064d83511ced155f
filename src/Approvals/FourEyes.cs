using Guerdon.Kernel;
using Microsoft.Extensions.Options;

namespace Guerdon.Approvals;

/// <summary>What one asks for, another decides who has the permission (<see cref="ApprovalRules"/>). The one exception
/// is explicit: a company's only administrator decides alone where the setting allows it and they say so, and that is
/// on record. It ends for good with the second administrator. What approves money takes a recent sign-in besides, here
/// too: so no page or route that decides can forget it.</summary>
public sealed class FourEyes(IDeciders deciders, IOptions<ApprovalOptions> options, TimeProvider clock)
{
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
        var others = me.Is(known.By) ? await DecidersAsync(known.Permission, ct) : default;
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
        foreach (var asked in all)
        {
            if (!known.TryGetValue(asked.By, out var by))
                // Not looked up for a reader who is not a person on file, since then it makes no
                // difference whose an account is.
                known[asked.By] = by = me.Person is null ? asked.By : await KnownAsync(asked.By, ct);
            if (!counted.TryGetValue(asked.Permission, out var others))
                counted[asked.Permission] = others = await DecidersAsync(asked.Permission, ct);
            rights.Add(ApprovalRules.RightOf(asked with { By = by }, me, others));
        }

        return rights;
    }

    /// <summary>Somebody with the person whose account they have by now.</summary>
    public async Task<Actor> KnownAsync(Actor actor, CancellationToken ct) => actor.Person is not null ? actor
        : actor with { Person = await deciders.PersonOfAsync(actor, ct) };

    /// <summary>Whether two are one and the same, by whichever account.</summary>
    public async Task<bool> AreOneAsync(Actor one, Actor other, CancellationToken ct) =>
        one.Is(other) || (await KnownAsync(one, ct)).Is(await KnownAsync(other, ct));

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
            : await KnownAsync(asked.By, ct);
        return (asked with { By = asker }, me);
    }
}
