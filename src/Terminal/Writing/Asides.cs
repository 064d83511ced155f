using System.Collections.Concurrent;

namespace Guerdon.Terminal.Writing;

/// <summary>
/// Lines on standard error that nobody asked for, such as a log's. While a verb shows its progress they wait, so that
/// neither is written into the other.
/// </summary>
public static class Asides
{
    private const int MostWaiting = 200; // the oldest of more are dropped
    private static readonly ConcurrentQueue<string> Waiting = new();
    private static int _shown;

    /// <summary>Writes a line now, or once no progress is shown. Control characters are taken out.</summary>
    public static void Say(string line)
    {
        Waiting.Enqueue(Clean.Line(line));
        while (Waiting.Count > MostWaiting) Waiting.TryDequeue(out _);
        if (Volatile.Read(ref _shown) == 0) Write();
    }

    internal static void Hold() => Interlocked.Increment(ref _shown);

    internal static void Release()
    {
        if (Interlocked.Decrement(ref _shown) == 0) Write();
    }

    private static void Write()
    {
        while (Waiting.TryDequeue(out var line)) Console.Error.WriteLine(line);
    }
}
