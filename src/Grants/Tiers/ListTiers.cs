using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Grants.Tiers;

/// <summary>Requests for tiers: one's own, or everybody's for whoever runs the programme.</summary>
internal static class ListTiers
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    /// <param name="Requests">The newest first.</param>
    /// <param name="Next">Pass it as <c>after</c> for the next page; null: this was the last.</param>
    public sealed record Reply(IReadOnlyList<TierRequest> Requests, TierRequestId? Next);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        bool? all, bool? waiting, string? after, int? limit, HttpContext http, TierRequests requests,
            CancellationToken ct)
    {
        var wanted = limit ?? DefaultLimit;
        if (wanted is < 1 or > MaxLimit)
            return GrantRefusals.PageInvalid.ToProblem($"The limit {wanted} is out of range.");
        TierRequestId? last = null;
        if (after is not null)
        {
            if (!TierRequestId.TryParse(after, out var read)) return DecideTier.NotFound(after);
            last = read;
        }

        var ofAll = all == true && Access.MayWithAll(http.User, Permissions.TiersRead);
        if (ofAll) LookedAt.SayAll(http);
        Guid? person = ofAll ? null : Access.PersonOf(http.User) ?? Guid.Empty;
        var found = (await requests.ListAsync(person, waiting ?? false, last, wanted + 1, ct)).ToList();
        var more = found.Count > wanted;
        if (more) found.RemoveAt(wanted);
        return TypedResults.Ok(new Reply(found, more ? found[^1].Id : null));
    }
}
