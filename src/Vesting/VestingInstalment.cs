using System.Globalization;

namespace Guerdon.Vesting;

/// <summary>What made something vest.</summary>
public enum VestingCause { Start, Date, Period, Event, Acceleration, Leaving }

/// <summary>So much vests on a date.</summary>
/// <param name="Date">The day; what vests on it has vested when it begins.</param>
/// <param name="Amount">Units of the grant, 0 or more.</param>
/// <param name="ConditionId">The condition that was met; empty for an acceleration and on leaving.</param>
/// <param name="Cause">What made it vest.</param>
/// <param name="Number">Which instalment of its condition, from 1.</param>
/// <param name="Of">How many its condition has.</param>
/// <param name="IsCliff">All instalments up to this one vest together.</param>
public readonly record struct VestingInstalment(
    DateOnly Date, long Amount, string ConditionId, VestingCause Cause, int Number = 1, int Of = 1,
    bool IsCliff = false)
{
    /// <summary>Why it vests, for people.</summary>
    public string Why => Cause switch
    {
        VestingCause.Start => "vesting starts",
        VestingCause.Date => "its date has come",
        VestingCause.Event => "it happened",
        VestingCause.Acceleration => "accelerated",
        VestingCause.Leaving => "accelerated on leaving",
        _ when IsCliff => Words($"instalments 1 to {Number} of {Of}, at the cliff"),
        _ => Words($"instalment {Number} of {Of}"),
    };

    private static string Words(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
