using System.Collections.Concurrent;
using Guerdon.Kernel;

namespace Guerdon.Approvals;

/// <summary>How many wait for each administrator, as it was some seconds ago: every page shows it, and the inbox is not
/// read for each.</summary>
public sealed class InboxCounts(TimeProvider clock)
{
    /// <summary>How old a count may be.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromSeconds(5);

    // There are few administrators, but memory must stay bounded whatever there is.
    private const int Most = 1_000;

    private readonly ConcurrentDictionary<Guid, (string? Text, long At)> _counts = new();

    internal bool TryFind(Actor reader, out string? text)
    {
        text = null;
        if (reader.Account is not { } account || !_counts.TryGetValue(account, out var count)
            || clock.GetElapsedTime(count.At) > Age) return false;
        text = count.Text;
        return true;
    }

    internal void Put(Actor reader, string? text)
    {
        if (reader.Account is not { } account) return;
        if (_counts.Count >= Most) _counts.Clear();
        _counts[account] = (text, clock.GetTimestamp());
    }
}
