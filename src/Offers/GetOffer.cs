using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Offers;

/// <summary>One version of an offer: what it says, what it is worth, and its links.</summary>
internal static class GetOffer
{
    /// <param name="Offer">As it is saved.</param>
    /// <param name="Value">Over its own horizon.</param>
    /// <param name="Links">Latest first.</param>
    public sealed record Reply(StoredOffer Offer, ValuedOffer Value, IReadOnlyList<OfferLink> Links);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string offer, NpgsqlDataSource db, OfferLinks links, CancellationToken ct)
    {
        if (await OfferStore.FindAsync(db, offer, ct) is not { } kept) return OfferText.Nowhere(offer);
        var read = kept.Read();
        return TypedResults.Ok(new Reply(
            kept, OfferValue.Of(read, read.HorizonYears), await links.ListAsync(kept.Id, ct)));
    }
}
