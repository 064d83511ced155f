using Guerdon.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Offers;

/// <summary>One to four offers side by side. Changes nothing.</summary>
public static class CompareOffers
{
    /// <param name="Offers">By id, or by name for the newest version.</param>
    /// <param name="HorizonYears">1 to 10; null: the longest that one of them names.</param>
    public sealed record Request(IReadOnlyList<string>? Offers, int? HorizonYears);

    /// <param name="Offers">In the order asked for.</param>
    /// <param name="Comparison">Its columns in the same order.</param>
    public sealed record Reply(IReadOnlyList<StoredOffer> Offers, Compared Comparison);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        Request request, NpgsqlDataSource db, CancellationToken ct) => (await RunAsync(db, request, ct)).ToHttp();

    /// <summary>The comparison, or why there is none.</summary>
    public static async Task<Result<Reply>> RunAsync(NpgsqlDataSource db, Request request, CancellationToken ct)
    {
        var names = request.Offers ?? [];
        if (names.Count is < 1 or > OfferComparison.Most)
            return OfferRefusals.OffersNotComparable.With($"{names.Count} offers were named.");
        if (request.HorizonYears is < 1 or > OfferFile.MostYears)
            return OfferRefusals.OffersNotComparable.With($"{request.HorizonYears} years were named.");

        var kept = new List<StoredOffer>();
        foreach (var name in names)
        {
            if (await OfferStore.FindAsync(db, name ?? "", ct) is not { } found)
                return OfferRefusals.OfferNotFound.With($"There is no offer '{name}'.");
            kept.Add(found);
        }

        Offer[] offers = [.. kept.Select(k => k.Read())];
        var currencies = offers.Select(o => o.Currency).Distinct().ToList();
        return currencies.Count == 1
            ? new Reply(kept, OfferComparison.Of(offers, request.HorizonYears))
            : OfferRefusals.OffersNotComparable.With(
                $"They are in {string.Join(" and ", currencies)}: type the other's amounts in {currencies[0]}, at a "
                + "rate that both sides know.");
    }
}
