namespace Guerdon.Vesting;

/// <summary>What of one grant vests when, as far as is known. Pure: the same terms and facts give the
/// same, on any day.</summary>
public sealed class VestingSchedule
{
    private readonly VestingInstalment[] _instalments;

    private VestingSchedule(long quantity, VestingInstalment[] instalments)
    {
        Quantity = quantity;
        _instalments = instalments;
        foreach (var instalment in instalments) Total += instalment.Amount;
    }

    /// <summary>The whole grant, in units of the caller's: milli-tokens, or anything counted.</summary>
    public long Quantity { get; }

    /// <summary>What vests by all that is known; what is missing to the quantity is forfeited or waits
    /// for an event.</summary>
    public long Total { get; }

    /// <summary>By date. An instalment of 0 is there where a schedule has one.</summary>
    public IReadOnlyList<VestingInstalment> Instalments => _instalments;

    /// <summary>The schedule of a grant. At most the quantity vests, and exactly it once all of the
    /// terms is reached.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="quantity">0 or more.</param>
    /// <param name="facts">What is known.</param>
    /// <exception cref="ArgumentOutOfRangeException">The quantity or an acceleration is negative.</exception>
    public static VestingSchedule Of(VestingTerms terms, long quantity, VestingFacts facts)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(quantity);
        foreach (var acceleration in facts.Accelerations)
            ArgumentOutOfRangeException.ThrowIfNegative(acceleration.Quantity ?? 0, nameof(facts));
        var path = VestingPath.Of(terms, quantity, facts);
        var isPlain = facts.Accelerations.Count == 0 && facts.Leaving is null;
        return new VestingSchedule(quantity, [.. isPlain ? path : Changed(path, terms, quantity, facts)]);
    }

    /// <summary>What has vested at a day's end.</summary>
    public long VestedBy(DateOnly date)
    {
        var vested = 0L;
        foreach (var instalment in _instalments)
        {
            if (instalment.Date > date) break;
            vested += instalment.Amount;
        }

        return vested;
    }

    /// <summary>The first instalment after a day that gives something, or null.</summary>
    public VestingInstalment? NextAfter(DateOnly date)
    {
        foreach (var instalment in _instalments)
            if (instalment.Date > date && instalment.Amount > 0) return instalment;
        return null;
    }

    /// <summary>
    /// What has vested at a day's end, as <see cref="VestedBy(DateOnly)"/> of the whole schedule says it. For one
    /// schedule from its start, without events, it takes neither time nor memory that grows with the instalments.
    /// </summary>
    public static long VestedBy(VestingTerms terms, long quantity, VestingFacts facts, DateOnly date)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(quantity);
        var leaving = facts.Leaving is { } left && left.On <= date ? left : null;
        var rule = leaving?.Rule ?? terms.Leaver;
        if (terms.Graph.Only is not { } only || facts.Accelerations.Count > 0
            || (leaving is not null && rule.Kind == LeaverKind.Accelerate))
            return Of(terms, quantity, facts).VestedBy(date);

        var day = leaving is not null && rule.Kind == LeaverKind.Forfeit ? leaving.On : date;
        var period = ((VestingTrigger.Relative)only.Trigger).Period;
        var count = VestingDates.CountBy(period, facts.Start, facts.Start.Day, day);
        if (count < period.First) return 0;
        var denominator = terms.Graph.Denominator;
        var each = VestingPath.Each(only, denominator, quantity, quantity);
        return new Tranches(terms.AllocationType, period.Occurrences, each, 0, 0, denominator, quantity).After(count);
    }

    // The order decides on one day, since each takes of what is left: first the terms, then what is
    // accelerated, then leaving.
    private static List<VestingInstalment> Changed(
        List<VestingInstalment> path, VestingTerms terms, long quantity, VestingFacts facts)
    {
        var leaving = facts.Leaving;
        var rule = leaving?.Rule ?? terms.Leaver;
        var last = leaving is null || rule.Kind == LeaverKind.KeepVesting ? DateOnly.MaxValue : leaving.On;
        var ahead = facts.Accelerations.Select(a =>
            new VestingInstalment(a.Date, a.Quantity ?? quantity, "", VestingCause.Acceleration));
        var (result, left) = (new List<VestingInstalment>(), quantity);
        // Relies on OrderBy being stable: otherwise the order of one day would be lost.
        foreach (var due in path.Concat(ahead).OrderBy(i => i.Date).TakeWhile(i => i.Date <= last))
        {
            var amount = Math.Min(due.Amount, left);
            left -= amount;
            // A schedule's own 0 stays, since it is an instalment; what nothing is left for is dropped.
            if (amount > 0 || (due.Amount == 0 && due.Cause == VestingCause.Period))
                result.Add(due with { Amount = amount });
        }

        if (leaving is null || rule.Kind != LeaverKind.Accelerate) return result;
        var share = (long)((Int128)left * rule.SharePpm / LeaverRule.Whole);
        if (share > 0) result.Add(new VestingInstalment(leaving.On, share, "", VestingCause.Leaving));
        return result;
    }
}
