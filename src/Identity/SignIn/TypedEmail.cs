using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Guerdon.Identity.SignIn;

/// <summary>The e-mail that was typed, for the page that the browser is sent to: for a minute.</summary>
public static class TypedEmail
{
    public static string? Find(HttpContext http) => http.Request.Cookies[Name(RulesOf(http))];

    internal static void Remember(HttpContext http, string email)
    {
        var rules = RulesOf(http);
        http.Response.Cookies.Append(Name(rules), email, new CookieOptions
        {
            HttpOnly = true, Secure = rules.AreSecure || http.Request.IsHttps, SameSite = SameSiteMode.Strict,
            Path = "/", // which the prefix takes
            MaxAge = TimeSpan.FromMinutes(1),
        });
    }

    private static string Name(CookieRules rules) => rules.NameOf("guerdon.tried");

    private static CookieRules RulesOf(HttpContext http) =>
        http.RequestServices.GetRequiredService<IOptions<CookieRules>>().Value;
}
