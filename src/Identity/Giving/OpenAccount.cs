using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Identity.Giving;

/// <summary>Opens an account without a role, or opens one again that was closed.</summary>
internal static class OpenAccount
{
    /// <param name="Email">What they sign in with.</param>
    /// <param name="Name">As pages greet them.</param>
    public sealed record Request(string? Email, string? Name);

    /// <param name="Account">The account.</param>
    /// <param name="Password">To sign in with; shown this once.</param>
    public sealed record Reply(AccountShown Account, string Password);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        Request request, ClaimsPrincipal caller, AccountChanges changes, TimeProvider clock, CancellationToken ct) =>
        (await changes.OpenAsync(request.Email, request.Name, Actor.Of(caller), ct))
            .Select(o => new Reply(AccountShown.Of(o.Account, clock.GetUtcNow()), o.Password)).ToHttp();
}
