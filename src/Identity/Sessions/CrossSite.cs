using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Identity.Sessions;

/// <summary>
/// Another site can make a browser send a request with our cookie. So a write that neither a token nor a command line's
/// session signs is refused where the browser says that it comes from elsewhere, another port or subdomain included.
/// Pages carry antiforgery tokens besides; endpoints without them ask for a header that no form can send. Which of them
/// an endpoint is, its metadata says.
/// </summary>
internal static class CrossSite
{
    public const string Header = "X-Guerdon";

    public static Task Refuse(HttpContext context, RequestDelegate next) => Reason(context) is { } reason
        ? RefusalForm.Of(context, IdentityRefusals.CrossSite.With(reason)).ExecuteAsync(context)
        : next(context);

    /// <summary>Whether the browser says that a page of ours sent it. What says nothing is not known to be.</summary>
    public static bool IsOwn(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() switch
    {
        "same-origin" => true,
        "" => request.Headers.Origin is { Count: > 0 } origin && IsOurs(origin.ToString(), request),
        _ => false,
    };

    private static string? Reason(HttpContext context)
    {
        var request = context.Request;
        var scheme = context.User.Identity?.AuthenticationType;
        if (IsRead(request.Method) || scheme is TokenHandler.SchemeName or SessionHandler.SchemeName) return null;

        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site is not ("" or "same-origin" or "none")) return "The browser says that another site sent this.";
        if (request.Headers.Origin is { Count: > 0 } origin && !IsOurs(origin.ToString(), request))
            return $"This came from another origin than {request.Scheme}://{request.Host}.";
        return scheme == SessionCookie.SchemeName && !HasFormToken(context) && request.Headers[Header] != "1"
            ? "A write came with a session cookie alone."
            : null;
    }

    private static bool IsRead(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    // Only an exact origin is ours, so that "null", several origins and nonsense never pass.
    private static bool IsOurs(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var from)
        && Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var own)
        && from.PathAndQuery == "/" && from.UserInfo.Length == 0
        && from.GetLeftPart(UriPartial.Authority) == own.GetLeftPart(UriPartial.Authority);

    // The antiforgery middleware looks at these methods only.
    private static bool HasFormToken(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IAntiforgeryMetadata>() is { RequiresValidation: true }
        && (HttpMethods.IsPost(context.Request.Method) || HttpMethods.IsPut(context.Request.Method)
            || HttpMethods.IsPatch(context.Request.Method));
}
