using System.Net;

namespace Stipend.Gateway;

/// <summary>
/// What a provider's answers say of the company's key. A 401 is always the key's: callers' credentials do not reach the
/// provider. A 403 may be about one model, so it says so only after several in a row.
/// </summary>
internal sealed class KeyHealth(TimeProvider clock)
{
    private const int ForbiddenInARow = 5;
    private long _refusedSince;
    private long _secondSince;
    private int _forbidden;

    /// <summary>Since when the provider takes none of its keys; null: it takes one, as far as is known.</summary>
    public DateTimeOffset? RefusedSince => At(ref _refusedSince);

    /// <summary>Since when only the second key is taken; null: the first is, as far as is known.</summary>
    public DateTimeOffset? SecondSince => At(ref _secondSince);

    /// <summary>Notes an answer.</summary>
    /// <param name="status">What the provider said.</param>
    /// <param name="isOfSecond">It was asked with the second key, since it refused the first.</param>
    /// <returns>True where the provider is to be left alone for it.</returns>
    public bool Note(HttpStatusCode status, bool isOfSecond)
    {
        if (status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
        {
            // Read first: it is almost always so already, and a write would take the line from the other cores.
            if (Volatile.Read(ref _forbidden) != 0) Volatile.Write(ref _forbidden, 0);
            if (Volatile.Read(ref _refusedSince) != 0) Volatile.Write(ref _refusedSince, 0);
            if (!isOfSecond && Volatile.Read(ref _secondSince) != 0) Volatile.Write(ref _secondSince, 0);
            if (isOfSecond) Begin(ref _secondSince);
            return false;
        }

        if (status == HttpStatusCode.Forbidden && Interlocked.Increment(ref _forbidden) < ForbiddenInARow)
            return false;
        Begin(ref _refusedSince);
        return true;
    }

    private void Begin(ref long since) => Interlocked.CompareExchange(ref since, clock.GetUtcNow().UtcTicks, 0);

    private static DateTimeOffset? At(ref long ticks) =>
        Interlocked.Read(ref ticks) is > 0 and var at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
}
