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
/// Browser sessions: a cookie of claims, checked against its account on every request, so that a changed password or
/// role ends it at once.
/// </summary>
internal sealed class SessionCookie(
    IOptions<SignInOptions> options, IOptions<CookieRules> cookies, SignInPages pages)
    : IConfigureNamedOptions<CookieAuthenticationOptions>
{
    public const string SchemeName = "session";

    /// <summary>Where whoever has none is sent.</summary>
    public const string SignInPath = "/sign-in";

    public void Configure(CookieAuthenticationOptions options) => Configure(null, options);

    public void Configure(string? name, CookieAuthenticationOptions cookie)
    {
        if (name != SchemeName) return;
        cookie.Cookie.Name = cookies.Value.NameOf("guerdon");
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = cookies.Value.Policy;
        cookie.ExpireTimeSpan = options.Value.SessionFor;
        cookie.SlidingExpiration = true;
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

    // Only by its path, because the framework's address begins with whatever the Host header says.
    private static Task Redirect(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.Redirect(new Uri(context.RedirectUri).PathAndQuery);
        return Task.CompletedTask;
    }

    private static async Task CheckAsync(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        if (context.Principal is { } caller && Principals.AccountOf(caller) is { } id
            && await services.GetRequiredService<AccountDirectory>().FindAsync(id, context.HttpContext.RequestAborted)
                is { } account
            && caller.FindFirstValue(Principals.Stamp) == Principals.StampOf(account))
        {
            if (!account.IsOver(now))
            {
                // From the account rather than the cookie, since the address may be another by now, or a person's.
                context.ReplacePrincipal(Principals.Of(account, SchemeName));
                return;
            }

            Problems.NoteOver(context.HttpContext, account);
        }

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(SchemeName);
    }
}
