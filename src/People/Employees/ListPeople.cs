using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.People.Employees;

/// <summary>People whom the caller may see, by e-mail, a page at a time; of one team and all under it where one is
/// named.</summary>
internal static class ListPeople
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    /// <param name="People">By e-mail.</param>
    /// <param name="Next">Pass it as <c>after</c> for the next page; null: this was the last.</param>
    public sealed record Reply(IReadOnlyList<PersonShown> People, string? Next);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string? team, string? after, int? limit, ClaimsPrincipal caller, PeopleDirectory people,
        CancellationToken ct)
    {
        var wanted = limit ?? DefaultLimit;
        if (wanted is < 1 or > MaxLimit)
            return PeopleRefusals.PageInvalid.ToProblem($"The limit {wanted} is out of range.");

        if ((team + after).Contains('\0', StringComparison.Ordinal))
            return PeopleRefusals.PageInvalid.ToProblem("No team and no e-mail has a NUL in it.");

        var page = await people.PageAsync(
            team, after, Readable.ListOf(caller, Permissions.PeopleRead), wanted + 1, ct);
        var more = page.Count > wanted;
        if (more) page.RemoveAt(wanted);
        return TypedResults.Ok(new Reply(
            [.. page.Select(one => PersonShown.To(caller, one))], more ? page[^1].Email : null));
    }
}
