using Microsoft.AspNetCore.Http;

namespace Guerdon.Identity.Audit;

/// <summary>That a form was refused, which its answer does not tell: that is a redirect to a page which says why.
/// </summary>
public static class RefusedForm
{
    private static readonly object Key = new();

    /// <summary>Says that the request's form changed nothing, so that it is noted as a refusal.</summary>
    /// <param name="http">The request.</param>
    /// <param name="status">What an endpoint would have answered.</param>
    public static void Say(HttpContext http, int status) => http.Items[Key] = status;

    /// <summary>The status that was said; null: none.</summary>
    internal static int? Of(HttpContext http) => http.Items[Key] as int?;
}
