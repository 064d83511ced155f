using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Kernel;

/// <summary>An expected "no". Every module lists its own in one file; docs/errors.md is written from them.</summary>
/// <param name="Code">Stable name that clients branch on, as <c>module.reason</c>; never reused.</param>
/// <param name="Status">HTTP status; 4xx, or 503 where Guerdon itself must be waited for.</param>
/// <param name="Retryable">True when the identical request can succeed later.</param>
/// <param name="NextStep">What the caller does about it.</param>
public sealed record Refusal(string Code, int Status, bool Retryable, string NextStep);

/// <summary>A refusal with the words that fit this one case, as a value that a caller passes on.</summary>
/// <param name="Refusal">Which rule said no.</param>
/// <param name="Detail">What exactly was wrong, with the offending value where it is not secret.</param>
public sealed record Refused(Refusal Refusal, string Detail)
{
    /// <summary>Everything that is wrong, where it is more than one thing: errors of a file by line, for one.</summary>
    public object? Errors { get; init; }

    /// <summary>When to come back, where that helps; null: nobody can say, or it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public override string ToString() => $"{Refusal.Code}: {Detail} {Refusal.NextStep}";
}

/// <summary>Refusals as answers of the REST API.</summary>
public static class RefusalExtensions
{
    /// <summary>
    /// The refusal as RFC 9457 ProblemDetails: title is the code, with <c>retryable</c> and <c>nextStep</c>.
    /// </summary>
    public static ProblemHttpResult ToProblem(this Refusal refusal, string detail, object? errors = null) =>
        TypedResults.Problem(
            detail, statusCode: refusal.Status, title: refusal.Code, type: $"/errors/{refusal.Code}",
            extensions: new Dictionary<string, object?>
            {
                ["retryable"] = refusal.Retryable,
                ["nextStep"] = refusal.NextStep,
                ["errors"] = errors,
            }.Where(pair => pair.Value is not null).ToDictionary());

    public static ProblemHttpResult ToProblem(this Refused refused, object? errors = null) =>
        refused.Refusal.ToProblem(refused.Detail, errors ?? refused.Errors);

    public static Refused With(this Refusal refusal, string detail) => new(refusal, detail);
}
