namespace Stipend.Host.SignIn;

/// <summary>
/// Checking a password takes a core a tenth of a second. So strangers are checked on half of the cores at most, and a
/// few of them wait; owners in browsers they have used before have a turn of their own.
/// </summary>
internal sealed class HashTurns : IDisposable
{
    /// <summary>Strangers who wait; further ones are told to come again.</summary>
    public const int MostWaiting = 32;

    private readonly SemaphoreSlim strangers = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly SemaphoreSlim owners = new(1);
    private int waiting;

    /// <summary>Does the work when it is its turn.</summary>
    /// <returns>What it made, or null where too many wait.</returns>
    public async Task<(bool Done, T? Made)> RunAsync<T>(bool isKnown, Func<Task<T>> work, CancellationToken ct)
    {
        if (!isKnown && Interlocked.Increment(ref waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref waiting);
            return (false, default);
        }

        var turns = isKnown ? owners : strangers;
        try
        {
            await turns.WaitAsync(ct);
        }
        finally
        {
            if (!isKnown) Interlocked.Decrement(ref waiting);
        }

        try
        {
            return (true, await work());
        }
        finally
        {
            turns.Release();
        }
    }

    public void Dispose()
    {
        strangers.Dispose();
        owners.Dispose();
    }
}
