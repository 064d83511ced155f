using Microsoft.AspNetCore.Http;

namespace Guerdon.Identity.SignIn;

/// <summary>The e-mail that was typed, for the page that the browser is sent to: a minute, and there alone.</summary>
public static class TypedEmail
{
    private const string Cookie = "guerdon.tried";

    public static string? Find(HttpContext http) => http.Request.Cookies[Cookie];

    internal static void Remember(HttpContext http, string email) =>
        http.Response.Cookies.Append(Cookie, email, new CookieOptions
        {
            HttpOnly = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Strict, Path = SignInForm.Path,
            MaxAge = TimeSpan.FromMinutes(1),
        });
}
