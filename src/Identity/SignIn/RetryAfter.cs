using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Identity.SignIn;

/// <summary>Tells programs when to try again.</summary>
public static class RetryAfter
{
    /// <summary>In whole seconds, rounded up.</summary>
    public static void Say(HttpContext http, TimeSpan wait) => http.Response.Headers.RetryAfter =
        Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
