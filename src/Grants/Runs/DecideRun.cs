using System.Security.Claims;
using Guerdon.Approvals;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Grants.Runs;

/// <summary>Approves or declines a run, or reverses it as a whole: each by somebody other than whoever asked.</summary>
public static class DecideRun
{
    /// <param name="Digest">The run's, as whoever approves saw it: 64 hexadecimal digits.</param>
    /// <param name="Alone">The only administrator says that they approve what they prepared themselves.</param>
    public sealed record Approval(string? Digest = null, bool Alone = false);

    /// <param name="Reason">Why it is reversed, for the record.</param>
    public sealed record ReversalRequest(string Reason);

    /// <param name="Alone">The only administrator says that they agree to what they asked for themselves.</param>
    public sealed record Agreement(bool Alone = false);

    internal static Task<Results<Ok<GetRun.Reply>, ProblemHttpResult>> Approve(
        string id, Approval? request, ClaimsPrincipal caller, RunContext context, CancellationToken ct) =>
        AnswerAsync(id, caller, context, (run, by) => context.ApproveAsync(run, request ?? new(), by, ct), ct);

    internal static Task<Results<Ok<GetRun.Reply>, ProblemHttpResult>> Decline(
        string id, ClaimsPrincipal caller, RunContext context, CancellationToken ct) =>
        AnswerAsync(id, caller, context, (run, by) => context.DeclineAsync(run, by, ct), ct);

    internal static Task<Results<Ok<GetRun.Reply>, ProblemHttpResult>> Reverse(
        string id, ReversalRequest request, ClaimsPrincipal caller, RunContext context, CancellationToken ct) =>
        Reason.Check(GrantRefusals.ReasonInvalid, request.Reason) is { } unsaid
            ? Task.FromResult<Results<Ok<GetRun.Reply>, ProblemHttpResult>>(unsaid.ToProblem())
            : AnswerAsync(id, caller, context,
                (run, by) => context.AskReversalAsync(run, request.Reason.Trim(), by, ct), ct);

    internal static Task<Results<Ok<GetRun.Reply>, ProblemHttpResult>> ApproveReversal(
        string id, Agreement? request, ClaimsPrincipal caller, RunContext context, CancellationToken ct) =>
        AnswerAsync(
            id, caller, context, (run, by) => context.ApproveReversalAsync(run, request?.Alone ?? false, by, ct), ct);

    private static async Task<Results<Ok<GetRun.Reply>, ProblemHttpResult>> AnswerAsync(
        string id, ClaimsPrincipal caller, RunContext context, Func<RunId, Actor, Task<Refused?>> decide,
        CancellationToken ct)
    {
        if (!RunId.TryParse(id, out var run)) return GetRun.NotFound(id);
        var by = Actor.Of(caller);
        if (await decide(run, by) is { } refused) return refused.ToProblem();
        return TypedResults.Ok((await GetRun.FindAsync(run, by, context, ct))!.For(caller));
    }
}
