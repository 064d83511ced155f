using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.OpenId.Providers;
using Guerdon.OpenId.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.OpenId.Changes;

/// <summary>Approves or declines a provider that somebody asked for.</summary>
internal static class DecideSignInProvider
{
    /// <param name="Alone">The only administrator says that they approve what they asked for.</param>
    public sealed record Approval(bool Alone = false);

    /// <param name="Reason">For the record.</param>
    public sealed record Declining(string? Reason);

    internal static async Task<Results<Ok<SignInProvider>, ProblemHttpResult>> Approve(
        string id, Approval request, ClaimsPrincipal caller, ProviderRequests requests, LiveProviders providers,
        CancellationToken ct)
    {
        if (!SignInProviderId.TryParse(id, out var wanted)) return NotFound(id);
        var approved = await requests.ApproveAsync(wanted, request.Alone, Actor.Of(caller), ct);
        if (approved.Refused is null) await providers.ReloadAsync(ct); // others hear of it
        return approved.ToHttp();
    }

    internal static async Task<Results<Ok<SignInProvider>, ProblemHttpResult>> Decline(
        string id, Declining request, ClaimsPrincipal caller, ProviderRequests requests, CancellationToken ct) =>
        SignInProviderId.TryParse(id, out var wanted)
            ? (await requests.DeclineAsync(wanted, request.Reason, Actor.Of(caller), ct)).ToHttp() : NotFound(id);

    private static ProblemHttpResult NotFound(string id) =>
        OpenIdRefusals.NotFound.ToProblem($"There is no request '{Wording.Shortened(id)}'.");
}
