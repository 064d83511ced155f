using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Gateway.Stops;

/// <summary>Wallets that were stopped because a call cost more than its hold: those that still are, then the newest,
/// 200 in all.</summary>
public static class ListStops
{
    /// <param name="Stops">Those that stop a wallet now come first.</param>
    public sealed record Reply(IReadOnlyList<WalletStop> Stops);

    /// <summary>The same for a page.</summary>
    public static Task<IReadOnlyList<WalletStop>> ReadAsync(NpgsqlDataSource db, CancellationToken ct) =>
        StopStore.NewestAsync(db, ct);

    internal static async Task<Ok<Reply>> Handle(NpgsqlDataSource db, CancellationToken ct) =>
        TypedResults.Ok(new Reply(await StopStore.NewestAsync(db, ct)));
}
