using System.Globalization;
using System.Text.Json;
using Guerdon.Dialects.Calls;
using Guerdon.Kernel;

namespace Guerdon.Dialects.Gemini;

/// <summary>A refusal as Google words it: <c>google.rpc.Status</c> in JSON, with its details.</summary>
internal static class GeminiError
{
    /// <param name="refused">What is refused, and why.</param>
    /// <param name="requestId">To find it by.</param>
    /// <param name="isElement">The caller reads an array: a stream without <c>alt=sse</c>.</param>
    public static byte[] Body(Refused refused, string requestId, bool isElement) =>
        WrittenJson.Of(json =>
        {
            if (isElement) json.WriteStartArray();
            json.WriteStartObject();
            json.WriteStartObject("error"u8);
            json.WriteNumber("code"u8, refused.Refusal.Status);
            json.WriteString("message"u8, $"{refused.Detail} {refused.Refusal.NextStep}");
            json.WriteString("status"u8, Status(refused.Refusal.Status));
            WriteDetails(json, refused, requestId);
            json.WriteEndObject();
            json.WriteEndObject();
            if (isElement) json.WriteEndArray();
        });

    private static void WriteDetails(Utf8JsonWriter json, Refused refused, string requestId)
    {
        var refusal = refused.Refusal;
        json.WriteStartArray("details"u8);
        json.WriteStartObject();
        json.WriteString("@type"u8, "type.googleapis.com/google.rpc.ErrorInfo"u8);
        json.WriteString("reason"u8, refusal.Code[(refusal.Code.IndexOf('.', StringComparison.Ordinal) + 1)..]
            .ToUpperInvariant());
        json.WriteString("domain"u8, "guerdon"u8);
        json.WriteStartObject("metadata"u8); // strings only
        json.WriteString("code"u8, refusal.Code);
        json.WriteString("retryable"u8, refusal.Retryable ? "true"u8 : "false"u8);
        json.WriteString("requestId"u8, requestId);
        json.WriteEndObject();
        json.WriteEndObject();
        if (refused.RetryAfter is { } wait)
        {
            json.WriteStartObject();
            json.WriteString("@type"u8, "type.googleapis.com/google.rpc.RetryInfo"u8);
            json.WriteString("retryDelay"u8, wait.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + "s");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // google.rpc.Code by HTTP status. It has none for 402, so the nearest is given: what has run out
    // is the caller's to spend.
    private static string Status(int status) => status switch
    {
        401 => "UNAUTHENTICATED",
        402 or 429 => "RESOURCE_EXHAUSTED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        504 => "DEADLINE_EXCEEDED",
        502 or 503 => "UNAVAILABLE",
        >= 500 => "INTERNAL",
        _ => "INVALID_ARGUMENT",
    };
}
