using System.Diagnostics;
using Guerdon.Offers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Web.Offers;

/// <summary>What whoever has a link gets: the page, and the same as a PDF.</summary>
internal static class CandidateOffer
{
    /// <summary>Ahead of any answer to a link: no cache, index or referrer may have it.</summary>
    public static void Guard(HttpContext http)
    {
        http.Response.Headers["Referrer-Policy"] = "no-referrer"; // the address is the secret
        http.Response.Headers["X-Robots-Tag"] = "noindex, nofollow, noarchive";
        http.Response.Headers.CacheControl = "no-store, private";
        // Overwritten, since traces would otherwise tell the request's address, which is the secret.
        for (var activity = Activity.Current; activity is not null; activity = activity.Parent)
        {
            if (activity.GetTagItem("url.path") is not null) activity.SetTag("url.path", "/offer/{token}");
            if (activity.GetTagItem("http.target") is not null) activity.SetTag("http.target", "/offer/{token}");
        }
    }

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
