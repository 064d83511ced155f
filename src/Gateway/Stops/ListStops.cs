using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Gateway.Stops;

/// <summary>Wallets that were stopped because a call cost more than its hold: those that still are, then the newest,
/// 200 in all.</summary>
public static class ListStops
{
    /// <param name="Stops">Those that stop a wallet now come first.</param>
    public sealed record Reply(IReadOnlyList<Stop> Stops);

    /// <summary>A call that stopped a wallet.</summary>
    /// <param name="Request">The call.</param>
    /// <param name="Wallet">Whose.</param>
    /// <param name="Model">As the caller named it; null in works-council mode, as are the next two.</param>
    /// <param name="HeldMilli">In milli-tokens.</param>
    /// <param name="CostMilli">What it is to be charged.</param>
    /// <param name="StoppedAt">When it ended.</param>
    /// <param name="ClearedAt">When somebody cleared it; null: it still stops the wallet.</param>
    /// <param name="ClearedBy">Who; <c>settled</c> where the wallet covered it.</param>
    /// <param name="Name">Whose wallet it is; null: nobody's on file.</param>
    /// <param name="Email">Their e-mail address; null likewise.</param>
    public sealed record Stop(
        RequestId Request, WalletId Wallet, string? Model, long? HeldMilli, long? CostMilli, DateTimeOffset StoppedAt,
        DateTimeOffset? ClearedAt, string? ClearedBy, string? Name, string? Email);

    /// <summary>The same for a page.</summary>
    /// <param name="db">Read only.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<IReadOnlyList<Stop>> ReadAsync(
        NpgsqlDataSource db, ClaimsPrincipal caller, CancellationToken ct) =>
        [.. (await StopStore.NewestAsync(db, ct)).Select(stop => ShownTo(caller, stop))];

    internal static async Task<Ok<Reply>> Handle(NpgsqlDataSource db, ClaimsPrincipal caller, CancellationToken ct) =>
        TypedResults.Ok(new Reply(await ReadAsync(db, caller, ct)));

    private static Stop ShownTo(ClaimsPrincipal caller, WalletStop stop)
    {
        var shown = new Stop(
            stop.Request, stop.Wallet, stop.Model, stop.HeldMilli, stop.CostMilli, stop.StoppedAt, stop.ClearedAt,
            stop.ClearedBy, stop.Name, stop.Email);
        return Access.IsGroupsOnly(caller) && Access.PersonOf(caller) != stop.Wallet.Value
            ? shown with { Model = null, HeldMilli = null, CostMilli = null } : shown;
    }
}
