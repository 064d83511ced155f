using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Stipend.Kernel;

namespace Stipend.Compensation;

/// <summary>Records an event or an acceleration for a grant that vests, and approves it.</summary>
public static class VestingFact
{
    /// <param name="Kind">event or acceleration.</param>
    /// <param name="HappenedOn">The day it counts from.</param>
    /// <param name="Reason">For the record.</param>
    /// <param name="ConditionId">Of an event: the condition that waited for it.</param>
    /// <param name="AmountMilli">Of an acceleration: so much; left out: all that has not vested.</param>
    public sealed record Request(
        string Kind, DateOnly HappenedOn, string Reason, string? ConditionId = null, long? AmountMilli = null);

    /// <summary>A fact; it counts once somebody approved it.</summary>
    public sealed record Reply(
        VestingFactId Id, RunId Run, int Line, string Kind, DateOnly HappenedOn, string ConditionId, long? AmountMilli,
        string Reason, string AskedBy, string? ApprovedBy);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Ask(
        string id, int line, Request request, ClaimsPrincipal caller, VestingDesk desk, CancellationToken ct) =>
        RunId.TryParse(id, out var run)
            ? Answer(await desk.AskAsync(run, line, request, Access.NameOf(caller), ct)) : GetRun.NotFound(id);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Approve(
        string id, ClaimsPrincipal caller, VestingDesk desk, CancellationToken ct) =>
        VestingFactId.TryParse(id, out var fact)
            ? Answer(await desk.ApproveAsync(fact, Access.NameOf(caller), ct))
            : CompensationRefusals.VestingFactNotFound.ToProblem($"There is no fact '{id}'.");

    private static Results<Ok<Reply>, ProblemHttpResult> Answer((Reply? Fact, Refused? Refused) done) =>
        done.Fact is null ? done.Refused!.ToProblem() : TypedResults.Ok(done.Fact);
}
