using System.Collections.Concurrent;
using Dapper;
using Npgsql;
using Stipend.Kernel;

namespace Stipend.Gateway;

/// <summary>
/// Keys in memory. A key is read on first sight and kept; a revocation reaches every node by notification, and a key is
/// read again after a short time in any case, so that a lost notification delays it by no more than that.
/// </summary>
internal sealed class KeyRing(NpgsqlDataSource db, TimeProvider clock)
{
    public const string Channel = "gateway_key";
    private const int MaxKnown = 200_000;
    private const int MaxUnknown = 10_000;
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan UnknownFor = TimeSpan.FromSeconds(2);
    private static readonly string FindSql = Sql.Read("Gateway/Keys/FindKey.sql");

    private readonly ConcurrentDictionary<string, Cached> known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> unknown = new(StringComparer.Ordinal);

    private sealed record Cached(ApiKey Key, DateTimeOffset ReadAt);

    /// <returns>The key, or null where there is no such key, or it was revoked or has expired.</returns>
    public ValueTask<ApiKey?> FindAsync(string presented, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (known.TryGetValue(presented, out var cached) && now - cached.ReadAt < ReadAgainAfter)
            return ValueTask.FromResult(cached.Key.ExpiresAt <= now ? null : cached.Key);
        if (!ApiKey.HasForm(presented) || (unknown.TryGetValue(presented, out var until) && now < until))
            return ValueTask.FromResult<ApiKey?>(null);
        return ReadAsync(presented, now, ct);
    }

    /// <summary>
    /// Forgets what is remembered, so that the next call reads it: after a revocation, here or elsewhere.
    /// </summary>
    public void Forget(KeyId id)
    {
        foreach (var (text, cached) in known)
            if (cached.Key.Id == id) known.TryRemove(text, out _);
    }

    private async ValueTask<ApiKey?> ReadAsync(string presented, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            new CommandDefinition(FindSql, new { hash = ApiKey.Hash(presented), now = now.UtcDateTime },
                cancellationToken: ct));
        if (row is null)
        {
            known.TryRemove(presented, out _);
            if (unknown.Count >= MaxUnknown) unknown.Clear(); // a flood of guesses must not fill the memory
            unknown[presented] = now + UnknownFor;
            return null;
        }

        var key = new ApiKey
        {
            Id = new(row.Key_Id), Wallet = new(row.Wallet_Id), Models = row.Models?.ToHashSet(StringComparer.Ordinal),
            Budget = row.Budget_Milli is { } budget ? new Tokens(budget) : null, ExpiresAt = row.Expires_At,
        };
        if (known.Count >= MaxKnown) known.Clear();
        known[presented] = new(key, now);
        return key;
    }

    /// <summary>Other nodes' revocations, and all that was missed while nothing was heard.</summary>
    public Subscription Revocations => new(Channel, Begun: known.Clear, Heard, Deaf: known.Clear);

    private void Heard(string payload)
    {
        if (KeyId.TryParse(payload, out var id)) Forget(id);
    }

    // Filled by name: Dapper cannot pass an array column to a constructor.
    private sealed record Row
    {
        public Guid Key_Id { get; init; }
        public Guid Wallet_Id { get; init; }
        public string[]? Models { get; init; }
        public long? Budget_Milli { get; init; }
        public DateTime? Expires_At { get; init; }
    }
}
