using System.Security.Claims;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Offers;

/// <summary>Saves an offer as a new version; the same content as the newest again adds none.</summary>
public static class CreateOffer
{
    /// <param name="Offer">The version that is saved.</param>
    /// <param name="Added">False where it was there already.</param>
    /// <param name="Value">Over its own horizon.</param>
    public sealed record Reply(StoredOffer Offer, bool Added, ValuedOffer Value);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        HttpRequest request, ClaimsPrincipal caller, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct)
    {
        var text = await OfferText.ReadAsync(request, ct);
        if (!text.Is(out var read, out var no)) return no.ToProblem();

        var (yaml, offer) = read;
        var (kept, added) = await OfferStore.KeepAsync(db, (offer, yaml), Access.NameOf(caller), clock, ct);
        return TypedResults.Ok(new Reply(kept, added, OfferValue.Of(offer, offer.HorizonYears)));
    }

    /// <summary>Saves what a text states, or says everything that is wrong with it.</summary>
    public static async Task<(StoredOffer? Kept, IReadOnlyList<YamlError> Errors)> RunAsync(
        NpgsqlDataSource db, string yaml, string by, TimeProvider clock, CancellationToken ct)
    {
        var (offer, errors) = OfferFile.Read(yaml);
        if (offer is null) return (null, errors);
        return ((await OfferStore.KeepAsync(db, (offer, yaml), by, clock, ct)).Offer, []);
    }
}
