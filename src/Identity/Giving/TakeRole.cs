using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Identity.Giving;

/// <summary>Takes a role at once, by one person, where an administrator is left.</summary>
internal static class TakeRole
{
    internal static async Task<Results<Ok<AccountShown>, ProblemHttpResult>> Handle(
        string account, string role, ClaimsPrincipal caller, AccountChanges changes, TimeProvider clock,
        CancellationToken ct) =>
        (await changes.TakeAsync(account, role, Actor.Of(caller), ct))
            .Select(a => AccountShown.Of(a, clock.GetUtcNow())).ToHttp();
}
