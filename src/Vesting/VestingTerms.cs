namespace Guerdon.Vesting;

/// <summary>How a number that does not divide evenly is spread over instalments. 18 over 4 is given for each.</summary>
public enum AllocationType
{
    /// <summary>The running total is rounded half up: 5, 4, 5, 4.</summary>
    CumulativeRounding,

    /// <summary>The running total is rounded down: 4, 5, 4, 5.</summary>
    CumulativeRoundDown,

    /// <summary>The first instalments have one more: 5, 5, 4, 4.</summary>
    FrontLoaded,

    /// <summary>The last instalments have one more: 4, 4, 5, 5.</summary>
    BackLoaded,

    /// <summary>The first instalment has all that is left over: 6, 4, 4, 4.</summary>
    FrontLoadedToSingleTranche,

    /// <summary>The last instalment has all that is left over: 4, 4, 4, 6.</summary>
    BackLoadedToSingleTranche,

    /// <summary>4.5 each; of whole units what is due exactly, the fraction carried to the next instalment.</summary>
    Fractional,
}

/// <summary>A fraction of a grant, for each time its condition is met.</summary>
/// <param name="Numerator">0 or more.</param>
/// <param name="Denominator">1 or more.</param>
/// <param name="IsOfRemainder">Of what has not vested when the condition is first met, in place of the whole.</param>
public sealed record VestingPortion(long Numerator, long Denominator, bool IsOfRemainder = false);

/// <summary>When a condition is met.</summary>
public abstract record VestingTrigger
{
    private VestingTrigger()
    {
    }

    /// <summary>On the day that vesting starts.</summary>
    public sealed record OnStart : VestingTrigger;

    /// <summary>On a date.</summary>
    public sealed record Absolute(DateOnly Date) : VestingTrigger;

    /// <summary>When a period has passed since another condition was (last) met, so many times over.</summary>
    public sealed record Relative(VestingPeriod Period, string RelativeToConditionId) : VestingTrigger;

    /// <summary>When somebody records that it happened.</summary>
    public sealed record OnEvent : VestingTrigger;
}

/// <summary>What a period is counted in.</summary>
public enum PeriodUnit { Days, Months }

/// <summary>A span of time that repeats.</summary>
/// <param name="Length">Days or calendar months between instalments; 0 or more.</param>
/// <param name="Unit">What the length counts.</param>
/// <param name="Occurrences">How many instalments; 1 or more.</param>
/// <param name="CliffInstalment">The first so many vest together, on the date of the last of them; 0 or
/// 1 is no cliff.</param>
/// <param name="Day">Of months only.</param>
public sealed record VestingPeriod(
    int Length, PeriodUnit Unit, int Occurrences, int CliffInstalment = 0, VestingDay Day = default)
{
    /// <summary>The first instalment at which something vests.</summary>
    internal int First => Math.Max(1, CliffInstalment);
}

/// <summary>The day of the month on which instalments vest, or the month's last where it has no such day.</summary>
/// <param name="Number">1 to 31; 0 is the day on which vesting started.</param>
public readonly record struct VestingDay(int Number)
{
    /// <summary>The day of the month on which vesting started.</summary>
    public static readonly VestingDay OfStart;
}

/// <summary>One node of the terms' graph: what vests, when, and what may come next.</summary>
/// <param name="Id">Unique in its terms.</param>
/// <param name="Description">For people; may be empty.</param>
/// <param name="Portion">So much of the grant, or null where <paramref name="Quantity"/> is given.</param>
/// <param name="Quantity">So many units each time, or null where <paramref name="Portion"/> is given.</param>
/// <param name="Trigger">When it is met.</param>
/// <param name="NextConditionIds">What may be met after it, the one that goes first on the same day first.</param>
public sealed record VestingCondition(
    string Id, string Description, VestingPortion? Portion, long? Quantity, VestingTrigger Trigger,
    IReadOnlyList<string> NextConditionIds)
{
    /// <summary>How often it is met at most.</summary>
    internal int Occurrences => Trigger is VestingTrigger.Relative relative ? relative.Period.Occurrences : 1;

    /// <summary>Whether it gives nothing and is there for its date alone.</summary>
    internal bool IsEmpty => Quantity == 0 || Portion?.Numerator == 0;
}

/// <summary>What becomes of what has not vested when somebody leaves.</summary>
public enum LeaverKind { Forfeit, KeepVesting, Accelerate }

/// <summary>A leaver's rule. What vests on the day of leaving itself has vested, whichever it is.</summary>
/// <param name="Kind">Forfeit is the default.</param>
/// <param name="SharePpm">Of the unvested, what vests on the day of leaving, in millionths and rounded down; the rest
/// is forfeited. For <see cref="LeaverKind.Accelerate"/> only.</param>
public readonly record struct LeaverRule(LeaverKind Kind, int SharePpm = 0)
{
    /// <summary>A share of one, in millionths.</summary>
    public const int Whole = 1_000_000;
}

/// <summary>
/// The terms under which a grant vests, as the Open Cap Table Format has them: conditions and what follows on which.
/// One path through them is taken. They are checked when made, so that a schedule can rely on them.
/// </summary>
/// <exception cref="ArgumentException">They make no sense; <see cref="VestingGraph.Check"/> says why.</exception>
public sealed record VestingTerms(
    string Id, string Name, string Description, AllocationType AllocationType,
    IReadOnlyList<VestingCondition> Conditions)
{
    /// <summary>The nodes of the graph; not to be replaced, since they are checked once.</summary>
    public IReadOnlyList<VestingCondition> Conditions { get; } = Conditions;

    /// <summary>What a leaver loses, where nothing else is agreed. The format has no word for it.</summary>
    public LeaverRule Leaver { get; init; }

    internal VestingGraph Graph { get; } = VestingGraph.Of(Conditions);
}
