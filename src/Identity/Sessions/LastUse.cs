using Guerdon.Identity.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Identity.Sessions;

/// <summary>Notes when a session or a token was last used, once a minute at most, and only of requests that were let
/// in: what another site makes a browser send does not make a session last longer.</summary>
internal static class LastUse
{
    /// <summary>What a request signed in with.</summary>
    public static void Remember(HttpContext http, LiveSession session) => http.Items[typeof(LiveSession)] = session;

    /// <summary>After <see cref="CrossSite.Refuse"/>.</summary>
    public static async Task Note(HttpContext http, RequestDelegate next)
    {
        if (http.Items[typeof(LiveSession)] is LiveSession session)
            await http.RequestServices.GetRequiredService<OpenSessions>().SeeAsync(session, http.RequestAborted);
        if (http.Items[typeof(TokenOwner)] is TokenOwner token)
            await http.RequestServices.GetRequiredService<ApiTokens>().NoteUseAsync(token, http.RequestAborted);
        await next(http);
    }
}
