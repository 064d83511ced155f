using System.Security.Claims;
using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Passkeys.Keys;

/// <summary>Removes one of the caller's passkeys at once.</summary>
internal static class RemovePasskey
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        string passkey, ClaimsPrincipal caller, OwnPasskeys own, CancellationToken ct) =>
        await own.RemoveAsync(new AccountId(Access.AccountOf(caller)!.Value), passkey, Actor.Of(caller), ct)
            is { } no ? no.ToProblem() : TypedResults.NoContent();
}
