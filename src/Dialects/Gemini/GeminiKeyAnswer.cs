using System.Net;
using System.Text.Json;

namespace Guerdon.Dialects.Gemini;

/// <summary>Google answers 400 to a key that it does not know, where the others answer 401.</summary>
internal static class GeminiKeyAnswer
{
    private const int MostBytes = 1 << 20; // of an error
    private const string Reason = "API_KEY_INVALID";

    /// <summary>Makes it a 401 where the error says that the key is the reason. The body stays to be read.</summary>
    /// <param name="response">Of status 400.</param>
    /// <param name="ct">Stops reading.</param>
    public static async Task CorrectAsync(HttpResponseMessage response, CancellationToken ct)
    {
        await response.Content.LoadIntoBufferAsync(MostBytes, ct);
        if (IsOfKey(await response.Content.ReadAsByteArrayAsync(ct)))
            response.StatusCode = HttpStatusCode.Unauthorized;
    }

    // Only the reason counts: the message may quote what the caller sent.
    internal static bool IsOfKey(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("error", out var error)
                && error.ValueKind == JsonValueKind.Object && error.TryGetProperty("details", out var details)
                && details.ValueKind == JsonValueKind.Array
                && details.EnumerateArray().Any(detail => detail.ValueKind == JsonValueKind.Object
                    && detail.TryGetProperty("reason", out var reason) && reason.ValueEquals(Reason));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
