using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.OpenId.Providers;

/// <summary>Providers in force and those that wait, the newest first; secrets are never shown.</summary>
internal static class ListSignInProviders
{
    internal static async Task<Ok<IReadOnlyList<SignInProvider>>> Handle(
        bool? all, ClaimsPrincipal caller, ProviderRequests requests, CancellationToken ct) =>
        TypedResults.Ok(await requests.ListAsync(all ?? false, Actor.Of(caller), ct));
}
