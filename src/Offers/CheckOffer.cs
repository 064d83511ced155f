using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Offers;

/// <summary>Values an offer and saves nothing.</summary>
internal static class CheckOffer
{
    internal static async Task<Results<Ok<ValuedOffer>, ProblemHttpResult>> Handle(
        HttpRequest request, CancellationToken ct)
    {
        var text = await OfferText.ReadAsync(request, ct);
        return text.Select(read => OfferValue.Of(read.Value, read.Value.HorizonYears)).ToHttp();
    }
}
