namespace Guerdon.Kernel;

/// <summary>
/// Time that passes evenly even where the wall clock is set: for windows, waits and deadlines, which would otherwise
/// end too early, or hours too late.
/// </summary>
/// <param name="clock">Its wall clock is read once, its timestamps after that.</param>
public sealed class SteadyTime(TimeProvider clock)
{
    private readonly DateTimeOffset _start = clock.GetUtcNow();
    private readonly long _from = clock.GetTimestamp();

    public DateTimeOffset Now => _start + clock.GetElapsedTime(_from);
}
