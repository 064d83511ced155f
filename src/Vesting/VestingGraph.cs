namespace Guerdon.Vesting;

/// <summary>What is wrong with one condition.</summary>
/// <param name="Condition">Its place in the list, from 0.</param>
/// <param name="Key">The field that is meant, as the format has it, such as <c>trigger.relative_to_condition_id</c>.
/// </param>
/// <param name="Item">The place in a list under the key, from 0; null: the field itself.</param>
/// <param name="Reason">Continues "key …", and says what would be right.</param>
internal sealed record VestingProblem(int Condition, string Key, int? Item, string Reason);

/// <summary>The conditions of good terms as numbers, with what every schedule of them needs.</summary>
internal sealed class VestingGraph
{
    /// <summary>Common denominator of all portions at most, so that a grant's fractions fit 128 bits.</summary>
    public const long MostDenominator = 1_000_000_000;

    /// <summary>Instalments of all conditions together, at most.</summary>
    public const int MostInstalments = 10_000;

    /// <summary>Conditions at most.</summary>
    public const int MostConditions = 200;

    private VestingGraph(IReadOnlyList<VestingCondition> conditions, VestingGraphCheck check)
    {
        Root = check.Root;
        Denominator = check.Denominator;
        Next = check.Next;
        RelativeTo = check.RelativeTo;
        // Nearly every grant is a start that gives nothing and one schedule that counts from it,
        // so that has a short way.
        var isSimple = conditions.Count == 2 && conditions[Root] is { Trigger: VestingTrigger.OnStart, IsEmpty: true }
            && conditions[1 - Root].Trigger is VestingTrigger.Relative;
        Only = isSimple ? conditions[1 - Root] : null;
    }

    internal int Root { get; }

    /// <summary>Of all portions.</summary>
    internal long Denominator { get; }

    internal int[][] Next { get; }

    /// <summary>What each relative trigger counts from; -1 for others.</summary>
    internal int[] RelativeTo { get; }

    /// <summary>The only condition that gives anything, of terms that are one schedule from their start.</summary>
    internal VestingCondition? Only { get; }

    /// <summary>Everything that is wrong with some conditions; empty for good ones.</summary>
    public static IReadOnlyList<VestingProblem> Check(IReadOnlyList<VestingCondition> conditions) =>
        new VestingGraphCheck(conditions).Problems;

    internal static VestingGraph Of(IReadOnlyList<VestingCondition> conditions)
    {
        var check = new VestingGraphCheck(conditions);
        if (check.Problems is [var first, ..])
            throw new ArgumentException($"Condition {first.Condition + 1}: {first.Key} {first.Reason}");
        return new VestingGraph(conditions, check);
    }
}
