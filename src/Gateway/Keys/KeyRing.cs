using System.Collections.Concurrent;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Gateway.Keys;

/// <summary>
/// Keys in memory, by their hashes. A key is read on first sight and kept; a revocation reaches every node by
/// notification, and a key is read again after a short time in any case, so that a lost notification delays it by no
/// more than that. Keys that are not in memory are looked up together: a flood of made-up ones is no query each. When a
/// key ends is read with it, so that a key in memory ends on time without being read again.
/// </summary>
public sealed class KeyRing(NpgsqlDataSource db, TimeProvider clock)
{
    public const string Channel = "gateway_key";

    /// <summary>Keys in memory; beyond them all are read again.</summary>
    public const int MostKnown = 200_000;

    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromSeconds(30);
    private static readonly string FindSql = Sql.Read("Gateway/Keys/FindKey.sql");

    private readonly ConcurrentDictionary<UInt128, Cached> _known = [];
    private readonly GatheredLookup<ApiKey> _lookup = new((hashes, ct) => ReadAsync(db, hashes, clock, ct), clock);

    private int _forgotten; // how often something was: what was being read meanwhile is not remembered

    private sealed record Cached(ApiKey Key, DateTimeOffset ReadAt);

    /// <summary>Keys and hashes in memory, and how many queries looked for some.</summary>
    public (int Known, int Lookups, long Queries) Load => (_known.Count, _lookup.Count, _lookup.Queries);

    /// <summary>Changes with each thing that is forgotten: a key that was found before may not be good any more.
    /// </summary>
    public int Forgotten => Volatile.Read(ref _forgotten);

    /// <returns>The key, or null where there is no such key, or it was revoked or has expired, or its owner has
    /// left.</returns>
    public ValueTask<ApiKey?> FindAsync(string presented, CancellationToken ct)
    {
        if (!ApiKey.HasForm(presented)) return ValueTask.FromResult<ApiKey?>(null);
        var now = clock.GetUtcNow();
        var hash = ApiKey.Hash(presented);
        return _known.TryGetValue(KeyHash.IdOf(hash), out var cached) && now - cached.ReadAt < ReadAgainAfter
            ? ValueTask.FromResult(cached.Key.EndsAt <= now ? null : cached.Key)
            : ReadAsync(hash, now, ct);
    }

    /// <summary>Why a key that was just not found is refused, where it is a good one whose owner has left; else null.
    /// From memory.</summary>
    public Refused? WhyNot(string presented) =>
        _known.TryGetValue(KeyHash.IdOf(ApiKey.Hash(presented)), out var cached)
        && cached.Key.OwnerEndsAt <= clock.GetUtcNow()
            ? GatewayRefusals.OwnerLeft.With(AccessEnd.IsOver(cached.Key.OwnersLastDay, clock.GetUtcNow())
                ? $"The last day of whoever this key belongs to was {cached.Key.OwnersLastDay:yyyy-MM-dd} (UTC)."
                : $"The access of whoever this key belongs to ended on {Wording.Utc(cached.Key.OwnerEndsAt)}.")
            : null;

    /// <summary>
    /// Forgets what is remembered, so that the next call reads it: after a revocation, here or elsewhere.
    /// </summary>
    public void Forget(KeyId id) => Forget(key => key.Id == id);

    /// <summary>Forgets the keys of some wallets: their owners' last days changed.</summary>
    public void Forget(IReadOnlySet<WalletId> wallets) => Forget(key => wallets.Contains(key.Wallet));

    private void Forget(Predicate<ApiKey> which)
    {
        Interlocked.Increment(ref _forgotten);
        foreach (var (hash, cached) in _known)
            if (which(cached.Key)) _known.TryRemove(hash, out _);
    }

    private void ForgetAll()
    {
        Interlocked.Increment(ref _forgotten);
        _known.Clear();
    }

    private async ValueTask<ApiKey?> ReadAsync(byte[] hash, DateTimeOffset now, CancellationToken ct)
    {
        var id = KeyHash.IdOf(hash);
        var before = Volatile.Read(ref _forgotten);
        if (await _lookup.FindAsync(hash, ct) is not { } key)
        {
            _known.TryRemove(id, out _);
            return null;
        }

        if (_known.Count >= MostKnown) _known.Clear();
        _known[id] = new(key, now);
        // It may have been read before a change, so it is forgotten again rather than trusted.
        if (before != Volatile.Read(ref _forgotten)) _known.TryRemove(id, out _);
        return key.EndsAt <= now ? null : key;
    }

    private static async Task<IReadOnlyDictionary<UInt128, ApiKey>> ReadAsync(
        NpgsqlDataSource db, byte[][] hashes, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var keys = await db.ReadAsync(
            FindSql, row => (Hash: row.Bytes("hash"), Key: KeyOf(row, now)), [hashes, now], ct);
        return keys.ToDictionary(k => KeyHash.IdOf(k.Hash), k => k.Key);
    }

    private static ApiKey KeyOf(Row row, DateTimeOffset now)
    {
        var (expires, lastDay) = (row.InstantOrNull("expires_at"), row.DateOrNull("left_on"));
        var endedAt = row.InstantOrNull("access_ended_at");
        // By a clock that is ahead of this node's it has ended too.
        var endsAt = AccessEnd.Of(lastDay, endedAt > now ? now : endedAt);
        return new ApiKey
        {
            Id = row.Id<KeyId>("key_id"), Wallet = row.Id<WalletId>("wallet_id"),
            Models = row.GetOrNull<string[]>("models")?.ToHashSet(StringComparer.Ordinal),
            Budget = row.BigintOrNull("budget_milli") is { } budget ? new Tokens(budget) : null,
            // When it expires or its owner's access ends, whichever is first.
            EndsAt = expires <= endsAt || endsAt is null ? expires : endsAt,
            OwnersLastDay = lastDay, OwnerEndsAt = endsAt,
        };
    }

    /// <summary>Other nodes' revocations, and all that was missed while nothing was heard.</summary>
    public Subscription Revocations => new(Channel, Begun: ForgetAll, Heard, Deaf: ForgetAll);

    private void Heard(string payload)
    {
        if (KeyId.TryParse(payload, out var id)) Forget(id);
    }
}
