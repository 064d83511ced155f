using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.People;

namespace Guerdon.Grants.Tiers;

/// <summary>Somebody's evidence for a tier, and what became of it.</summary>
/// <param name="Id">The request.</param>
/// <param name="Person">Who asks, for themselves.</param>
/// <param name="Email">Theirs.</param>
/// <param name="Plan">Whose tier.</param>
/// <param name="Tier">Which.</param>
/// <param name="UseCase">What they do with tokens.</param>
/// <param name="Impact">What came of it.</param>
/// <param name="AskedAt">When.</param>
/// <param name="Decision">approved, declined, or null while it waits.</param>
/// <param name="DecidedBy">Somebody else.</param>
/// <param name="DecidedAt">When.</param>
/// <param name="Reason">For the person to read.</param>
/// <param name="FromOn">The first day it counts on, where it was approved.</param>
public sealed record TierRequest(
    TierRequestId Id, PersonId Person, string Email, string Plan, string Tier, string UseCase, string Impact,
    DateTimeOffset AskedAt, string? Decision, string? DecidedBy, DateTimeOffset? DecidedAt, string? Reason,
    DateOnly? FromOn)
{
    /// <summary>Their name.</summary>
    public required string Name { get; init; }

    internal Actor? Decider { get; init; }

    /// <summary>Whether somebody may decide it: anybody but the person.</summary>
    public bool MayBeDecidedBy(Actor by) =>
        Decision is null && ApprovalRules.Of(Asked, by, default, saysAlone: false) == Verdict.Yes;

    // A request is its person's own, so whoever asks is also whom it is for.
    internal Asked Asked => AskedOf(Person.Value, Email);

    internal static Asked AskedOf(Guid person, string email) =>
        new(new(email, person), $"{email} asks for themselves", $"{email}, who asks for themselves")
        {
            Permission = Permissions.TiersDecide, Beneficiaries = [person], Benefit = "The request is your own",
        };
}

/// <summary>A tier that somebody may ask for.</summary>
/// <param name="Plan">Whose.</param>
/// <param name="Tier">Its name.</param>
/// <param name="AddsPpm">So much more of the allowance, in millionths.</param>
/// <param name="Needs">What the evidence must show.</param>
public sealed record TierOffered(string Plan, string Tier, int AddsPpm, string Needs);
