using Guerdon.Kernel;

namespace Guerdon.Approvals;

/// <summary>Something that somebody asked for, as far as deciding it needs to know.</summary>
/// <param name="By">Who asked.</param>
/// <param name="Deed">What they did, as a refusal says it: <c>ann@example.com prepared run_…</c>, without a full
/// stop.</param>
/// <param name="Who">The asker as the one who does not decide: <c>ann@example.com, who prepared it</c>.</param>
public sealed record Asked(Actor By, string Deed, string Who)
{
    /// <summary>Those who get something by it, or lose it; they never decide it. Whoever only has a share in what is
    /// for many is not among them: their share is set aside for another.</summary>
    public IReadOnlyList<Guid> Pays { get; init; } = [];

    /// <summary>What one of them is told, without a full stop.</summary>
    public string PaysWhom { get; init; } = "It is for the very person who would decide it";

    /// <summary>Who they are, for those who may decide: <c>not ann@example.com, whose grant it is</c>; null: the asker
    /// says it all.</summary>
    public string? NotWho { get; init; }

    /// <summary>Whether the exception for a company's only administrator covers it. It does where a record says that it
    /// was decided alone.</summary>
    public bool MayBeAlone { get; init; } = true;
}

/// <summary>Who runs the programme, and whether the only one may decide alone.</summary>
/// <param name="Administrators">How many there are, by person.</param>
/// <param name="LoneAdministrator">The setting.</param>
public readonly record struct Administration(int Administrators, bool LoneAdministrator);

/// <summary>Whether somebody may approve something.</summary>
public enum Verdict
{
    /// <summary>They may.</summary>
    Yes,

    /// <summary>They may, as the only administrator, who asked for it. It goes on record.</summary>
    Alone,

    /// <summary>No: it is for them.</summary>
    Paid,

    /// <summary>No: they asked for it, and another decides.</summary>
    Asker,

    /// <summary>No: they asked for it, there is no other, and the setting does not let them.</summary>
    NoOther,

    /// <summary>No: they asked for it, and must say that they decide alone.</summary>
    SayAlone,
}
