namespace Guerdon.Providers;

/// <summary>
/// Asks a provider something of our own where a caller's failures cannot tell whether it is ill: one at a time, one a
/// second, and none is waited for.
/// </summary>
/// <param name="ask">Asks and takes note of the answer; it throws nothing but for what was disposed.</param>
/// <param name="clock">Measures.</param>
internal sealed class Probe(Func<CancellationToken, Task> ask, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private long _askedAt = long.MinValue;
    private int _isAsking;

    /// <summary>Asks, unless it is being asked or was just now.</summary>
    public void Ask()
    {
        if (Interlocked.CompareExchange(ref _isAsking, 1, 0) != 0) return;
        if (_askedAt != long.MinValue && clock.GetElapsedTime(_askedAt) < Apart)
        {
            Volatile.Write(ref _isAsking, 0);
            return;
        }

        _askedAt = clock.GetTimestamp();
        _ = AskAsync();
    }

    private async Task AskAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(Within, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _stopping.Token);
            await ask(either.Token);
        }
        catch (ObjectDisposedException)
        {
            // The provider was replaced meanwhile, so its answer no longer matters to anybody.
        }
        finally
        {
            Volatile.Write(ref _isAsking, 0);
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }
}
