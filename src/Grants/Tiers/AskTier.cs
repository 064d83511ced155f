using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.People;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Grants.Tiers;

/// <summary>Asks for a tier for oneself, with a use case and what it brought.</summary>
public static class AskTier
{
    /// <param name="Plan">Whose tier.</param>
    /// <param name="Tier">Which.</param>
    /// <param name="UseCase">What the tokens are for.</param>
    /// <param name="Impact">What came of it.</param>
    public sealed record Request(string Plan, string Tier, string UseCase, string Impact);

    internal static async Task<Results<Ok<TierRequest>, ProblemHttpResult>> Handle(
        Request request, ClaimsPrincipal caller, TierRequests requests, CancellationToken ct)
    {
        if (Access.PersonOf(caller) is not { } person)
            return PeopleRefusals.PersonNotFound.ToProblem(
                "This account is nobody's; a tier is asked for by a person.");
        return (await requests.AskAsync(request, person, ct)).ToHttp();
    }
}
