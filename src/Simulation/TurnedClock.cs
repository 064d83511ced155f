namespace Guerdon.Simulation;

/// <summary>A clock that stands where it was put, and never goes back.</summary>
public sealed class TurnedClock(DateTimeOffset start) : TimeProvider
{
    private long _ticks = start.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    /// <summary>Ten in the morning of a day.</summary>
    public void TurnTo(DateOnly day) =>
        Interlocked.Exchange(ref _ticks, Math.Max(_ticks, day.ToDateTime(new TimeOnly(10, 0), DateTimeKind.Utc).Ticks));
}
