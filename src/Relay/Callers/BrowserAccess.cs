using System.Text.RegularExpressions;
using Guerdon.Dialects.Known;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Guerdon.Relay.Callers;

/// <summary>
/// Lets pages of listed origins call the gateway from a browser: of no origin unless one is set, and the gateway's
/// routes alone. Keys stand in headers and never in cookies, so an origin that is not listed gains nothing by a call
/// that needs no preflight: it has no key, and may not read the answer.
/// </summary>
public static partial class BrowserAccess
{
    private const string Methods = "GET, POST, DELETE, HEAD";
    private const int MostAskedBytes = 4_096;
    private const int SecondsKept = 600;

    /// <summary>Whether a text is an origin as browsers send it: scheme, host, and a port that is not usual.</summary>
    public static bool IsOrigin(string text) => Origin().IsMatch(text);

    /// <summary>Marks the answers of all routes of a group that a listed origin may read.</summary>
    public static void Allow(IEndpointConventionBuilder routes, IReadOnlyCollection<string> origins)
    {
        if (origins.Count == 0) return;
        routes.Add(endpoint =>
        {
            var serve = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = http =>
            {
                if (OriginOf(http, origins) is { } origin) Mark(http.Response.Headers, origin);
                return serve(http);
            };
        });
    }

    /// <summary>Answers a browser that asks before it calls.</summary>
    public static RequestDelegate Preflight(IReadOnlyCollection<string> origins, RequestDelegate otherwise) => http =>
    {
        var asked = http.Request.Headers;
        if (asked.Origin.Count == 0 || asked.AccessControlRequestMethod.Count == 0) return otherwise(http);
        http.Response.Headers.Vary = HeaderNames.Origin;
        if (OriginOf(http, origins) is null)
            return CallerShape.RefuseAsync(http, KnownDialects.Of(http.Request),
                RelayRefusals.OriginNotAllowed.With("This page's origin may not call the gateway from a browser."));

        // Any header may be asked for, because HeaderRules decides which of them go on, and none of them is a cookie.
        string? headers = asked.AccessControlRequestHeaders;
        var answer = http.Response.Headers;
        answer.AccessControlAllowMethods = Methods;
        if (headers is { Length: > 0 and <= MostAskedBytes } && HeaderNamesOnly().IsMatch(headers))
            answer.AccessControlAllowHeaders = headers;
        answer.AccessControlMaxAge = SecondsKept.ToString(System.Globalization.CultureInfo.InvariantCulture);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    };

    private static void Mark(IHeaderDictionary answer, string origin)
    {
        answer.AccessControlAllowOrigin = origin;
        answer.AccessControlExposeHeaders = "*"; // what comes down passed a list
        answer.Vary = HeaderNames.Origin;
    }

    private static string? OriginOf(HttpContext http, IReadOnlyCollection<string> origins) =>
        http.Request.Headers.Origin is [{ } origin] && origins.Contains(origin, StringComparer.OrdinalIgnoreCase)
            ? origin : null;

    [GeneratedRegex(@"\A[a-z][a-z0-9+.-]*://[A-Za-z0-9.\[\]:_-]+\z")]
    private static partial Regex Origin();

    [GeneratedRegex(@"\A[A-Za-z0-9!#$%&'*+.^_`|~, -]+\z")]
    private static partial Regex HeaderNamesOnly();
}
