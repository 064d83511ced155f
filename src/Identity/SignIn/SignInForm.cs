using Guerdon.Identity.Accounts;
using Guerdon.Identity.Audit;
using Guerdon.Identity.Sessions;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Identity.SignIn;

/// <summary>The page's form: e-mail and password in, a session out.</summary>
internal static class SignInForm
{
    public const string Path = SessionCookie.SignInPath;
    public const string SignOutPath = "/sign-out";

    /// <summary>The largest body that either form can have, with room to spare.</summary>
    public const int MostBodyBytes = 8_192;

    private const string IfWrong = " If that date is wrong, ask whoever runs the programme.";

    public static async Task<IResult> Handle(
        [FromForm] string? email, [FromForm] string? password, [FromForm] string? returnUrl, HttpContext context,
        PasswordSignIn signIn, SignInPages pages)
    {
        email = email?.Trim() ?? "";
        var back = IsLocal(returnUrl) ? returnUrl! : "/";
        var outcome = await signIn.TryAsync(context, email, password ?? "");
        ActWatch.Say(context, new(email, outcome.Account, outcome.Status));
        if (outcome is { Account: { } account, Status: StatusCodes.Status200OK }
            && await SessionCookie.BeginAsync(context, account))
        {
            return new SeeOther(FirstPage(account, back));
        }

        if (outcome.Status == StatusCodes.Status200OK) // its password was changed at that moment
            ActWatch.Say(context, new(email, null, StatusCodes.Status401Unauthorized));
        var why = SignInFault.Of(outcome.Status);
        if (why == SignInFault.TooLong) email = "";
        if (pages.AreWanted(context)) return Again(context, why, email, back);
        if (why == SignInFault.TooMany)
            RetryAfter.Say(context, outcome.Wait);
        var says = why == SignInFault.Over ? Problems.WhyOver(outcome.Account!) + IfWrong : null;
        return pages.Form(new(why, says, email, back, outcome.Status));
    }

    // The unnamed field only binds the endpoint to a form: otherwise the antiforgery check would not run.
    public static async Task<SeeOther> SignOut([FromForm] string? from, HttpContext context)
    {
        var had = OpenSessions.IdOf(context.User);
        await SessionCookie.EndAsync(context);
        var next = had is not { } session ? null
            : await context.RequestServices.GetRequiredService<IAfterSignOut>()
                .PageAsync(session, context.RequestAborted);
        return new SeeOther(next ?? Path);
    }

    /// <summary>
    /// A page of sign-in may have stood open while the browser forgot its form cookie, or somebody signed in from
    /// another window. Where the browser itself says that our own page sent the form, that is as good as the token;
    /// else the page is shown again, with a token that holds.
    /// </summary>
    public static Task AcceptOld(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<SignInFormMark>() is not { } mark
            || context.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false } token
            || token.Error?.InnerException is not null) return next(context);
        if (CrossSite.IsOwn(context.Request))
        {
            context.Features.Set<IAntiforgeryValidationFeature>(new Held());
            return next(context);
        }

        if (!context.RequestServices.GetRequiredService<SignInPages>().AreWanted(context)) return next(context);
        RefusedForm.Say(context, StatusCodes.Status400BadRequest);
        return (mark.Again?.Invoke(context) ?? Again(context, SignInFault.Stale, email: "", back: "/"))
            .ExecuteAsync(context);
    }

    /// <summary>Whoever runs the programme begins at its overview, but only where no other page was asked for.
    /// </summary>
    internal static string FirstPage(Account account, string back) =>
        back == "/" && Permissions.Of(Permissions.OverviewRead).Roles.Any(account.Roles.Contains) ? "/admin" : back;

    private static SeeOther Again(HttpContext context, string why, string email, string back)
    {
        if (email.Length > 0) TypedEmail.Remember(context, email);
        return new SeeOther(Path + QueryString.Create("why", why).Add("ReturnUrl", back));
    }

    private sealed class Held : IAntiforgeryValidationFeature
    {
        public bool IsValid => true;
        public Exception? Error => null;
    }

    /// <summary>A path of this site, as addresses are written: ASCII without blanks. Not <c>//host</c> or
    /// <c>/\host</c>, which browsers take for another.</summary>
    internal static bool IsLocal(string? url) =>
        url is ['/', ..] && url is not ['/', '/' or '\\', ..] && url.All(letter => letter is > ' ' and <= '~');
}

/// <summary>Metadata of forms that are taken from an old page.</summary>
/// <param name="Again">The page again, where it cannot be taken; null: that of sign-in.</param>
internal sealed record SignInFormMark(Func<HttpContext, IResult>? Again = null);

/// <summary>303: the browser fetches another page, and repeats nothing when that is loaded again.</summary>
/// <param name="Place">A path of this site.</param>
public sealed record SeeOther(string Place) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = Place;
        return Task.CompletedTask;
    }
}
