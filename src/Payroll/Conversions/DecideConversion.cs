using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Payroll.Conversions;

/// <summary>Decisions about a conversion. Each can be repeated: what is done already changes nothing more.</summary>
internal static class DecideConversion
{
    /// <param name="Reason">Why, in 1 to 1,000 characters; where a decision needs none, it is left out.</param>
    public sealed record Request(string? Reason = null);

    /// <param name="Step">The step in which the reversal was asked for: the conversion's <c>step</c>
    /// as it was read.</param>
    public sealed record OnReversal(int? Step = null);

    /// <param name="Conversion">As it stands.</param>
    /// <param name="Done">False where it was so before.</param>
    public sealed record Reply(Conversion Conversion, bool Done);

    internal static Task<Results<Ok<Reply>, ProblemHttpResult>> Approve(
        string id, ClaimsPrincipal caller, ConversionDecisions decisions, CancellationToken ct) =>
        AnswerAsync(id, known => decisions.ApproveAsync(known, Actor.Of(caller), ct));

    internal static Task<Results<Ok<Reply>, ProblemHttpResult>> Decline(
        string id, Request? request, ClaimsPrincipal caller, ConversionDecisions decisions, CancellationToken ct) =>
        AnswerAsync(id, known => decisions.DeclineAsync(known, request?.Reason, Actor.Of(caller), ct));

    internal static Task<Results<Ok<Reply>, ProblemHttpResult>> Withdraw(
        string id, ClaimsPrincipal caller, ConversionDecisions decisions, CancellationToken ct) =>
        AnswerAsync(id, known => decisions.WithdrawAsync(known, Actor.Of(caller), ct));

    internal static Task<Results<Ok<Reply>, ProblemHttpResult>> AskReversal(
        string id, Request? request, ClaimsPrincipal caller, ConversionReversal reversal, CancellationToken ct) =>
        AnswerAsync(id, known => reversal.AskAsync(known, request?.Reason, Actor.Of(caller), ct));

    internal static Task<Results<Ok<Reply>, ProblemHttpResult>> ApproveReversal(
        string id, OnReversal? request, ClaimsPrincipal caller, ConversionReversal reversal, CancellationToken ct) =>
        AnswerAsync(id, known => reversal.ApproveAsync(known, request?.Step, Actor.Of(caller), ct));

    internal static Task<Results<Ok<Reply>, ProblemHttpResult>> DeclineReversal(
        string id, OnReversal? request, ClaimsPrincipal caller, ConversionReversal reversal, CancellationToken ct) =>
        AnswerAsync(id, known => reversal.DeclineAsync(known, request?.Step, Actor.Of(caller), ct));

    private static async Task<Results<Ok<Reply>, ProblemHttpResult>> AnswerAsync(
        string id, Func<ConversionId, Task<Result<ConversionDecisions.Outcome>>> decide)
    {
        if (!ConversionId.TryParse(id, out var known)) return ConversionDecisions.Unknown(id).ToProblem();
        return (await decide(known)).Select(outcome => new Reply(outcome.Conversion, outcome.Done)).ToHttp();
    }
}
