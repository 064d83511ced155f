using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Offers;

/// <summary>An offer as a PDF, as the candidate gets it.</summary>
public static class GetOfferPdf
{
    internal static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Handle(
        string offer, NpgsqlDataSource db, CancellationToken ct)
    {
        if (await OfferStore.FindAsync(db, offer, ct) is not { } kept) return OfferText.Nowhere(offer);
        return OfferLinks.NotShared(kept) is { } no ? no.ToProblem() : File(kept);
    }

    /// <summary>The file as an answer; its name has nothing of the candidate.</summary>
    public static FileContentHttpResult File(StoredOffer kept) =>
        TypedResults.File(OfferPdf.Write(kept), "application/pdf", $"offer-{kept.Name}-v{kept.Version}.pdf");
}
