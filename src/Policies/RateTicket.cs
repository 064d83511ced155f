using Guerdon.Kernel;

namespace Guerdon.Policies;

/// <summary>What a call has taken from the rates. Disposed when the call has ended; one at a time.</summary>
public sealed class RateTicket(SteadyTime time, long worstTokens) : IDisposable
{
    private readonly List<(RateCounter Counter, long Part)> counted = [];
    private long? used;

    /// <summary>Tokens that count for it now.</summary>
    public long InFlight { get; private set; } = worstTokens;

    public void Add(RateCounter counter, long part) => counted.Add((counter, part));

    /// <summary>So many tokens are held for the attempt that comes, beside what those before it have used.</summary>
    public void NoteHeld(long tokens)
    {
        var change = (used ?? 0) + tokens - InFlight;
        foreach (var (counter, _) in counted) counter.Change(change);
        InFlight += change;
    }

    /// <summary>The call goes out, so it counts whatever becomes of it.</summary>
    public void NoteSent() => used ??= 0;

    /// <summary>One attempt at it has used so many tokens.</summary>
    public void NoteUsed(long tokens) => used = (used ?? 0) + tokens;

    public void Dispose()
    {
        foreach (var (counter, part) in counted) counter.Finish(this, part, used, time.Now);
        counted.Clear();
    }
}
