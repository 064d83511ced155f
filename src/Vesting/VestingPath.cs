namespace Guerdon.Vesting;

/// <summary>
/// Walks the one path through the terms that the facts take: 1. of the conditions that may come next, the one
/// that is met first, or on the same day the one named first, 2. its instalments, until a next condition is
/// met, 3. again from there.
/// </summary>
internal sealed class VestingPath(VestingTerms terms, long quantity, VestingFacts facts)
{
    private readonly VestingGraph _graph = terms.Graph;
    private readonly DateOnly?[] _met = new DateOnly?[terms.Conditions.Count];
    private readonly List<VestingInstalment> _found = [];
    private Int128 _exact; // what the conditions so far are worth, over the terms' denominator
    private long _vested;
    private int _startDay = facts.Start.Day;

    /// <summary>What vests by the terms, by date; what accelerations and leaving change comes after.</summary>
    public static List<VestingInstalment> Of(VestingTerms terms, long quantity, VestingFacts facts) =>
        new VestingPath(terms, quantity, facts).Walk();

    /// <summary>What one instalment of a condition is worth, over the terms' denominator.</summary>
    public static Int128 Each(VestingCondition condition, long denominator, long quantity, long unvested) =>
        condition.Portion is not { } portion
            ? (Int128)condition.Quantity!.Value * denominator
            : (Int128)(portion.IsOfRemainder ? unvested : quantity) * portion.Numerator
                * (denominator / portion.Denominator);

    private List<VestingInstalment> Walk()
    {
        var at = _graph.Root;
        var date = Met(at, facts.Start);
        if (date is { } first) _startDay = first.Day;
        while (date is { } day) (at, date) = Pass(at, day);
        return _found;
    }

    /// <summary>Lets a condition give what it gives.</summary>
    /// <returns>What is met next, and when; null for never.</returns>
    private (int Next, DateOnly? Date) Pass(int at, DateOnly since)
    {
        var condition = terms.Conditions[at];
        var dates = Dates(at, since);
        _met[at] = dates[^1]; // what counts from this condition counts from its last instalment
        var (next, until) = Earliest(at, since);
        var count = dates.TakeWhile(date => until is null || date <= until).Count(date => date is not null);
        _met[at] = dates[count - 1];

        var tranches = Begin(condition, since);
        Add(condition, tranches, dates.AsSpan(0, count));
        _exact = Int128.Min(tranches.Before + tranches.Each * count, (Int128)quantity * _graph.Denominator);
        _vested = tranches.After(count);
        return (next, until);
    }

    private Tranches Begin(VestingCondition condition, DateOnly since)
    {
        var unvested = quantity - _vested;
        if (condition.Portion is { IsOfRemainder: true })
        {
            // The rest is a whole number; a fraction that was carried until here is part of it.
            _exact = (Int128)_vested * _graph.Denominator;
            foreach (var ahead in facts.Accelerations.Where(a => a.Date < since))
                unvested = Math.Max(0, unvested - (ahead.Quantity ?? unvested));
        }

        var each = Each(condition, _graph.Denominator, quantity, unvested);
        return new Tranches(
            terms.AllocationType, condition.Occurrences, each, _exact, _vested, _graph.Denominator, quantity);
    }

    private void Add(VestingCondition condition, Tranches tranches, ReadOnlySpan<DateOnly?> dates)
    {
        if (tranches.After(tranches.Count) == _vested) return; // a condition that is there for its date alone
        var cause = condition.Trigger switch
        {
            VestingTrigger.OnStart => VestingCause.Start,
            VestingTrigger.Absolute => VestingCause.Date,
            VestingTrigger.OnEvent => VestingCause.Event,
            _ => VestingCause.Period,
        };
        var cliff = condition.Trigger is VestingTrigger.Relative relative ? relative.Period.First : 1;
        for (var (number, before) = (cliff, _vested); number <= dates.Length; number++)
        {
            var after = tranches.After(number);
            _found.Add(new VestingInstalment(
                dates[number - 1]!.Value, after - before, condition.Id, cause, number, tranches.Count,
                number == cliff && cliff > 1));
            before = after;
        }
    }

    // Instalments before a cliff have its date, since they vest with it. None is before the condition was reached.
    private DateOnly?[] Dates(int at, DateOnly since)
    {
        if (terms.Conditions[at].Trigger is not VestingTrigger.Relative { Period: var period }) return [since];
        var (dates, anchor) = (new DateOnly?[period.Occurrences], _met[_graph.RelativeTo[at]]!.Value);
        for (var i = 0; i < dates.Length; i++)
        {
            var date = VestingDates.Of(period, anchor, _startDay, Math.Max(i + 1, period.First));
            dates[i] = date < since ? since : date;
        }

        return dates;
    }

    private (int Next, DateOnly? Date) Earliest(int at, DateOnly since)
    {
        var (best, earliest) = (-1, (DateOnly?)null);
        foreach (var next in _graph.Next[at])
        {
            if (Met(next, since) is { } date && (earliest is null || date < earliest)) (best, earliest) = (next, date);
        }

        return (best, earliest);
    }

    /// <summary>When a condition is met that is waited for since a day; null for never, as far as is known.</summary>
    private DateOnly? Met(int condition, DateOnly since)
    {
        var date = terms.Conditions[condition].Trigger switch
        {
            VestingTrigger.Absolute absolute => absolute.Date,
            VestingTrigger.OnEvent => Happened(terms.Conditions[condition].Id),
            VestingTrigger.Relative { Period: var period } => _met[_graph.RelativeTo[condition]] is { } anchor
                ? VestingDates.Of(period, anchor, _startDay, period.First) : null,
            _ => since,
        };
        return date < since ? since : date; // what has come already is met at once
    }

    private DateOnly? Happened(string id)
    {
        DateOnly? earliest = null;
        foreach (var happened in facts.Events)
            if (happened.ConditionId == id && !(happened.Date > earliest)) earliest = happened.Date;
        return earliest;
    }
}
