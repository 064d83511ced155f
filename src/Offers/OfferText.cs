using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Offers;

/// <summary>An offer as it comes in: a small text.</summary>
internal static class OfferText
{
    /// <summary>The file and the offer it states, or the answer that says why there is none.</summary>
    public static async Task<(string Yaml, Offer? Offer, ProblemHttpResult? Problem)> ReadAsync(
        HttpRequest request, CancellationToken ct)
    {
        if (await SmallBody.ReadAsync(request, ct) is not { } yaml)
            return ("", null, OfferRefusals.OfferTooLarge.ToProblem("The offer is larger than 64 KB."));
        var (offer, errors) = OfferFile.Read(yaml);
        if (offer is not null) return (yaml, offer, null);

        var detail = errors.Count == 1 ? errors[0].Reason : $"The offer has {errors.Count} errors.";
        return (yaml, null, OfferRefusals.OfferInvalid.ToProblem(detail, errors));
    }

    public static ProblemHttpResult Nowhere(string idOrName) =>
        OfferRefusals.OfferNotFound.ToProblem($"There is no offer '{idOrName}'.");
}
