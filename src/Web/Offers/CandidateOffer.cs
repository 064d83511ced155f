using Guerdon.Identity.Protection;
using Guerdon.Offers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Web.Offers;

/// <summary>What whoever has a link gets: the page, and the same as a PDF.</summary>
internal static class CandidateOffer
{
    /// <summary>Ahead of any answer to a link.</summary>
    public static void Guard(HttpContext http) => SecretAddress.Guard(http, "/offer/{token}");

    /// <summary>The offer that a link opens; else none, and what to answer.</summary>
    public static async Task<(StoredOffer? Offer, int Status)> OpenAsync(
        HttpContext http, string token, OfferLinks links)
    {
        Guard(http);
        if (!links.MayTry(http.Connection.RemoteIpAddress)) return (null, StatusCodes.Status429TooManyRequests);
        var offer = await links.OpenAsync(token, http.RequestAborted);
        return (offer, offer is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK);
    }

    public static async Task<Results<FileContentHttpResult, RazorComponentResult<CandidatePage>>> Pdf(
        string token, HttpContext http, OfferLinks links)
    {
        var (offer, _) = await OpenAsync(http, token, links);
        return offer is not null
            ? GetOfferPdf.File(offer)
            : new RazorComponentResult<CandidatePage>(new { Token = "" }) { StatusCode = 404 };
    }
}
