using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Stipend.Kernel;
using Stipend.Ledger;

namespace Stipend.Gateway;

/// <summary>Lets a stopped wallet make calls again, on every node. Repeating it changes nothing.</summary>
public static class ClearStop
{
    /// <param name="Wallet">Whose.</param>
    /// <param name="Cleared">How many stops; 0: there was none.</param>
    public sealed record Reply(WalletId Wallet, long Cleared);

    internal static async Task<Ok<Reply>> Handle(
        WalletId wallet, NpgsqlDataSource db, WalletStops stops, ClaimsPrincipal caller, TimeProvider clock,
        CancellationToken ct)
    {
        var cleared = await StopStore.ClearAsync(db, wallet, clock.GetUtcNow(), Access.NameOf(caller), ct);
        await stops.ReloadAsync(ct); // here without waiting for the notification
        return TypedResults.Ok(new Reply(wallet, cleared));
    }
}
