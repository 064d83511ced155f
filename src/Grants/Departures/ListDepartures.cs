using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.People.Departures;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Grants.Departures;

/// <summary>Departures, the newest first, with what each comes to.</summary>
internal static class ListDepartures
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    /// <param name="Departures">The newest first.</param>
    /// <param name="Next">Pass it as <c>after</c> for the next page; null: this was the last.</param>
    public sealed record Page(IReadOnlyList<DepartureShown> Departures, DepartureId? Next);

    internal static async Task<Results<Ok<Page>, ProblemHttpResult>> Handle(
        bool? waiting, string? after, int? limit, DepartureStore departures, NpgsqlDataSource db, CancellationToken ct)
    {
        var wanted = limit ?? DefaultLimit;
        if (wanted is < 1 or > MaxLimit)
            return PeopleRefusals.PageInvalid.ToProblem($"The limit {wanted} is out of range.");
        DepartureId? older = null;
        if (after is not null)
        {
            if (!DepartureId.TryParse(after, out var id))
                return PeopleRefusals.DepartureNotFound.ToProblem($"There is no departure '{after}'.");
            older = id;
        }

        var found = await departures.ListAsync(waiting ?? false, older, wanted + 1, ct);
        var shown = new List<DepartureShown>();
        foreach (var one in found.Take(wanted))
            shown.Add(DepartureShown.Of(one, one.Outcome is not null ? null
                : await DepartureEffect.OfAsync(db, one.Person.Value, one.LastDay, ct)));
        return TypedResults.Ok(new Page(shown, found.Count > wanted ? shown[^1].Id : null));
    }
}
