using Guerdon.Grants.Plans;
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
    // Each that waits is some queries.
    private const int DefaultLimit = 50;
    private const int MaxLimit = 100;

    /// <param name="Departures">The newest first.</param>
    /// <param name="Next">Pass it as <c>after</c> for the next page; null: this was the last.</param>
    public sealed record Page(IReadOnlyList<DepartureShown> Departures, DepartureId? Next)
    {
        /// <summary>All who are held; null: nobody is.</summary>
        public HeldOnes? Held { get; init; }
    }

    /// <param name="People">How many are held.</param>
    /// <param name="Digest">Whoever decides them names it, so that nobody else is decided.</param>
    public sealed record HeldOnes(int People, string Digest);

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
        var (shown, plans) = (new List<DepartureShown>(), new PlanCache(db));
        foreach (var one in found.Take(wanted))
            shown.Add(DepartureShown.Of(one, one.Outcome is not null ? null
                : await DepartureEffect.OfAsync((db, plans), one.Person.Value, one.LastDay, ct)));
        var held = await departures.HeldAsync(ct);
        return TypedResults.Ok(new Page(shown, found.Count > wanted ? shown[^1].Id : null)
        {
            Held = held.People > 0 ? new HeldOnes(held.People, held.Digest) : null,
        });
    }
}
