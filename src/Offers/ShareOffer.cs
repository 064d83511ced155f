using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Guerdon.Offers;

/// <summary>Makes a link for the candidate; its address is shown this once.</summary>
public static class ShareOffer
{
    /// <param name="Days">How long it opens the offer, 1 to 90; null: 14.</param>
    public sealed record Request(int? Days);

    /// <param name="Link">To revoke it by.</param>
    /// <param name="Url">Whoever has it can read the offer.</param>
    public sealed record Reply(OfferLink Link, string Url);

    internal static async Task<Results<Ok<Reply>, ProblemHttpResult>> Handle(
        string offer, Request request, HttpContext http, NpgsqlDataSource db, OfferLinks links)
    {
        var ct = http.RequestAborted;
        if (await OfferStore.FindAsync(db, offer, ct) is not { } kept) return OfferText.Nowhere(offer);
        var made = await links.MakeAsync(kept, request.Days ?? OfferLinks.UsualDays, Access.NameOf(http.User), ct);
        return made.Select(one => new Reply(one.Link, AddressOf(http, one.Token))).ToHttp();
    }

    /// <summary>Where a candidate reads what a token opens.</summary>
    public static string AddressOf(HttpContext http, string token) => $"{PublicAddress.Of(http)}/offer/{token}";
}
