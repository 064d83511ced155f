using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Offers;

/// <summary>The newest version of every offer.</summary>
internal static class ListOffers
{
    /// <summary>Latest made first; at most a thousand.</summary>
    public sealed record Reply(IReadOnlyList<StoredOffer> Offers);

    internal static async Task<Ok<Reply>> Handle(NpgsqlDataSource db, CancellationToken ct) =>
        TypedResults.Ok(new Reply(await OfferStore.ListAsync(db, ct)));
}
