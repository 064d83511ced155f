using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Identity.Giving;

/// <summary>Makes a link by which the holder of an account sets another password.</summary>
internal static class ResetAccount
{
    internal static async Task<Results<Ok<OpenAccount.Reply>, ProblemHttpResult>> Handle(
        string account, ClaimsPrincipal caller, AccountLinks links, HttpContext http, TimeProvider clock,
        CancellationToken ct) =>
        (await links.ResetAsync(account, Actor.Of(caller), ct))
            .Select(opened => OpenAccount.Shown(opened, http, clock)).ToHttp();
}
