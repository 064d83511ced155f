using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.OpenId.Logout;
using Guerdon.OpenId.Providers;
using Guerdon.OpenId.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.OpenId.Changes;

/// <summary>Removes a provider at once, by one person: nobody signs in with it, and its sessions end.</summary>
internal static class RemoveSignInProvider
{
    internal static async Task<Results<Ok<SignInProvider>, ProblemHttpResult>> Handle(
        string name, ClaimsPrincipal caller, SessionEnds ends, LiveProviders providers, CancellationToken ct)
    {
        var removed = await ends.RemoveAsync(name, Actor.Of(caller), ct);
        if (removed.Refused is null) await providers.ReloadAsync(ct);
        return removed.ToHttp();
    }
}
