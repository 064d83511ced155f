using Guerdon.Kernel;

namespace Guerdon.Policies;

/// <summary>What a call has taken from the rates. Disposed when the call has ended; one at a time.</summary>
public sealed class RateTicket(SteadyTime time, long worstTokens) : IDisposable
{
    private readonly List<(RateCounter Counter, long Part)> _counted = [];
    private long? _used;

    /// <summary>Tokens that count for it now.</summary>
    public long InFlight { get; private set; } = worstTokens;

    public void Add(RateCounter counter, long part) => _counted.Add((counter, part));

    /// <summary>So many tokens are held for the attempt that comes, beside what those before it have used.</summary>
    public void NoteHeld(long tokens)
    {
        var change = (_used ?? 0) + tokens - InFlight;
        foreach (var (counter, _) in _counted) counter.Change(change);
        InFlight += change;
    }

    /// <summary>The call goes out, so it counts whatever becomes of it.</summary>
    public void NoteSent() => _used ??= 0;

    /// <summary>One attempt at it has used so many tokens.</summary>
    public void NoteUsed(long tokens) => _used = (_used ?? 0) + tokens;

    public void Dispose()
    {
        foreach (var (counter, part) in _counted) counter.Finish(this, part, _used, time.Now);
        _counted.Clear();
    }
}
