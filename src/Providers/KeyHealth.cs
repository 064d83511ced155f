using System.Net;
using Guerdon.Kernel;

namespace Guerdon.Providers;

/// <summary>
/// What a provider's answers say of the company's key. A refusal may be about what one person asks for, so a key is
/// refused only where another person, or a probe that carries nothing of a caller's, meets the same.
/// </summary>
/// <remarks>
/// A 401 is believed of two people, or of one and a probe that gets a 401. A 403 says less: of one and a probe's 401,
/// or of two and a probe's 403. One person is remembered, for a minute.
/// </remarks>
internal sealed class KeyHealth(TimeProvider clock)
{
    private static readonly TimeSpan DoubtFor = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly SteadyTime _time = new(clock);
    private long _refusedSince;
    private long _secondSince;
    private long _doubtedAt; // 0: nobody was refused since it was last taken
    private Guid? _doubtedBy;
    private bool _isDoubtedBySeveral;

    /// <summary>Since when the provider takes none of its keys; null: it takes one, as far as is known.</summary>
    public DateTimeOffset? RefusedSince => At(ref _refusedSince);

    /// <summary>Since when only the second key is taken; null: the first is, as far as is known.</summary>
    public DateTimeOffset? SecondSince => At(ref _secondSince);

    /// <summary>Notes that a key was taken.</summary>
    /// <param name="isOfSecond">It was the second, since the same request was refused with the first.</param>
    public void NoteTaken(bool isOfSecond)
    {
        // Read first, since it is almost always set so, and a write would take the cache line from the other cores.
        if (Volatile.Read(ref _doubtedAt) != 0) Volatile.Write(ref _doubtedAt, 0);
        if (Volatile.Read(ref _refusedSince) != 0) Volatile.Write(ref _refusedSince, 0);
        if (!isOfSecond && Volatile.Read(ref _secondSince) != 0) Volatile.Write(ref _secondSince, 0);
        if (isOfSecond) Begin(ref _secondSince);
    }

    /// <summary>Notes that a call was refused, and not for what it asked.</summary>
    /// <param name="status">401 or 403.</param>
    /// <param name="person">Whose call; null: of nobody who could be told apart.</param>
    /// <returns>True where the key is refused; false where that is for a probe to find out.</returns>
    public bool NoteRefused(HttpStatusCode status, Guid? person)
    {
        lock (_gate)
        {
            var now = _time.Now.UtcTicks;
            var isOld = now - Volatile.Read(ref _doubtedAt) > DoubtFor.Ticks;
            if (isOld) (_doubtedBy, _isDoubtedBySeveral) = (person, false);
            else if (person is not null && _doubtedBy is not null && person != _doubtedBy) _isDoubtedBySeveral = true;
            _doubtedBy ??= person;
            Volatile.Write(ref _doubtedAt, now);
            if (status != HttpStatusCode.Unauthorized || !_isDoubtedBySeveral) return false;
        }

        Begin(ref _refusedSince);
        return true;
    }

    /// <summary>Notes that a probe was refused.</summary>
    /// <returns>True where the key is refused.</returns>
    public bool NoteProbeRefused(HttpStatusCode status)
    {
        lock (_gate)
        {
            if (Volatile.Read(ref _doubtedAt) == 0) return false; // it was taken meanwhile
            if (status != HttpStatusCode.Unauthorized && !_isDoubtedBySeveral) return false;
        }

        Begin(ref _refusedSince);
        return true;
    }

    private void Begin(ref long since) => Interlocked.CompareExchange(ref since, clock.GetUtcNow().UtcTicks, 0);

    private static DateTimeOffset? At(ref long ticks) =>
        Interlocked.Read(ref ticks) is > 0 and var at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
}
