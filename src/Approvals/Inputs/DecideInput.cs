using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Approvals.Inputs;

/// <summary>Approves a proposal by its digest, or declines it; whoever proposed it withdraws it so. Once: the same
/// again by the same person changes nothing.</summary>
internal static class DecideInput
{
    /// <param name="Digest">What was looked at, as the proposal shows it.</param>
    /// <param name="Alone">The only administrator says that they approve what they proposed themselves.</param>
    public sealed record Approval(string? Digest = null, bool Alone = false);

    /// <param name="Reason">Why, in 1 to 1,000 characters; whoever withdraws may leave it out.</param>
    public sealed record Refusing(string? Reason = null);

    internal static async Task<Results<Ok<InputProposals.Decided>, ProblemHttpResult>> Approve(
        string id, Approval? request, ClaimsPrincipal caller, InputProposals inputs, CancellationToken ct)
    {
        if (!InputId.TryParse(id, out var known)) return InputProposals.Unknown(id).ToProblem();
        var asked = request ?? new();
        return (await inputs.ApproveAsync(known, asked.Digest, asked.Alone, Actor.Of(caller), ct)).ToHttp();
    }

    internal static async Task<Results<Ok<InputProposals.Decided>, ProblemHttpResult>> Decline(
        string id, Refusing? request, ClaimsPrincipal caller, InputProposals inputs, CancellationToken ct)
    {
        if (!InputId.TryParse(id, out var known)) return InputProposals.Unknown(id).ToProblem();
        return (await inputs.DeclineAsync(known, request?.Reason, Actor.Of(caller), ct)).ToHttp();
    }
}
