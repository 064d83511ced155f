using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Gateway.Keys;

/// <summary>Revokes a key on every node at once. Doing it again is safe. Requests in flight may finish.</summary>
public static class RevokeKey
{
    // The commit sends the notification, so that no node can read the key again before it is revoked.
    private const string RevokeSql = """
        with revoked as (
            update gateway.key set revoked_at = coalesce(revoked_at, $2)
             where key_id = $1 and ($3::uuid is null or wallet_id = $3)
            returning key_id
        )
        select count(pg_notify('gateway_key', $4)) from revoked
        """;

    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        KeyId id, ClaimsPrincipal caller, NpgsqlDataSource db, TimeProvider clock, KeyRing ring, CancellationToken ct)
    {
        WalletId? onlyOf = Access.MayWithAll(caller, Permissions.KeysRevoke)
            ? null : new WalletId(Access.PersonOf(caller) ?? default);
        if (!await RunAsync(db, clock, id, onlyOf, ct))
            return KeyRefusals.NotFound.ToProblem($"There is no key {id} of yours.");
        ring.Forget(id); // here without waiting for the notification
        return TypedResults.NoContent();
    }

    /// <param name="db">Where.</param>
    /// <param name="clock">Now.</param>
    /// <param name="id">Which.</param>
    /// <param name="onlyOf">Only if it is of this wallet; null: whosever it is.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>False where there is no such key.</returns>
    public static async Task<bool> RunAsync(
        NpgsqlDataSource db, TimeProvider clock, KeyId id, WalletId? onlyOf, CancellationToken ct) =>
        await db.ChangeAsync<long>(
            RevokeSql, [id.Value, clock.GetUtcNow(), onlyOf?.Value, id.ToString()], ct) > 0;
}
