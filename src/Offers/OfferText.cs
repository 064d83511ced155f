using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Offers;

/// <summary>An offer as it comes in: a small text.</summary>
internal static class OfferText
{
    private static readonly YamlBody Body = new("The offer", OfferRefusals.OfferTooLarge, OfferRefusals.OfferInvalid);

    /// <summary>The file and the offer it states, or why there is none.</summary>
    public static Task<Result<YamlText<Offer>>> ReadAsync(HttpRequest request, CancellationToken ct) =>
        Body.ReadAsync(request, OfferFile.Read, ct);

    public static ProblemHttpResult Nowhere(string idOrName) =>
        OfferRefusals.OfferNotFound.ToProblem($"There is no offer '{idOrName}'.");
}
