namespace Guerdon.Policies;

/// <summary>
/// What happened within the last minute, hour or day, in sixty parts of it and the one that is under way. Any window
/// lies within those, so a limit on their sum is never passed in any window; it frees up to a sixtieth late.
/// Not safe for threads: its owner locks.
/// </summary>
internal sealed class SlidingWindow(TimeSpan length)
{
    private const int Parts = 60;
    private readonly long _part = length.Ticks / Parts;
    private readonly long[] _counts = new long[Parts + 1];
    private long _newest;

    /// <summary>All that the window holds, as of the last <see cref="Advance"/>.</summary>
    public long Sum { get; private set; }

    /// <summary>Forgets what has left the window.</summary>
    /// <returns>The part that is under way.</returns>
    public long Advance(DateTimeOffset now)
    {
        // Never backwards: callers on several threads may have read the time in another order than they come here.
        var part = Math.Max(_newest, now.UtcTicks / _part);
        var steps = Math.Min(part - _newest, _counts.Length);
        for (var step = 1; step <= steps; step++)
        {
            ref var count = ref _counts[(_newest + step) % _counts.Length];
            Sum -= count;
            count = 0;
        }

        // The new part begins empty, since even a long leap has cleared every place.
        return _newest = part;
    }

    /// <summary>Adds to the part under way; <see cref="Advance"/> first.</summary>
    public void Add(long amount)
    {
        _counts[_newest % _counts.Length] += amount;
        Sum += amount;
    }

    /// <summary>Subtracts what was added to a part, where the window still has it.</summary>
    public void Subtract(long amount, long part)
    {
        if (part <= _newest - _counts.Length) return;
        _counts[part % _counts.Length] -= amount;
        Sum -= amount;
    }

    /// <summary>How long until the sum is no more than this; <see cref="Advance"/> first.</summary>
    public TimeSpan UntilAtMost(long sum, DateTimeOffset now)
    {
        var left = Sum;
        for (var part = _newest - Parts; part <= _newest; part++)
        {
            if (part >= 0) left -= _counts[part % _counts.Length];
            if (left <= sum) return TimeSpan.FromTicks(Math.Max(0, (part + Parts + 1) * _part - now.UtcTicks));
        }

        return length;
    }
}
