namespace Guerdon.Storage;

/// <summary>
/// How long to wait before something is tried again: twice as long each time, up to a limit. How often
/// is up to whoever tries.
/// </summary>
/// <param name="First">After the first failure.</param>
/// <param name="Most">After any.</param>
public sealed record Backoff(TimeSpan First, TimeSpan Most)
{
    /// <param name="failures">How often it has failed, from 1.</param>
    public TimeSpan After(int failures)
    {
        var doublings = Math.Clamp(failures - 1, 0, 30);
        var ticks = Math.BigMul(First.Ticks, 1L << doublings, out var low) == 0 && low >= 0 ? low : long.MaxValue;
        return TimeSpan.FromTicks(Math.Min(ticks, Most.Ticks));
    }

    /// <summary>Waits as long as <see cref="After"/> says.</summary>
    public Task WaitAsync(int failures, TimeProvider clock, CancellationToken ct) =>
        Task.Delay(After(failures), clock, ct);
}
