using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Stipend.Web;

namespace Stipend.Host.SignIn;

/// <summary>The page's form: e-mail and password in, a session out.</summary>
internal static class SignInForm
{
    public const string Path = "/sign-in";
    public const string SignOutPath = "/sign-out";

    // The same words for an unknown e-mail and a wrong password, so that nobody learns who has an account.
    private const string Wrong = "This e-mail and password do not belong together. Check both and try again.";
    private const string TooMany = "Too many tries. Wait a minute, then try again.";

    public static async Task<Results<RedirectHttpResult, RazorComponentResult<SignInPage>>> Handle(
        [FromForm] string? email, [FromForm] string? password, [FromForm] string? returnUrl, HttpContext context,
        Accounts accounts, SignInLimits limits)
    {
        email = email?.Trim() ?? "";
        var back = IsLocal(returnUrl) ? returnUrl! : "/";
        if (!limits.MayTry(context.Connection.RemoteIpAddress, email)) return Again(TooMany, 429);

        var account = await accounts.CheckPasswordAsync(email, password ?? "", context.RequestAborted);
        if (account is null) return Again(Wrong, 401);

        await context.SignInAsync(Sessions.SchemeName, Principals.Of(account, Sessions.SchemeName));
        return TypedResults.LocalRedirect(back);

        RazorComponentResult<SignInPage> Again(string problem, int status) =>
            new(new { Problem = problem, Email = email, ReturnUrl = back }) { StatusCode = status };
    }

    // The form's unnamed field binds the endpoint to a form, and so to the antiforgery check.
    public static async Task<RedirectHttpResult> SignOut([FromForm] string? from, HttpContext context)
    {
        await context.SignOutAsync(Sessions.SchemeName);
        return TypedResults.LocalRedirect(Path);
    }

    /// <summary>
    /// A path of this site. Neither <c>//host</c> nor <c>/\host</c>, which browsers take for another.
    /// </summary>
    internal static bool IsLocal(string? url) =>
        url is ['/', ..] && url is not ['/', '/' or '\\', ..] && !url.Any(char.IsControl);
}

/// <summary>How often an address may try: for one e-mail, and at all.</summary>
internal sealed class SignInLimits(IOptions<SignInOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<(IPAddress? From, string Email)> limiter =
        PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<(IPAddress? From, string Email), string>(key =>
                Window($"{key.From} {key.Email.ToUpperInvariant()}", options.Value.TriesPerMinute)),
            PartitionedRateLimiter.Create<(IPAddress? From, string Email), string>(key =>
                Window($"{key.From}", options.Value.TriesPerAddressPerMinute)));

    public bool MayTry(IPAddress? from, string email)
    {
        using var lease = limiter.AttemptAcquire((from, email));
        return lease.IsAcquired;
    }

    public void Dispose() => limiter.Dispose();

    private static RateLimitPartition<string> Window(string key, int permits) =>
        RateLimitPartition.GetSlidingWindowLimiter(key, _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = permits, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6, QueueLimit = 0,
        });
}
