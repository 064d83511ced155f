using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Stipend.Web;

namespace Stipend.Host.SignIn;

/// <summary>
/// Browser sessions: a cookie of claims, checked against its account on every request, so that a changed password or
/// role ends it at once.
/// </summary>
internal sealed class Sessions(IOptions<SignInOptions> options) : IConfigureNamedOptions<CookieAuthenticationOptions>
{
    public const string SchemeName = "session";

    public void Configure(CookieAuthenticationOptions options) => Configure(null, options);

    public void Configure(string? name, CookieAuthenticationOptions cookie)
    {
        if (name != SchemeName) return;
        cookie.Cookie.Name = "stipend";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = options.Value.SessionFor;
        cookie.SlidingExpiration = true;
        cookie.LoginPath = SignInForm.Path;
        cookie.Events = new CookieAuthenticationEvents
        {
            OnValidatePrincipal = CheckAsync,
            OnRedirectToLogin = context => IsApi(context.Request)
                ? Problems.NotSignedInAsync(context.HttpContext)
                : Redirect(context),
            OnRedirectToAccessDenied = context => IsApi(context.Request)
                ? Problems.NotAllowedAsync(context.HttpContext)
                : new RazorComponentResult<DeniedPage> { StatusCode = 403 }.ExecuteAsync(context.HttpContext),
        };
    }

    public static bool IsApi(HttpRequest request) =>
        request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
        || request.Path.StartsWithSegments("/v1", StringComparison.Ordinal);

    private static Task Redirect(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }

    private static async Task CheckAsync(CookieValidatePrincipalContext context)
    {
        var accounts = context.HttpContext.RequestServices.GetRequiredService<Accounts>();
        if (context.Principal is { } caller && Principals.AccountOf(caller) is { } id
            && await accounts.FindAsync(id, context.HttpContext.RequestAborted) is { } account
            && caller.FindFirstValue(Principals.Stamp) == Principals.StampOf(account)) return;

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(SchemeName);
    }
}
