using System.Security.Claims;
using Guerdon.Approvals;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Gateway.Stops;

/// <summary>Clears stops of a wallet that somebody has looked at, each by its call, on every node. A call that came
/// meanwhile stops it still. Repeating it changes nothing. Nobody clears a stop of their own wallet: what it owes would
/// be forgiven by whoever owes it.</summary>
internal static class ClearStop
{
    private const int MostRequests = 200;

    /// <param name="Requests">The calls that stopped it, as they were listed; 1 to 200.</param>
    /// <param name="Alone">The only administrator says that they clear a stop of their own wallet.</param>
    public sealed record Request(IReadOnlyList<RequestId>? Requests = null, bool Alone = false);

    /// <param name="Wallet">Whose.</param>
    /// <param name="Cleared">How many stops; 0: those that are named do not stop it.</param>
    /// <param name="Left">Other calls that stop it; none: it makes calls again.</param>
    public sealed record Reply(WalletId Wallet, long Cleared, IReadOnlyList<RequestId> Left);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        WalletId wallet, Request? request, WalletStops stops, FourEyes fourEyes,
        ClaimsPrincipal caller, CancellationToken ct)
    {
        if (request?.Requests is not { Count: > 0 and <= MostRequests } named)
            return GatewayRefusals.StopsNotNamed.ToProblem(
                $"No call is named, or more than {MostRequests}: a stop is cleared by the call that made it.");
        var by = Actor.Of(caller);
        var owner = new Actor("", wallet.Value); // a wallet's id is its person's
        var own = new Asked(owner, $"The wallet is {by.Name}'s own", "whoever's wallet it is")
        {
            Permission = Permissions.StopsClear, Beneficiaries = [],
            LoneAllowed = true, // its owner may, as the only administrator: nobody else could
        };
        var may = await fourEyes.MayApproveAsync(own, by, request.Alone, ct);
        if (may.No is { } no) return GatewayRefusals.OwnStop.ToProblem(no);

        var (cleared, left) = await stops.ClearAsync((wallet, named), (may.By, may.Alone), ct);
        return TypedResults.Ok(new Reply(wallet, cleared, left));
    }
}
