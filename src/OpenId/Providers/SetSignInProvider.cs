using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.OpenId.Providers;

/// <summary>Asks for a provider, or for other settings of one; what is left out stays as it is. Nothing is in force
/// before another administrator agrees.</summary>
internal static class SetSignInProvider
{
    internal static async Task<Results<Ok<SignInProvider>, ProblemHttpResult>> Handle(
        string name, ProviderSettings request, ClaimsPrincipal caller, ProviderRequests requests,
        CancellationToken ct) =>
        (await requests.AskAsync(name, request, Actor.Of(caller), ct)).ToHttp();
}
