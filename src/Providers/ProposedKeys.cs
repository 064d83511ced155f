using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Providers;

/// <summary>Keys of providers that wait to be approved, encrypted as those in use are. A proposal names one, and has
/// nothing of it but its mark.</summary>
internal sealed class ProposedKeys(NpgsqlDataSource db, KeySafe safe)
{
    // Between keeping a key and the proposal that names it.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    private const string Kept = """
        select key_id, sealed from gateway.proposed_key
         where provider = $1 and fingerprint = $2 and sealed is not null
        """;

    private const string One = "select sealed from gateway.proposed_key where key_id = $1 and sealed is not null";

    private const string Insert = """
        insert into gateway.proposed_key (key_id, provider, sealed, hint, fingerprint, set_at, set_by)
        values ($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string Erase = """
        update gateway.proposed_key set sealed = null, erased_at = $2 where key_id = $1 and sealed is not null
        """;

    private const string EraseUnnamed = """
        update gateway.proposed_key k set sealed = null, erased_at = $1
         where sealed is not null and set_at < $2 and not exists (
               select from approvals.v_input i
                where i.kind = $3 and i.subject = k.provider and i.state = 'waiting'
                  and strpos(i.body, k.key_id::text) > 0)
        """;

    /// <summary>Keeps a key until it is approved. The same key again is the same.</summary>
    /// <param name="provider">For which provider: no other can have it.</param>
    /// <param name="key">In clear.</param>
    /// <param name="now">The present.</param>
    /// <param name="by">Who gives it.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>By what a proposal names it.</returns>
    public async Task<Guid> KeepAsync(
        string provider, string key, DateTimeOffset now, string by, CancellationToken ct)
    {
        var mark = KeyMark.Of(key);
        var kept = await db.ReadAsync(
            Kept, row => (Id: row.Uuid("key_id"), Sealed: row.Bytes("sealed")), [provider, mark.Fingerprint], ct);
        foreach (var one in kept)
            if (safe.Unseal(provider, one.Sealed) == key) return one.Id;

        var id = Guid.CreateVersion7(now);
        await db.ExecuteAsync(
            Insert, [id, provider, safe.Seal(provider, key), mark.Hint, mark.Fingerprint, now, by], ct);
        return id;
    }

    /// <summary>A key in clear; null: it was erased, or this node cannot decrypt it.</summary>
    public async Task<string?> FindAsync(NpgsqlConnection at, string provider, Guid id, CancellationToken ct) =>
        await at.FirstAsync(One, row => row.Bytes("sealed"), [id], ct) is { } kept ? safe.Unseal(provider, kept) : null;

    /// <summary>Erases one that is in use from now on, in the caller's transaction.</summary>
    public static Task EraseAsync(NpgsqlConnection at, Guid id, DateTimeOffset now, CancellationToken ct) =>
        at.ExecuteAsync(Erase, [id, now], ct);

    /// <summary>Erases those that nothing names that waits. Safe to repeat, and from several nodes.</summary>
    public Task EraseUnnamedAsync(DateTimeOffset now, CancellationToken ct) =>
        db.ExecuteAsync(EraseUnnamed, [now, now - Grace, ProviderInput.Name], ct);
}
