using System.Globalization;
using Guerdon.Dialects.Calls;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Relay.Callers;

/// <summary>Writes refusals as the caller's own provider would, so that its SDK raises the right error.</summary>
public static class CallerShape
{
    public static async Task RefuseAsync(
        HttpContext http, Dialect dialect, Refused refused, string? requestId = null)
    {
        var id = requestId ?? http.TraceIdentifier;
        var response = http.Response;
        response.StatusCode = refused.Refusal.Status;
        response.ContentType = "application/json";
        response.Headers[dialect.RequestIdHeader] = id;
        // The SDKs of both providers obey this header; otherwise they retry every 5xx and 429.
        response.Headers["x-should-retry"] = refused.Refusal.Retryable ? "true" : "false";
        if (refused.Refusal == RelayRefusals.EncodedBody) response.Headers.AcceptEncoding = Inflation.Codings;
        if (refused.RetryAfter is { } wait)
            response.Headers.RetryAfter =
                Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

        var json = dialect.ErrorBody(refused, id, dialect.ReadsArray(http.Request));
        response.ContentLength = json.Length;
        await response.Body.WriteAsync(json);
    }
}
