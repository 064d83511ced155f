namespace Guerdon.Vesting;

/// <summary>An event that a condition waits for has happened.</summary>
public sealed record VestingHappened(string ConditionId, DateOnly Date);

/// <summary>Something vests ahead of its time. It is taken from the end: what is due next comes as before.</summary>
/// <param name="Date">When.</param>
/// <param name="Quantity">How many units, 0 or more, or null for all that has not vested.</param>
public sealed record VestingAcceleration(DateOnly Date, long? Quantity);

/// <summary>Somebody leaves.</summary>
/// <param name="On">The last day.</param>
/// <param name="Rule">What was agreed, or null for the rule of the terms.</param>
public sealed record VestingLeaving(DateOnly On, LeaverRule? Rule = null);

/// <summary>What is known about one grant. A fact of a later date never changes what vested earlier.</summary>
/// <param name="Start">The day vesting starts; nothing of the terms vests earlier.</param>
public sealed record VestingFacts(DateOnly Start)
{
    /// <summary>Events; those of unknown conditions change nothing, and of two for one condition the
    /// earlier counts.</summary>
    public IReadOnlyList<VestingHappened> Events { get; init; } = [];

    public IReadOnlyList<VestingAcceleration> Accelerations { get; init; } = [];

    public VestingLeaving? Leaving { get; init; }
}
