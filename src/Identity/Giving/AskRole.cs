using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Identity.Giving;

/// <summary>Asks that somebody else be given a role; another administrator decides.</summary>
internal static class AskRole
{
    /// <param name="Role">Of <see cref="Roles"/>.</param>
    /// <param name="Reason">For the record.</param>
    public sealed record Request(string? Role, string? Reason);

    internal static async Task<Results<Ok<RoleRequest>, ProblemHttpResult>> Handle(
        string account, Request request, ClaimsPrincipal caller, RoleRequests requests, CancellationToken ct) =>
        (await requests.AskAsync(account, request.Role, request.Reason, Actor.Of(caller), ct)).ToHttp();
}
