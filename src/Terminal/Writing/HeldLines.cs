using System.Collections.Concurrent;

namespace Guerdon.Terminal.Writing;

/// <summary>Lines that wait while something else is shown, and are written in their order once nothing is.</summary>
/// <param name="write">Writes one.</param>
internal sealed class HeldLines(Action<string> write)
{
    /// <summary>The oldest of more are dropped.</summary>
    public const int MostWaiting = 200;

    private readonly ConcurrentQueue<string> _waiting = new();
    private int _shown;

    /// <summary>Writes a line now, or once nothing is shown. Control characters are taken out.</summary>
    public void Say(string line)
    {
        _waiting.Enqueue(Clean.Line(line));
        while (_waiting.Count > MostWaiting) _waiting.TryDequeue(out _);
        if (Volatile.Read(ref _shown) == 0) Write();
    }

    /// <summary>Something is shown; may be called again before <see cref="Release"/>.</summary>
    public void Hold() => Interlocked.Increment(ref _shown);

    /// <summary>It is no longer shown.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _shown) == 0) Write();
    }

    private void Write()
    {
        while (_waiting.TryDequeue(out var line)) write(line);
    }
}
