using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.People;
using Microsoft.AspNetCore.Http;
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
        Request request, ClaimsPrincipal caller, TierDesk desk, CancellationToken ct)
    {
        if (Access.PersonOf(caller) is not { } person)
            return PeopleRefusals.PersonNotFound.ToProblem(
                "This account is nobody's; a tier is asked for by a person.");
        var (made, refused) = await desk.AskAsync(request, person, ct);
        return made is null ? refused!.ToProblem() : TypedResults.Ok(made);
    }
}

/// <summary>Requests for tiers: one's own, or everybody's for whoever runs the programme.</summary>
public static class ListTiers
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    /// <param name="Requests">The newest first.</param>
    /// <param name="Next">Pass it as <c>after</c> for the next page; null: this was the last.</param>
    public sealed record Reply(IReadOnlyList<TierRequest> Requests, TierRequestId? Next);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        bool? all, bool? waiting, string? after, int? limit, ClaimsPrincipal caller, TierDesk desk,
            CancellationToken ct)
    {
        var wanted = limit ?? DefaultLimit;
        if (wanted is < 1 or > MaxLimit)
            return GrantRefusals.PageInvalid.ToProblem($"The limit {wanted} is out of range.");
        TierRequestId? behind = null;
        if (after is not null)
        {
            if (!TierRequestId.TryParse(after, out var read)) return DecideTier.NotFound(after);
            behind = read;
        }

        Guid? person = all == true && caller.IsInRole(Access.Admin) ? null : Access.PersonOf(caller) ?? Guid.Empty;
        var requests = (await desk.ListAsync(person, waiting ?? false, behind, wanted + 1, ct)).ToList();
        var more = requests.Count > wanted;
        if (more) requests.RemoveAt(wanted);
        return TypedResults.Ok(new Reply(requests, more ? requests[^1].Id : null));
    }
}

/// <summary>Approves or declines a request for a tier: somebody other than who asks for it.</summary>
public static class DecideTier
{
    /// <param name="Reason">For the person to read.</param>
    /// <param name="From">The first day of a month that it counts from; left out: of the next one.</param>
    public sealed record Request(string Reason, DateOnly? From = null);

    internal static Task<Results<Ok<TierRequest>, ProblemHttpResult>> Approve(
        string id, Request request, ClaimsPrincipal caller, TierDesk desk, CancellationToken ct) =>
        AnswerAsync(id, approve: true, request, caller, desk, ct);

    internal static Task<Results<Ok<TierRequest>, ProblemHttpResult>> Decline(
        string id, Request request, ClaimsPrincipal caller, TierDesk desk, CancellationToken ct) =>
        AnswerAsync(id, approve: false, request, caller, desk, ct);

    internal static ProblemHttpResult NotFound(string id) =>
        GrantRefusals.TierNotFound.ToProblem($"There is no request '{id}'.");

    private static async Task<Results<Ok<TierRequest>, ProblemHttpResult>> AnswerAsync(
        string id, bool approve, Request request, ClaimsPrincipal caller, TierDesk desk, CancellationToken ct)
    {
        if (!TierRequestId.TryParse(id, out var wanted)) return NotFound(id);
        var (decided, refused) = await desk.DecideAsync(wanted, approve, request, Actor.Of(caller), ct);
        return decided is null ? refused!.ToProblem() : TypedResults.Ok(decided);
    }
}
