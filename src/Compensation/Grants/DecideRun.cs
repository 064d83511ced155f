using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Stipend.Kernel;

namespace Stipend.Compensation;

/// <summary>Approves or declines a run, or takes it back as a whole: each by somebody other than whoever
/// asked.</summary>
public static class DecideRun
{
    private const int MostReason = 1_000;

    /// <param name="Reason">Why it is taken back, for the books.</param>
    public sealed record ReversalRequest(string Reason);

    internal static Task<Results<Ok<GetRun.Reply>, ProblemHttpResult>> Approve(
        string id, ClaimsPrincipal caller, RunDesk desk, CancellationToken ct) =>
        AnswerAsync(id, desk, run => desk.ApproveAsync(run, Access.NameOf(caller), ct), ct);

    internal static Task<Results<Ok<GetRun.Reply>, ProblemHttpResult>> Decline(
        string id, ClaimsPrincipal caller, RunDesk desk, CancellationToken ct) =>
        AnswerAsync(id, desk, run => desk.DeclineAsync(run, Access.NameOf(caller), ct), ct);

    internal static Task<Results<Ok<GetRun.Reply>, ProblemHttpResult>> Reverse(
        string id, ReversalRequest request, ClaimsPrincipal caller, RunDesk desk, CancellationToken ct) =>
        string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > MostReason
            ? Task.FromResult<Results<Ok<GetRun.Reply>, ProblemHttpResult>>(
                CompensationRefusals.ReasonInvalid.ToProblem($"The reason must have 1 to {MostReason} characters."))
            : AnswerAsync(id, desk,
                run => desk.AskReversalAsync(run, request.Reason.Trim(), Access.NameOf(caller), ct), ct);

    internal static Task<Results<Ok<GetRun.Reply>, ProblemHttpResult>> ApproveReversal(
        string id, ClaimsPrincipal caller, RunDesk desk, CancellationToken ct) =>
        AnswerAsync(id, desk, run => desk.ApproveReversalAsync(run, Access.NameOf(caller), ct), ct);

    private static async Task<Results<Ok<GetRun.Reply>, ProblemHttpResult>> AnswerAsync(
        string id, RunDesk desk, Func<RunId, Task<Refused?>> decide, CancellationToken ct)
    {
        if (!RunId.TryParse(id, out var run)) return GetRun.NotFound(id);
        if (await decide(run) is { } refused) return refused.ToProblem();
        return TypedResults.Ok((await GetRun.FindAsync(run, desk.Db, ct))!);
    }
}
