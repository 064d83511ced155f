using Guerdon.Kernel;

namespace Guerdon.Approvals;

/// <summary>Something that somebody asked for, as far as deciding it needs to know.</summary>
/// <param name="By">Who asked.</param>
/// <param name="Deed">What they did, as a refusal says it: <c>ann@example.com prepared run_…</c>, without a full
/// stop.</param>
/// <param name="Who">Who does not decide because of that: <c>ann@example.com, who prepared it</c>.</param>
public sealed record Asked(Actor By, string Deed, string Who)
{
    /// <summary>The permission that approving it takes, one of <see cref="Permissions"/>.</summary>
    public required string Permission { get; init; }

    /// <summary>Those who get something by it, or lose it; they never decide it. Whoever only has a share in what is
    /// for many is not among them: their share is set aside for another.</summary>
    public required IReadOnlyList<Guid> Beneficiaries { get; init; }

    /// <summary>The account that gets something by it, also where it is nobody's; null: none.</summary>
    public Guid? Account { get; init; }

    /// <summary>Whoever has <see cref="Account"/>, as far as it was looked up who else may sign in with it.</summary>
    public Actor? Holder { get; init; }

    /// <summary>Why it is theirs, as one of them is told: <c>run_… pays you and nobody else</c>; without a full
    /// stop.</summary>
    public string Benefit { get; init; } = "It is for you";

    /// <summary>Who they are, for those who may decide: <c>not ann@example.com, whose grant it is</c>; null: nobody,
    /// or whoever asked.</summary>
    public string? NotWho { get; init; }

    /// <summary>Whether the exception for a company's only administrator covers it. It does where a record says that it
    /// was decided alone.</summary>
    public bool LoneAllowed { get; init; }

    /// <summary>Whether somebody gets something by it, told apart by account and by person.</summary>
    public bool IsFor(Actor who) =>
        Beneficiaries.Any(who.Is) || (Account is not null && who.Account == Account);
}

/// <summary>Who could decide something, and whether the only one may do so alone.</summary>
/// <param name="People">How many there are, by person.</param>
/// <param name="MayBeAlone">The setting allows it, and the company never had a second administrator.</param>
public readonly record struct Deciders(int People, bool MayBeAlone)
{
    /// <summary>Whether there is no other, and the only one may decide alone.</summary>
    public bool IsLone => MayBeAlone && People <= 1;
}

/// <summary>Whether somebody may approve something.</summary>
public enum Verdict
{
    /// <summary>They may.</summary>
    Yes,

    /// <summary>They may, as the only one who could, who asked for it. It goes on record.</summary>
    Alone,

    /// <summary>No: they do not hold the permission.</summary>
    NotTheirs,

    /// <summary>No: it is for them.</summary>
    Beneficiary,

    /// <summary>No: they asked for it, and another decides.</summary>
    Asker,

    /// <summary>No: they made the link by which whoever asked, or whom it is for, got the password, or the other way
    /// about, or somebody made both.</summary>
    Linked,

    /// <summary>No: one of the two is the account that came with the installation.</summary>
    Installers,

    /// <summary>No: it approves money, and they did not sign in within the last minutes.</summary>
    NotConfirmed,

    /// <summary>No: they asked for it, there is no other, and the setting does not let them.</summary>
    NoOther,

    /// <summary>No: they asked for it, and must say that they decide alone.</summary>
    SayAlone,
}
