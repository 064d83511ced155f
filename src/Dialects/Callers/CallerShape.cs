using System.Globalization;
using System.Text.Json;
using Guerdon.Dialects.Gemini;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Dialects.Callers;

/// <summary>Writes refusals as the caller's own provider would, so that its SDK raises the right error.</summary>
public static class CallerShape
{
    private static readonly JsonWriterOptions Options =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The dialect of a path; elsewhere Anthropic's and Google's SDKs tell themselves by a header.</summary>
    public static Dialect DialectOf(HttpRequest request)
    {
        if (request.Path.StartsWithSegments("/v1/messages") || request.Headers.ContainsKey("anthropic-version"))
            return Dialect.Anthropic;
        return GeminiPaths.IsGemini(request) ? Dialect.Gemini : Dialect.OpenAi;
    }

    public static async Task RefuseAsync(
        HttpContext http, Dialect dialect, Refused refused, TimeSpan? retryAfter = null, string? requestId = null)
    {
        var id = requestId ?? http.TraceIdentifier;
        var response = http.Response;
        response.StatusCode = refused.Refusal.Status;
        response.ContentType = "application/json";
        response.Headers[dialect == Dialect.Anthropic ? "request-id" : "x-request-id"] = id;
        // The SDKs of both providers obey this header; without it they retry every 5xx and 429.
        response.Headers["x-should-retry"] = refused.Refusal.Retryable ? "true" : "false";
        if (refused.Refusal == DialectRefusals.EncodedBody) response.Headers.AcceptEncoding = Inflation.Codings;
        if (retryAfter is { } wait)
            response.Headers.RetryAfter =
                Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

        var json = dialect == Dialect.Gemini
            ? GeminiError.Body(refused, id, retryAfter, GeminiPaths.IsArrayStream(http.Request))
            : Body(dialect, refused, id);
        response.ContentLength = json.Length;
        await response.Body.WriteAsync(json);
    }

    /// <summary>A refusal as OpenAI and Anthropic word it; <see cref="GeminiError"/> has Google's.</summary>
    public static byte[] Body(Dialect dialect, Refused refused, string requestId)
    {
        using var stream = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            if (dialect == Dialect.Anthropic) json.WriteString("type"u8, "error"u8);
            json.WriteStartObject("error"u8);
            json.WriteString("type"u8, dialect == Dialect.Anthropic ? AnthropicType(refused) : OpenAiType(refused));
            json.WriteString("message"u8, $"{refused.Detail} {refused.Refusal.NextStep}");
            json.WriteString("code"u8, refused.Refusal.Code);
            if (dialect == Dialect.OpenAi) json.WriteNull("param"u8);
            json.WriteEndObject();
            if (dialect == Dialect.Anthropic) json.WriteString("request_id"u8, requestId);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static string OpenAiType(Refused refused) => refused.Refusal.Status switch
    {
        401 => "authentication_error",
        402 => "insufficient_quota",
        403 => "permission_error",
        429 => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };

    private static string AnthropicType(Refused refused) => refused.Refusal.Status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        504 => "timeout_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}
