using Guerdon.Kernel;

namespace Guerdon.Approvals;

/// <summary>Who may decide what somebody asked for. People are told apart by account and by person, never by name. No
/// I/O: everybody comes with the person whose account they have (<see cref="FourEyes.KnownAsync"/>).</summary>
public static class ApprovalRules
{
    /// <summary>Whether somebody may approve something.</summary>
    /// <param name="asked">What.</param>
    /// <param name="by">Who wants to.</param>
    /// <param name="deciders">Who else could.</param>
    /// <param name="saysAlone">Whether they say that they decide alone.</param>
    public static Verdict Of(Asked asked, Actor by, Deciders deciders, bool saysAlone)
    {
        if (by.Holds?.Invoke(asked.Permission) == false) return Verdict.NotTheirs;
        if (asked.IsFor(by)) return Verdict.Beneficiary;
        if (asked.Holder is { } holder && (by.MayBe(holder) || asked.By.MayBe(holder))) return Verdict.Linked;
        if (WhyNoOther(asked, by) is not { } same) return Verdict.Yes;
        if (deciders.People > 1 || !asked.LoneAllowed) return same;
        // The only one of another role is not the administrator, and has nobody to answer for them.
        if (!deciders.IsLone || by.Holds?.Invoke(Permissions.RolesGive) == false)
            return same == Verdict.Asker ? Verdict.NoOther : same;
        return saysAlone ? Verdict.Alone : Verdict.SayAlone;
    }

    // Why they are not another than whoever asked; null: they are.
    private static Verdict? WhyNoOther(Asked asked, Actor by) =>
        by.Is(asked.By) ? Verdict.Asker
        : by.IsLinkedTo(asked.By) ? Verdict.Linked
        : by.IsInstallersOr(asked.By) ? Verdict.Installers : null;

    /// <summary>Whether somebody has a say in something: all but those whom it is for. Whoever asked may decline it, as
    /// that pays nobody; they withdraw it.</summary>
    /// <param name="asked">What.</param>
    /// <param name="by">Who wants to.</param>
    /// <param name="withdraws">Whether saying no is how whoever asked withdraws it, also where it is for them.</param>
    public static Verdict OfBeneficiary(Asked asked, Actor by, bool withdraws) =>
        asked.IsFor(by) && !(withdraws && by.Is(asked.By)) ? Verdict.Beneficiary : Verdict.Yes;

    /// <summary>Why somebody may not, in words; null: they may.</summary>
    public static string? Why(Verdict verdict, Asked asked) => verdict switch
    {
        Verdict.NotTheirs => $"{asked.Deed}, and only someone with the {RolesOf(asked)} role decides it.",
        Verdict.Beneficiary => $"{asked.Benefit}, and nobody decides what is for themselves.",
        Verdict.NotConfirmed => $"{asked.Deed}, and approving it takes a sign-in of the last "
            + $"{Access.ConfirmedFor.TotalMinutes:0} minutes: sign in again. A token alone does not do it.",
        Verdict.Asker => $"{asked.Deed}, so that someone else with the {RolesOf(asked)} role must decide.",
        Verdict.Linked => $"{asked.Deed}, and one of the accounts concerned got its password by a link that was made "
            + "with the other, or both by links of one account, or one is a program's for which the other answers, so "
            + "that they may be in the same hands. Of a link, somebody with the administrator role who made neither "
            + "says whose the account is: 'guerdon account vouch'.",
        Verdict.Installers => $"{asked.Deed}, and the account that came with the installation is nobody else than "
            + "whoever set it up: ask and approve with accounts of two people.",
        Verdict.NoOther => $"{asked.Deed}, and nobody else has the {RolesOf(asked)} role. Give somebody that role, or "
            + "open an account with it ('guerdon account create' on the server's machine). Where there never was a "
            + "second administrator, the setting Approvals:LoneAdministrator lets the only one decide alone.",
        Verdict.SayAlone => $"{asked.Deed}. As the only administrator, say that you decide alone: "
            + "\"alone\": true, or --alone.",
        _ => null,
    };

    /// <summary>The roles that may approve something, in words: <c>finance</c>.</summary>
    public static string RolesOf(Asked asked) => string.Join(" or ", Permissions.Of(asked.Permission).Roles);

    /// <summary>Who may approve something where there are several, in words.</summary>
    public static string OthersOf(Asked asked) => $"someone with the {RolesOf(asked)} role other than {asked.Who}";

    /// <summary>That nobody may approve something as things are, in words, and what can be done.</summary>
    public static string NobodyOf(Asked asked) =>
        $"nobody as things are, since whoever has the {RolesOf(asked)} role asked for it or is one of those whom it is "
        + "for: give that role to somebody whom it is not for, such as an accountant ('guerdon account create' on the "
        + "server's machine)";

    /// <summary>Who may approve something, in words, and whether whoever reads that may.</summary>
    /// <param name="asked">What.</param>
    /// <param name="reader">Who reads.</param>
    /// <param name="deciders">Who else could.</param>
    public static Right RightOf(Asked asked, Actor reader, Deciders deciders)
    {
        var who = asked.LoneAllowed && deciders.IsLone && reader.Holds?.Invoke(Permissions.RolesGive) != false
            ? "the only administrator, saying that they decide alone"
            : OthersOf(asked);
        return new Right(
            asked.NotWho is { } not ? $"{who}, and {not}" : who,
            Of(asked, reader, deciders, saysAlone: true) is Verdict.Yes or Verdict.Alone, reader.Is(asked.By));
    }
}

/// <summary>Who may approve something.</summary>
/// <param name="WhoMay">In words.</param>
/// <param name="YouMay">Whether whoever reads it may.</param>
/// <param name="YouAsked">Whether they asked for it.</param>
public readonly record struct Right(string WhoMay, bool YouMay, bool YouAsked);
