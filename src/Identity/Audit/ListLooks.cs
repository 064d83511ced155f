using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.Privacy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Identity.Audit;

/// <summary>Who may see what about the caller, and who looked; nobody reads another's.</summary>
internal static class ListLooks
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    /// <param name="MaySee">Roles that see something about the caller, and who has them today.</param>
    /// <param name="WorksCouncil">Whether one's use is seen by oneself alone, since when, and when that ends.</param>
    /// <param name="Days">How far back looks go.</param>
    /// <param name="Looks">Who looked, and at what: what was looked at last, first.</param>
    /// <param name="Next">Pass it as <c>after</c> for the next ones; null: there are none.</param>
    public sealed record Reply(
        IReadOnlyList<LookHistory.MaySee> MaySee, CouncilMode.State WorksCouncil, int Days,
        IReadOnlyList<LookHistory.Look> Looks, string? Next);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string? after, int? limit, ClaimsPrincipal caller, LookHistory history, CouncilMode mode,
        CancellationToken ct)
    {
        if (limit is < 1 or > MaxLimit)
            return IdentityRefusals.PageInvalid.ToProblem($"The limit {limit} is out of range.");
        var person = Access.PersonOf(caller);
        var page = new LookHistory.Page([], null); // of nobody on file there is nothing to look at
        if (person is { } own
            && !(await history.LooksAsync(own, after, limit ?? DefaultLimit, ct)).Is(out page, out var no))
            return no.ToProblem();
        var maySee = await history.MaySeeAsync(Access.AccountOf(caller) ?? Guid.Empty, person, ct);
        var council = await mode.ReadAsync(ct);
        return TypedResults.Ok(new Reply(maySee, council, LookHistory.LastDays, page.Looks, page.Next));
    }
}
