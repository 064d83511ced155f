using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Identity.Giving;

/// <summary>Closes an account at once: nobody signs in with it any more, and its roles and tokens are gone.</summary>
internal static class CloseAccount
{
    internal static async Task<Results<Ok<AccountShown>, ProblemHttpResult>> Handle(
        string account, ClaimsPrincipal caller, AccountChanges changes, TimeProvider clock, CancellationToken ct) =>
        (await changes.CloseAsync(account, Actor.Of(caller), ct))
            .Select(a => AccountShown.Of(a, clock.GetUtcNow())).ToHttp();
}
