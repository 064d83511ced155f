using System.Collections.Frozen;
using System.Net;
using System.Text.Json;

namespace Guerdon.Providers;

/// <summary>
/// What a provider's 401 or 403 is about: the company's key, or what the caller asked for, which
/// says nothing of the key.
/// </summary>
internal static class Denial
{
    private const int MostBytes = 1 << 20; // of an error

    // In error.code, error.type or code. Sources: the error guides of OpenAI, Mistral and xAI. Others must count
    // against the key.
    private static readonly FrozenSet<string> OfRequest = new[]
    {
        "mismatched_organization", "mismatched_project", "invalid_organization", "invalid_project",
        "organization_not_found", "project_not_found", "not_in_organization", "model_not_found",
        "model_not_available", "model_not_allowed", "unsupported_model", "model_permission_denied", "missing_scope",
        "insufficient_permissions", "content_policy_violation", "content_filter", "moderation_blocked",
        "unsupported_country_region_territory",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether an answer is one.</summary>
    public static bool Is(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;

    /// <summary>
    /// Reads a denial, whose body stays to be read. A 401 about what was asked becomes a 403: the caller's own key is
    /// good, and their tools would take a 401 for a word about it.
    /// </summary>
    /// <returns>True where it is about what was asked.</returns>
    public static async Task<bool> IsOfRequestAsync(HttpResponseMessage response, CancellationToken ct)
    {
        await response.Content.LoadIntoBufferAsync(MostBytes, ct);
        var isOfRequest = IsOfRequest(await response.Content.ReadAsByteArrayAsync(ct));
        if (isOfRequest) response.StatusCode = HttpStatusCode.Forbidden;
        return isOfRequest;
    }

    internal static bool IsOfRequest(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return false;
            var isNested = json.RootElement.TryGetProperty("error", out var error)
                && error.ValueKind == JsonValueKind.Object;
            var said = isNested ? error : json.RootElement;
            return IsListed(said, "code") || IsListed(said, "type") || NamesScopes(said);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsListed(JsonElement said, string member) =>
        said.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
        && OfRequest.Contains(value.GetString()!);

    // OpenAI's restricted keys: good for some paths and not for others, and only the message says so.
    private static bool NamesScopes(JsonElement said) =>
        said.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String
        && message.GetString()!.Contains("missing scopes", StringComparison.OrdinalIgnoreCase);
}
