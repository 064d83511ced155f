using System.Text.Json;
using System.Text.Json.Nodes;
using Guerdon.Dialects;
using Guerdon.Dialects.Callers;
using Guerdon.Dialects.Gemini;
using Guerdon.Kernel;

namespace Guerdon.Gateway.Forwarding;

/// <summary>An error as the last event of a stream that has begun, as the caller's provider would send it.</summary>
internal static class StreamError
{
    /// <param name="api">What was called.</param>
    /// <param name="refused">What is said.</param>
    /// <param name="requestId">To find it by.</param>
    /// <param name="events">How many events went before it: Responses numbers its own, and an array's first element
    /// has a bracket before it.</param>
    public static byte[] Of(Api api, Refused refused, string requestId, int events) => api switch
    {
        Api.StreamArray => Join(events == 0 ? "["u8 : ",\r\n"u8, Gemini(refused, requestId), "]"u8),
        Api.Responses => Join("event: error\ndata: "u8, Responses(refused, requestId, events), "\n\n"u8),
        Api.Messages => Join(
            "event: error\ndata: "u8, CallerShape.Body(Dialect.Anthropic, refused, requestId), "\n\n"u8),
        Api.StreamEvents => Join("data: "u8, Gemini(refused, requestId), "\r\n\r\n"u8),
        _ => Join("data: "u8, CallerShape.Body(api.Dialect, refused, requestId), "\n\n"u8),
    };

    private static byte[] Gemini(Refused refused, string requestId) =>
        GeminiError.Body(refused, requestId, GatewayStop.RetryAfter, isElement: false);

    // Flat as it is documented, and with the object that the SDKs raise an error for.
    private static byte[] Responses(Refused refused, string requestId, int events)
    {
        var error = JsonNode.Parse(CallerShape.Body(Dialect.OpenAi, refused, requestId))!["error"]!.AsObject();
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["type"] = "error", ["sequence_number"] = events, ["code"] = error["code"]!.DeepClone(),
            ["message"] = error["message"]!.DeepClone(), ["param"] = null, ["error"] = error.DeepClone(),
        });
    }

    private static byte[] Join(ReadOnlySpan<byte> before, ReadOnlySpan<byte> json, ReadOnlySpan<byte> after) =>
        [.. before, .. json, .. after];
}
