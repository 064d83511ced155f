using System.Security.Claims;
using Guerdon.Host.Running;
using Guerdon.Kernel;
using Guerdon.Web.Shared;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Guerdon.Host.SignIn;

/// <summary>
/// Browser sessions: a cookie of claims, checked against its account on every request, so that a changed password or
/// role ends it at once.
/// </summary>
internal sealed class Sessions(IOptions<SignInOptions> options, IOptions<PublicOptions> reached)
    : IConfigureNamedOptions<CookieAuthenticationOptions>
{
    public const string SchemeName = "session";

    public void Configure(CookieAuthenticationOptions options) => Configure(null, options);

    public void Configure(string? name, CookieAuthenticationOptions cookie)
    {
        if (name != SchemeName) return;
        cookie.Cookie.Name = NameOf("guerdon", reached.Value);
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = PolicyOf(reached.Value);
        cookie.ExpireTimeSpan = options.Value.SessionFor;
        cookie.SlidingExpiration = true;
        cookie.LoginPath = SignInForm.Path;
        cookie.Events = new CookieAuthenticationEvents
        {
            OnValidatePrincipal = CheckAsync,
            OnRedirectToLogin = context => ForPrograms.Are(context.HttpContext)
                ? Problems.NotSignedInAsync(context.HttpContext)
                : Redirect(context),
            OnRedirectToAccessDenied = context => ForPrograms.Are(context.HttpContext)
                ? Problems.NotAllowedAsync(context.HttpContext)
                : new RazorComponentResult<DeniedPage> { StatusCode = 403 }.ExecuteAsync(context.HttpContext),
        };
    }

    /// <summary>A cookie's name. Over HTTPS no other host can set one of that prefix, and no plain request.</summary>
    public static string NameOf(string name, PublicOptions reached) => reached.IsSecure ? $"__Host-{name}" : name;

    public static CookieSecurePolicy PolicyOf(PublicOptions reached) =>
        reached.IsSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;

    // By its path: the framework's address begins with whatever the Host header says.
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
            && await services.GetRequiredService<Accounts>().FindAsync(id, context.HttpContext.RequestAborted)
                is { } account
            && caller.FindFirstValue(Principals.Stamp) == Principals.StampOf(account))
        {
            if (!account.IsOver(now))
            {
                // As the account is now: its address may be another, or a person's by now.
                context.ReplacePrincipal(Principals.Of(account, SchemeName));
                return;
            }

            Problems.NoteOver(context.HttpContext, account);
        }

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(SchemeName);
    }
}
