using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Identity.Protection;

/// <summary>Addresses that are secrets, as those of links.</summary>
public static class SecretAddress
{
    /// <summary>Ahead of any answer: no cache, index, referrer or trace may have the address.</summary>
    /// <param name="http">The request.</param>
    /// <param name="shown">What traces say in its place, such as <c>/offer/{token}</c>.</param>
    public static void Guard(HttpContext http, string shown)
    {
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers["X-Robots-Tag"] = "noindex, nofollow, noarchive";
        http.Response.Headers.CacheControl = "no-store, private";
        // Overwritten, since traces would otherwise tell the request's address.
        for (var activity = Activity.Current; activity is not null; activity = activity.Parent)
        {
            if (activity.GetTagItem("url.path") is not null) activity.SetTag("url.path", shown);
            if (activity.GetTagItem("http.target") is not null) activity.SetTag("http.target", shown);
        }
    }
}
