using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Offers;

/// <summary>Values an offer and keeps nothing.</summary>
internal static class CheckOffer
{
    internal static async Task<Results<Ok<ValuedOffer>, ProblemHttpResult>> Handle(
        HttpRequest request, CancellationToken ct)
    {
        var (_, offer, problem) = await OfferText.ReadAsync(request, ct);
        return offer is null ? problem! : TypedResults.Ok(OfferValue.Of(offer, offer.HorizonYears));
    }
}
