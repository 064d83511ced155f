using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Identity.Giving;

/// <summary>Roles that were asked for, the newest first.</summary>
internal static class ListRoleRequests
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    /// <param name="Requests">The newest first.</param>
    /// <param name="Next">Pass it as <c>after</c> for the next page; null: this was the last.</param>
    public sealed record Reply(IReadOnlyList<RoleRequest> Requests, RoleRequestId? Next);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        bool? waiting, string? after, int? limit, ClaimsPrincipal caller, RoleRequests requests, CancellationToken ct)
    {
        var wanted = limit ?? DefaultLimit;
        if (wanted is < 1 or > MaxLimit)
            return IdentityRefusals.PageInvalid.ToProblem($"The limit {wanted} is out of range.");
        RoleRequestId? last = null;
        if (after is not null)
        {
            if (!RoleRequestId.TryParse(after, out var read)) return DecideRole.NotFound(after);
            last = read;
        }

        var found = (await requests.ListAsync(waiting ?? false, last, wanted + 1, Actor.Of(caller), ct)).ToList();
        var more = found.Count > wanted;
        if (more) found.RemoveAt(wanted);
        return TypedResults.Ok(new Reply(found, more ? found[^1].Id : null));
    }
}
