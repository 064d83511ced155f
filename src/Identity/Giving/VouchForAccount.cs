using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Identity.Giving;

/// <summary>Says whose an account is that got its password by somebody else's link.</summary>
internal static class VouchForAccount
{
    /// <param name="Reason">How they know, for the record.</param>
    /// <param name="Link">The link by which it got its password, as the account names it (<c>usedLink</c>).</param>
    public sealed record Request(string? Reason, string? Link);

    internal static async Task<Results<Ok<AccountShown>, ProblemHttpResult>> Handle(
        string account, Request request, ClaimsPrincipal caller, AccountLinks links, TimeProvider clock,
        CancellationToken ct) =>
        (await links.VouchAsync(account, request.Link, request.Reason, Actor.Of(caller), ct))
            .Select(known => AccountShown.Of(known, clock.GetUtcNow())).ToHttp();
}
