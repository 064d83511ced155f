using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Identity.Giving;

/// <summary>Approves or declines that somebody be given a role.</summary>
internal static class DecideRole
{
    /// <param name="Alone">The only administrator says that they approve what they asked for.</param>
    public sealed record Approval(bool Alone = false);

    /// <param name="Reason">For the record.</param>
    public sealed record Declining(string? Reason);

    internal static async Task<Results<Ok<RoleRequest>, ProblemHttpResult>> Approve(
        string id, Approval request, ClaimsPrincipal caller, RoleRequests requests, CancellationToken ct) =>
        RoleRequestId.TryParse(id, out var wanted)
            ? (await requests.ApproveAsync(wanted, request.Alone, Actor.Of(caller), ct)).ToHttp() : NotFound(id);

    internal static async Task<Results<Ok<RoleRequest>, ProblemHttpResult>> Decline(
        string id, Declining request, ClaimsPrincipal caller, RoleRequests requests, CancellationToken ct) =>
        RoleRequestId.TryParse(id, out var wanted)
            ? (await requests.DeclineAsync(wanted, request.Reason, Actor.Of(caller), ct)).ToHttp() : NotFound(id);

    internal static ProblemHttpResult NotFound(string id) =>
        IdentityRefusals.RequestNotFound.ToProblem($"There is no request '{id}'.");
}
