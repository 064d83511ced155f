using Npgsql;

namespace Guerdon.Storage;

/// <summary>
/// Finds things by hashes that callers choose, those of many callers in one query: who comes while queries are under
/// way waits for the next. What was not found is remembered for two seconds. So a flood of made-up keys costs a query a
/// thousand, and a key that was just made is found at once, since its query begins after it was asked for.
/// </summary>
/// <typeparam name="T">What is found.</typeparam>
/// <param name="read">Finds by SHA-256 hashes, at most a thousand; the result has those that there are.</param>
/// <param name="clock">Whose steady time is used.</param>
public sealed class GatheredLookup<T>(
    Func<byte[][], CancellationToken, Task<IReadOnlyDictionary<UInt128, T>>> read, TimeProvider clock)
    where T : class
{
    /// <summary>Hashes in one query.</summary>
    public const int MostTogether = 1_000;

    /// <summary>Hashes that wait; beyond them whoever asks is told that it cannot be found out now.</summary>
    public const int MostWaiting = 20_000;

    /// <summary>Hashes remembered as not known.</summary>
    public const int MostUnknown = 10_000;

    private const int QueriesAtOnce = 4;
    private static readonly TimeSpan UnknownFor = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, Waiter> _waiting = [];
    private readonly Dictionary<UInt128, long> _unknown = []; // and since when
    private int _running;
    private long _queries;

    private sealed class Waiter(byte[] hash) : TaskCompletionSource<T?>(
        TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public byte[] Hash => hash;
    }

    /// <summary>How many hashes wait or are remembered as not known.</summary>
    public int Count
    {
        get { lock (_gate) return _waiting.Count + _unknown.Count; }
    }

    /// <summary>How many queries there were.</summary>
    public long Queries => Interlocked.Read(ref _queries);

    /// <summary>What has this hash, or null. An outage of the database is the caller's exception.</summary>
    /// <exception cref="NpgsqlException">The database is away, or too slow for those who wait.</exception>
    public Task<T?> FindAsync(byte[] hash, CancellationToken ct)
    {
        var id = KeyHash.IdOf(hash);
        lock (_gate)
        {
            if (_unknown.TryGetValue(id, out var since))
            {
                if (clock.GetElapsedTime(since) < UnknownFor) return Task.FromResult<T?>(null);
                _unknown.Remove(id);
            }

            if (!_waiting.TryGetValue(id, out var waiter))
            {
                // Never "unknown": it may be a good key, and whoever is told that it is not throws it away.
                if (_waiting.Count >= MostWaiting)
                    return Task.FromException<T?>(new NpgsqlException("Too many keys wait to be looked up."));
                _waiting.Add(id, waiter = new Waiter(hash));
            }

            if (_running < QueriesAtOnce)
            {
                _running++;
                _ = Task.Run(ReadAsync, CancellationToken.None);
            }

            return waiter.Task.WaitAsync(ct);
        }
    }

    // Until nobody waits. One caller who leaves does not stop the others' query.
    private async Task ReadAsync()
    {
        while (Next() is { Count: > 0 } group)
        {
            Interlocked.Increment(ref _queries);
            try
            {
                var found = await read([.. group.Select(one => one.Value.Hash)], CancellationToken.None);
                Remember(group.Keys.Where(id => !found.ContainsKey(id)));
                foreach (var (id, waiter) in group) waiter.TrySetResult(found.GetValueOrDefault(id));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                foreach (var waiter in group.Values) waiter.TrySetException(e);
            }
        }
    }

    private Dictionary<UInt128, Waiter>? Next()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _running--;
                return null;
            }

            var group = _waiting.Take(MostTogether).ToDictionary();
            foreach (var id in group.Keys) _waiting.Remove(id);
            return group;
        }
    }

    private void Remember(IEnumerable<UInt128> ids)
    {
        var now = clock.GetTimestamp();
        lock (_gate)
        {
            foreach (var id in ids)
            {
                if (_unknown.Count >= MostUnknown) _unknown.Clear();
                _unknown[id] = now;
            }
        }
    }
}
