using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Payroll.Claims;

/// <summary>Approves or declines a claim, once. Repeating a decision changes nothing.</summary>
internal static class DecideClaim
{
    /// <param name="Reason">Why it is declined, in 1 to 1,000 characters.</param>
    public sealed record Request(string? Reason = null);

    /// <param name="Claim">As it stands.</param>
    /// <param name="Done">False where it was decided so before.</param>
    public sealed record Reply(FiledClaim Claim, bool Done);

    internal static Task<Results<Ok<Reply>, ProblemHttpResult>> Approve(
        string id, ClaimsPrincipal caller, ClaimDecisions decisions, CancellationToken ct) =>
        AnswerAsync(id, known => decisions.ApproveAsync(known, Actor.Of(caller), ct));

    internal static Task<Results<Ok<Reply>, ProblemHttpResult>> Decline(
        string id, Request? request, ClaimsPrincipal caller, ClaimDecisions decisions, CancellationToken ct) =>
        AnswerAsync(id, known => decisions.DeclineAsync(known, request?.Reason, Actor.Of(caller), ct));

    private static async Task<Results<Ok<Reply>, ProblemHttpResult>> AnswerAsync(
        string id, Func<ClaimId, Task<Result<ClaimDecisions.Outcome>>> decide)
    {
        if (!ClaimId.TryParse(id, out var known)) return ClaimDecisions.Unknown(id).ToProblem();
        return (await decide(known)).Select(outcome => new Reply(outcome.Claim, outcome.Done)).ToHttp();
    }
}
