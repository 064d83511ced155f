using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Stipend.Web;

namespace Stipend.Host.SignIn;

/// <summary>The page's form: e-mail and password in, a session out.</summary>
internal static class SignInForm
{
    public const string Path = "/sign-in";
    public const string SignOutPath = "/sign-out";

    /// <summary>The largest body that either form can have, with room to spare.</summary>
    public const int MostBodyBytes = 8_192;

    // The same words for an unknown e-mail and a wrong password, so that nobody learns who has an account.
    private const string Wrong = "This e-mail and password do not belong together. Check both and try again.";
    private const string IfWrong = " If that date is wrong, ask whoever runs the programme.";
    private const string TooMany = "Too many tries. Wait a minute, then try again.";
    private const string TooLong = "An e-mail has at most 254 characters, a password at most 200. Check both.";

    public static async Task<Results<RedirectHttpResult, RazorComponentResult<SignInPage>>> Handle(
        [FromForm] string? email, [FromForm] string? password, [FromForm] string? returnUrl, HttpContext context,
        PasswordSignIn signIn)
    {
        email = email?.Trim() ?? "";
        var back = IsLocal(returnUrl) ? returnUrl! : "/";
        var outcome = await signIn.TryAsync(context, email, password ?? "");
        if (outcome is { Account: { } account, Status: StatusCodes.Status200OK })
        {
            await context.SignInAsync(Sessions.SchemeName, Principals.Of(account, Sessions.SchemeName));
            return TypedResults.LocalRedirect(back);
        }

        if (outcome.Status == StatusCodes.Status429TooManyRequests)
            context.Response.Headers.RetryAfter =
                Math.Ceiling(outcome.Wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var problem = outcome.Status switch
        {
            StatusCodes.Status400BadRequest => TooLong,
            StatusCodes.Status403Forbidden => Problems.WhyOver(outcome.Account!) + IfWrong,
            StatusCodes.Status429TooManyRequests => TooMany,
            _ => Wrong,
        };
        return new RazorComponentResult<SignInPage>(new
        {
            Problem = problem, Email = problem == TooLong ? "" : email, ReturnUrl = back,
        }) { StatusCode = outcome.Status };
    }

    // The form's unnamed field binds the endpoint to a form, and so to the antiforgery check.
    public static async Task<RedirectHttpResult> SignOut([FromForm] string? from, HttpContext context)
    {
        await context.SignOutAsync(Sessions.SchemeName);
        return TypedResults.LocalRedirect(Path);
    }

    /// <summary>A path of this site; not <c>//host</c> or <c>/\host</c>, which browsers take for another.</summary>
    internal static bool IsLocal(string? url) =>
        url is ['/', ..] && url is not ['/', '/' or '\\', ..] && !url.Any(char.IsControl);
}
