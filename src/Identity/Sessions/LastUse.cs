using Guerdon.Identity.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Identity.Sessions;

/// <summary>Notes when a session or a token was last used, once a minute at most, and only of requests that were let
/// in: what another site makes a browser send, or a page that stands open reads by itself, does not make a session last
/// longer.</summary>
internal static class LastUse
{
    /// <summary>What a request signed in with.</summary>
    public static void Remember(HttpContext http, LiveSession session) => http.Items[typeof(LiveSession)] = session;

    /// <summary>After <see cref="CrossSite.Refuse"/> and authorization.</summary>
    public static async Task Note(HttpContext http, RequestDelegate next)
    {
        if (IsByItsOwner(http.Request)) await NoteAsync(http);
        await next(http);
    }

    private static async Task NoteAsync(HttpContext http)
    {
        if (http.Items[typeof(LiveSession)] is LiveSession session)
            await http.RequestServices.GetRequiredService<OpenSessions>().SeeAsync(session, http.RequestAborted);
        if (http.Items[typeof(TokenOwner)] is TokenOwner token)
            await http.RequestServices.GetRequiredService<ApiTokens>().NoteUseAsync(token, http.RequestAborted);
    }

    // What browsers say of a request; programs say nothing. "empty" is a script, or a stream that keeps a page current.
    private static bool IsByItsOwner(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
        && !(HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Dest"] == "empty");
}
