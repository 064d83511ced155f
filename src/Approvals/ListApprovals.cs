using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Approvals;

/// <summary>The inbox: what waits for the caller, and what they asked for and who may decide it.</summary>
internal static class ListApprovals
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    /// <param name="Items">What waits for the caller, then what they asked for; of each the oldest first.</param>
    /// <param name="Next">Pass it as <c>after</c> for the next page; null: this was the last.</param>
    /// <param name="ForYou">How many wait for the caller, on all pages.</param>
    /// <param name="YouAsked">How many of the others they asked for.</param>
    /// <param name="IsCut">There is more of a kind than is read: at most a thousand of each are.</param>
    public sealed record Reply(IReadOnlyList<Inbox.Item> Items, string? Next, int ForYou, int YouAsked, bool IsCut);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string? after, int? limit, ClaimsPrincipal caller, Inbox inbox, CancellationToken ct)
    {
        var wanted = limit ?? DefaultLimit;
        if (wanted is < 1 or > MaxLimit)
            return ApprovalRefusals.PageInvalid.ToProblem($"The limit {wanted} is out of range.");
        var all = await inbox.ReadAsync(caller, ct);
        if (all.PageAfter(after, wanted) is not { } page)
            return ApprovalRefusals.PageInvalid.ToProblem($"'{after}' is not what a page gave as 'next'.");
        return TypedResults.Ok(new Reply(
            page.Items, page.Next, all.ForYou, all.Items.Count(item => !item.YouMay), all.IsCut));
    }
}
