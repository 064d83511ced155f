using Microsoft.AspNetCore.Http;

namespace Guerdon.OpenId.Arrivals;

/// <summary>Where a browser is sent.</summary>
internal static class ArrivalAnswers
{
    /// <summary>The page that says why nobody was signed in, for all reasons.</summary>
    public const string ProblemPath = "/sign-in/problem";

    /// <summary>303, so that loading the page again repeats nothing.</summary>
    public static IResult Problem(HttpContext http, string provider, string why) =>
        SeeOther(http, ProblemPath + QueryString.Create("why", why).Add("with", provider));

    /// <param name="http">The request.</param>
    /// <param name="place">A path of this site.</param>
    public static IResult SeeOther(HttpContext http, string place)
    {
        http.Response.Headers.Location = place;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }
}
