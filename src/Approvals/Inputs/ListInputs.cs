using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Approvals.Inputs;

/// <summary>What was proposed of inputs of payments, and what became of it: what waits first, of each what was asked
/// last on top. Of kinds that the caller may read.</summary>
public static class ListInputs
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    /// <param name="Inputs">Without their files, and each with the first 20 of what it would change.</param>
    /// <param name="Next">Pass it as <c>after</c> for the next page; null: this was the last.</param>
    public sealed record Page(IReadOnlyList<InputProposal> Inputs, string? Next);

    internal static async Task<Results<Ok<Page>, ProblemHttpResult>> Handle(
        bool? waiting, string? after, int? limit, ClaimsPrincipal caller, NpgsqlDataSource db,
        IEnumerable<IInput> kinds, CancellationToken ct)
    {
        var wanted = limit ?? DefaultLimit;
        if (wanted is < 1 or > MaxLimit)
            return ApprovalRefusals.PageInvalid.ToProblem($"The limit {wanted} is out of range.");
        InputPlace? last = null;
        if (after is not null)
        {
            if (!InputPlace.TryParse(after, out var place))
                return ApprovalRefusals.PageInvalid.ToProblem($"'{after}' is not what a page gave as 'next'.");
            last = place;
        }

        return TypedResults.Ok(await ReadAsync((db, kinds), caller, (last, wanted), waiting != true, ct));
    }

    /// <summary>The same for a page.</summary>
    /// <param name="from">Where they are, and of which kinds.</param>
    /// <param name="caller">Who reads.</param>
    /// <param name="part">After which place, and how many at most.</param>
    /// <param name="decidedToo">Also those that do not wait any more.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<Page> ReadAsync(
        (NpgsqlDataSource Db, IEnumerable<IInput> Kinds) from, ClaimsPrincipal caller,
        (InputPlace? After, int Most) part, bool decidedToo, CancellationToken ct)
    {
        string[] kinds = [.. from.Kinds.Where(kind => Access.MayWithAll(caller, kind.Reads)).Select(kind => kind.Kind)];
        var found = await InputStore.ListAsync(from.Db, kinds, decidedToo, part.After, part.Most + 1, ct);
        var seesPay = Access.MayWithAll(caller, Permissions.PayRead);
        return new Page(
            [.. found.Take(part.Most).Select(one => one.For(seesPay))],
            found.Count > part.Most ? $"{InputPlace.Of(found[part.Most - 1])}" : null);
    }
}
