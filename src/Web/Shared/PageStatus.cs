using Microsoft.AspNetCore.Http;

namespace Guerdon.Web.Shared;

/// <summary>The status of a page that has something to say all the same.</summary>
public static class PageStatus
{
    /// <summary>Sets it when the answer begins. Set sooner, a page of status 404 would be sent without its text: the
    /// framework takes it for an address that nothing is at.</summary>
    public static void Set(HttpContext http, int status) => http.Response.OnStarting(() =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    });
}
