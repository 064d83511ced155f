using Guerdon.Kernel;

namespace Guerdon.Host.Inputs;

/// <summary>Headers of every answer. Pages have no inline script or style, so the policy needs no exception.</summary>
internal static class SecurityHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";

    public static Task Write(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        // What one account saw must not be shown from a cache to the next. Endpoints that may be cached say so later.
        headers.CacheControl = "no-cache, no-store";
        if (context.Features.Get<PublicAddress>()?.Origin.Scheme == Uri.UriSchemeHttps)
            headers.StrictTransportSecurity = "max-age=31536000";
        return next(context);
    }
}
