using Guerdon.Kernel;
using Guerdon.Plans;
using Guerdon.Vesting;

namespace Guerdon.Grants.Lines;

/// <summary>A plan as it is run for a period.</summary>
/// <param name="Plan">The version in effect.</param>
/// <param name="Version">Its number.</param>
/// <param name="Period">The month.</param>
/// <param name="TokenValueNanos">What one token is worth at the month's first instant, in nano-USD.</param>
/// <param name="Now">No grant is made that would have expired by now.</param>
internal sealed record GrantTerms(Plan Plan, int Version, Period Period, long TokenValueNanos, DateTimeOffset Now)
{
    /// <summary>How far the roll-out has come; null: the plan has no phases.</summary>
    public PhaseTerms? Phase { get; init; }

    /// <summary>How many of the plan's runs were reversed before.</summary>
    public int Attempt { get; init; }

    /// <summary>What the allowance is granted for: the month, or the quarter that it lies in.</summary>
    public GrantSpan Span { get; } = GrantSpan.Of(Period, Plan.Allowance?.MonthsEach ?? 1);

    private readonly Dictionary<(VestingTerms, DateOnly), DateOnly> _ends = [];

    /// <summary>The day of the last instalment that is known of, for vesting that begins on a day.</summary>
    public DateOnly LastVesting(VestingTerms vesting, DateOnly from)
    {
        if (_ends.TryGetValue((vesting, from), out var known)) return known;
        var instalments = VestingSchedule.Of(vesting, long.MaxValue, new VestingFacts(from)).Instalments;
        return _ends[(vesting, from)] = instalments is [.., var last] ? last.Date : from;
    }

    /// <summary>The first instant of a day where the plan's months begin.</summary>
    public DateTimeOffset StartOf(DateOnly day) => ZoneDays.StartOf(day, Plan.TimeZone);
}

/// <summary>The months that one allowance is for.</summary>
/// <param name="First">Its first month.</param>
/// <param name="Months">1 or 3.</param>
internal readonly record struct GrantSpan(Period First, int Months)
{
    /// <summary>Its last day.</summary>
    public DateOnly Last => First.First.AddMonths(Months).AddDays(-1);

    public int Days => Last.DayNumber - First.First.DayNumber + 1;

    /// <summary>As keys have it: <c>2026-11</c>, <c>2026-Q4</c>.</summary>
    public string Term => Months == 1 ? First.ToString() : $"{First.Year}-Q{(First.Month + 2) / 3}";

    /// <summary>The span before it.</summary>
    public GrantSpan Before => this with { First = new Period(First.First.AddMonths(-Months)) };

    public static GrantSpan Of(Period month, int months) =>
        new(new Period(month.First.AddMonths(-((month.Month - 1) % months))), months);
}
