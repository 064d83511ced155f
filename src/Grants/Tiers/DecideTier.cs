using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Grants.Tiers;

/// <summary>Approves or declines a request for a tier: somebody other than who asks for it.</summary>
public static class DecideTier
{
    /// <param name="Reason">For the person to read.</param>
    /// <param name="From">The first day of a month that it counts from; left out: of the next one.</param>
    public sealed record Request(string Reason, DateOnly? From = null);

    internal static Task<Results<Ok<TierRequest>, ProblemHttpResult>> Approve(
        string id, Request request, ClaimsPrincipal caller, TierRequests requests, CancellationToken ct) =>
        AnswerAsync(id, approve: true, request, caller, requests, ct);

    internal static Task<Results<Ok<TierRequest>, ProblemHttpResult>> Decline(
        string id, Request request, ClaimsPrincipal caller, TierRequests requests, CancellationToken ct) =>
        AnswerAsync(id, approve: false, request, caller, requests, ct);

    internal static ProblemHttpResult NotFound(string id) =>
        GrantRefusals.TierNotFound.ToProblem($"There is no request '{id}'.");

    private static async Task<Results<Ok<TierRequest>, ProblemHttpResult>> AnswerAsync(
        string id, bool approve, Request request, ClaimsPrincipal caller, TierRequests requests, CancellationToken ct)
    {
        if (!TierRequestId.TryParse(id, out var wanted)) return NotFound(id);
        return (await requests.DecideAsync(wanted, approve, request, Actor.Of(caller), ct)).ToHttp();
    }
}
