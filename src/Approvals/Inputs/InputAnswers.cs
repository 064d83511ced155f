using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Approvals.Inputs;

/// <summary>Proposals as answers of the REST API.</summary>
public static class InputAnswers
{
    /// <summary>200 with what the endpoint answers where it is in effect, 202 where it waits for another, or the
    /// refusal.</summary>
    public static Results<Ok<T>, Accepted<InputWaits>, ProblemHttpResult> ToHttp<T>(
        this Result<InputProposals.Outcome> proposed)
    {
        if (!proposed.Is(out var outcome, out var no)) return no.ToProblem();
        return outcome.Waits is { } waits
            ? TypedResults.Accepted($"/api/v1/inputs/{waits.Waits.Id}", waits) : TypedResults.Ok((T)outcome.Reply!);
    }
}

/// <summary>The answer where a proposal waits for another to approve it: nothing is in effect yet.</summary>
/// <param name="Waits">What waits, with all that would change.</param>
/// <param name="WhoMay">Who may approve it, in words.</param>
public sealed record InputWaits(InputProposal Waits, string WhoMay);
