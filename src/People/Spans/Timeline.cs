namespace Guerdon.People.Spans;

/// <summary>
/// A person's spans, in the order of their days: without a gap or an overlap, since each ends where the next begins. No
/// I/O.
/// </summary>
internal static class Timeline
{
    // Pay and its currency are one thing: an amount says nothing without it.
    private static readonly Part[] Parts =
    [
        new("team", s => s.Team, (s, of) => s with { Team = of.Team }),
        new("role", s => s.Role, (s, of) => s with { Role = of.Role }),
        new("level", s => s.Level, (s, of) => s with { Level = of.Level }),
        new("country", s => s.Country, (s, of) => s with { Country = of.Country }),
        new("cost_centre", s => s.CostCentre, (s, of) => s with { CostCentre = of.CostCentre }),
        new("pay", s => (s.BasePayCents, s.TotalPayCents, s.Currency), (s, of) => s with
        {
            BasePayCents = of.BasePayCents, TotalPayCents = of.TotalPayCents, Currency = of.Currency,
        }),
        new("legal_entity", s => s.LegalEntity, (s, of) => s with { LegalEntity = of.LegalEntity }),
        new("manager", s => s.Manager, (s, of) => s with { Manager = of.Manager }),
        new("employment", s => s.Employment, (s, of) => s with { Employment = of.Employment }),
        new("part_time", s => s.PartTimeBp, (s, of) => s with { PartTimeBp = of.PartTimeBp }),
        // So are a leave and whether it is paid.
        new("leave", s => (s.Leave, s.LeavePay), (s, of) => s with { Leave = of.Leave, LeavePay = of.LeavePay }),
        new("time_zone", s => s.TimeZone, (s, of) => s with { TimeZone = of.TimeZone }),
    ];

    /// <summary>The names of all that a change can be of.</summary>
    public static IEnumerable<string> Names => Parts.Select(part => part.Name);

    /// <summary>What two differ in, by name.</summary>
    public static string[] Differences(Standing was, Standing now) =>
        [.. Parts.Where(part => !Equals(part.Of(was), part.Of(now))).Select(part => part.Name)];

    /// <summary>What is true on a day.</summary>
    public static Standing On(IReadOnlyList<PersonSpan> spans, DateOnly day) =>
        (spans.LastOrDefault(s => s.StartsOn <= day) ?? spans[0]).Standing;

    /// <summary>
    /// The spans after a change. What it does not change stays as it is at all times. What it does change holds from
    /// its day until the next day on which that very thing changes already, or until its own last day.
    /// </summary>
    /// <param name="spans">As they are; at least one.</param>
    /// <param name="from">The first day it holds; one before the first span's begins it earlier.</param>
    /// <param name="until">The last day it holds; null: until something else is known.</param>
    /// <param name="now">All that is true on the first day.</param>
    public static IReadOnlyList<PersonSpan> Change(
        IReadOnlyList<PersonSpan> spans, DateOnly from, DateOnly? until, Standing now)
    {
        var was = On(spans, from);
        var changed = Parts.Where(part => !Equals(part.Of(was), part.Of(now))).ToList();
        if (changed.Count == 0) return spans;

        var days = new SortedSet<DateOnly>(spans.Select(s => s.StartsOn)) { from };
        if (until is { } last && last < DateOnly.MaxValue) days.Add(last.AddDays(1));
        var split = days.Select(day => new PersonSpan(day, On(spans, day))).ToList();
        foreach (var part in changed)
            for (var i = split.FindIndex(s => s.StartsOn == from); i < split.Count; i++)
            {
                // With a last day it holds all the while; without, until the thing is changed again.
                if (until is { } end ? split[i].StartsOn > end : !Equals(part.Of(split[i].Standing), part.Of(was)))
                    break;
                split[i] = split[i] with { Standing = part.Take(split[i].Standing, now) };
            }

        return WithoutRepeats(split);
    }

    private static List<PersonSpan> WithoutRepeats(List<PersonSpan> spans)
    {
        var kept = new List<PersonSpan>(spans.Count);
        foreach (var span in spans)
            if (kept.Count == 0 || kept[^1].Standing != span.Standing) kept.Add(span);
        return kept;
    }

    private sealed record Part(string Name, Func<Standing, object?> Of, Func<Standing, Standing, Standing> Take);
}
