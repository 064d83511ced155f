using System.Globalization;
using System.Security.Claims;
using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Guerdon.Identity.Sessions;

/// <summary>
/// Browser sessions: a cookie with the session's secret, sealed, by which its row is found on every request. What the
/// account may do is read with it, so that nothing in a cookie can be out of date.
/// </summary>
internal sealed class SessionCookie(
    IOptions<SignInOptions> options, IOptions<CookieRules> cookies, SignInPages pages)
    : IConfigureNamedOptions<CookieAuthenticationOptions>
{
    public const string SchemeName = "session";

    /// <summary>Where whoever has none is sent.</summary>
    public const string SignInPath = "/sign-in";

    private const string SecretClaim = "guerdon:secret";

    public void Configure(CookieAuthenticationOptions options) => Configure(null, options);

    public void Configure(string? name, CookieAuthenticationOptions cookie)
    {
        if (name != SchemeName) return;
        cookie.Cookie.Name = cookies.Value.NameOf("guerdon");
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = cookies.Value.Policy;
        // The row decides when it ends: a cookie that ended by itself would not know of what is used without it.
        cookie.ExpireTimeSpan = options.Value.SessionAtMost;
        cookie.SlidingExpiration = false;
        cookie.LoginPath = SignInPath;
        cookie.Events = new CookieAuthenticationEvents
        {
            OnValidatePrincipal = CheckAsync,
            OnRedirectToLogin = context => ForPrograms.Are(context.HttpContext)
                ? Problems.NotSignedInAsync(context.HttpContext)
                : Redirect(context),
            OnRedirectToAccessDenied = context => ForPrograms.Are(context.HttpContext)
                ? Problems.NotAllowedAsync(context.HttpContext)
                : pages.Denied().ExecuteAsync(context.HttpContext),
        };
    }

    /// <summary>Gives the browser a session, and ends the one that it had.</summary>
    /// <returns>False where the password was changed since it was checked.</returns>
    public static async Task<bool> BeginAsync(HttpContext http, Account account)
    {
        var sessions = http.RequestServices.GetRequiredService<OpenSessions>();
        await EndRowAsync(http);
        var from = OpenSessions.FromOf(http, SessionKind.Browser);
        if (await sessions.OpenAsync(account, from, http.RequestAborted) is not { } opened) return false;
        await GiveAsync(http, opened);
        return true;
    }

    /// <summary>Ends the browser's session, in the database and in the browser.</summary>
    public static async Task EndAsync(HttpContext http)
    {
        await EndRowAsync(http);
        await http.SignOutAsync(SchemeName);
    }

    /// <summary>The claims of a session.</summary>
    public static Claim[] ClaimsOf(LiveSession session) =>
    [
        new(Access.SessionClaim, session.Id.ToString()),
        new(Access.ConfirmedClaim,
            session.ConfirmedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>Gives the browser the cookie of a session that was just opened.</summary>
    internal static Task GiveAsync(HttpContext http, OpenedSession opened) => http.SignInAsync(
        SchemeName, new(new ClaimsIdentity([new(SecretClaim, opened.Secret)], SchemeName)));

    /// <summary>Ends the session that the browser has, in the database.</summary>
    internal static async Task EndRowAsync(HttpContext http)
    {
        if (OpenSessions.IdOf(http.User) is { } had && Principals.AccountOf(http.User) is { } whose)
            await http.RequestServices.GetRequiredService<OpenSessions>()
                .EndAsync(whose, had, Actor.Of(http.User), http.RequestAborted);
    }

    // Only by its path, because the framework's address begins with whatever the Host header says.
    private static Task Redirect(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.Redirect(new Uri(context.RedirectUri).PathAndQuery);
        return Task.CompletedTask;
    }

    private static async Task CheckAsync(CookieValidatePrincipalContext context)
    {
        var http = context.HttpContext;
        var sessions = http.RequestServices.GetRequiredService<OpenSessions>();
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        if (context.Principal?.FindFirstValue(SecretClaim) is { } secret
            && await sessions.FindAsync(secret, SessionKind.Browser, http.RequestAborted) is { } live)
        {
            if (!live.Account.IsOver(now))
            {
                context.ReplacePrincipal(Principals.Of(live.Account, SchemeName, now, ClaimsOf(live)));
                LastUse.Remember(http, live);
                return;
            }

            Problems.NoteOver(http, live.Account);
        }

        context.RejectPrincipal();
        await http.SignOutAsync(SchemeName);
    }
}
