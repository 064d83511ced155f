using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Identity.Giving;

/// <summary>Opens an account without a role, or opens one again that was closed.</summary>
internal static class OpenAccount
{
    /// <param name="Email">What they sign in with.</param>
    /// <param name="Name">As pages greet them.</param>
    public sealed record Request(string? Email, string? Name);

    /// <param name="Account">The account.</param>
    /// <param name="Link">By which its holder sets the password, once; shown this once.</param>
    /// <param name="LinkEndsAt">It opens nothing from then on.</param>
    public sealed record Reply(AccountShown Account, string Link, DateTimeOffset LinkEndsAt);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        Request request, ClaimsPrincipal caller, AccountLinks links, HttpContext http, TimeProvider clock,
        CancellationToken ct) =>
        (await links.OpenAsync(request.Email, request.Name, Actor.Of(caller), ct))
            .Select(opened => Shown(opened, http, clock)).ToHttp();

    internal static Reply Shown(AccountLinks.Opened opened, HttpContext http, TimeProvider clock) => new(
        AccountShown.Of(opened.Account, clock.GetUtcNow()), PublicAddress.Of(http) + opened.Link.Path,
        opened.Link.EndsAt);
}
