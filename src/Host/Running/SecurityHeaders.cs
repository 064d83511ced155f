using Microsoft.Extensions.Options;

namespace Guerdon.Host.Running;

/// <summary>
/// Headers of every answer: of pages, the API and the gateway, and of what is refused or fails before any of them.
/// Pages have no inline script or style, so the policy needs no exception. Of an answer that the gateway relays they
/// touch nothing that the provider said.
/// </summary>
internal static class SecurityHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";

    // Names as in RFC 9110, where any case is the same.
    private static readonly (string Name, string Value)[] All =
    [
        ("Content-Security-Policy", Policy), ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
        // What one account saw must not be shown from a cache to the next. Endpoints that may be cached say so later.
        ("Cache-Control", "no-cache, no-store"),
    ];

    /// <summary>First of all that a request passes.</summary>
    public static void UseSecurityHeaders(this WebApplication app)
    {
        var hsts = app.Services.GetRequiredService<IOptions<PublicOptions>>().Value.Hsts;
        var headers = hsts is null ? All : [.. All, ("Strict-Transport-Security", hsts)];
        app.Use((http, next) =>
        {
            // At once, so that whoever wants another value says it after; and again as the answer leaves, since an
            // answer that is thrown away for another loses its headers.
            foreach (var (name, value) in headers) http.Response.Headers[name] = value;
            http.Response.OnStarting(Complete, http.Response);
            return next(http);
        });

        Task Complete(object answer)
        {
            var its = ((HttpResponse)answer).Headers;
            foreach (var (name, value) in headers) its.TryAdd(name, value);
            return Task.CompletedTask;
        }
    }
}
