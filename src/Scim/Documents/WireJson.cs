using System.Text.Json;
using System.Text.Json.Nodes;
using Guerdon.Kernel;
using Guerdon.Scim.Answers;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Guerdon.Scim.Documents;

/// <summary>Reads a body: a JSON object whose texts PostgreSQL can hold. It is read whole here, so that nothing finds
/// later what is wrong with it.</summary>
internal static class WireJson
{
    /// <summary>The longest number, in characters: reading a long one takes the square of its length.</summary>
    public const int MostDigits = 40;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    public static async Task<Result<JsonObject>> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (!IsJson(request.ContentType))
            return ScimRefusals.MediaTypeOther.With($"The body is '{Wording.Shortened(request.ContentType ?? "")}'.");
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, Options, ct);
            return Read(document.RootElement);
        }
        catch (Exception e) when (Fault(e) is not null)
        {
            return Fault(e)!;
        }
    }

    /// <summary>The same of a text.</summary>
    public static Result<JsonObject> Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            return Read(document.RootElement);
        }
        catch (Exception e) when (Fault(e) is not null)
        {
            return Fault(e)!;
        }
    }

    // Half of a surrogate pair, or bytes that are not UTF-8: the reader throws what is no error of its own.
    private static Refused? Fault(Exception e) => e switch
    {
        JsonException => ScimRefusals.SyntaxInvalid.With($"The body is not JSON: {e.Message}"),
        InvalidOperationException { Source: "System.Text.Json" or "System.Text.Json.Rethrowable" } =>
            ScimRefusals.ValueInvalid.With("The body has half a character or bytes that are not UTF-8."),
        _ => null,
    };

    // Without one it is taken as JSON too: some send none.
    private static bool IsJson(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType)) return true;
        return MediaTypeHeaderValue.TryParse(contentType, out var type) && (
            type.MediaType.Equals(ScimAnswer.MediaType, StringComparison.OrdinalIgnoreCase)
            || type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase));
    }

    private static Result<JsonObject> Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return ScimRefusals.SyntaxInvalid.With("The body is not a JSON object.");
        string? fault = null;
        var copy = (JsonObject)Copy(root, ref fault)!;
        return fault is null ? copy : ScimRefusals.ValueInvalid.With(fault);
    }

    private static JsonNode? Copy(JsonElement element, ref string? fault)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var copy = new JsonObject();
                foreach (var property in element.EnumerateObject())
                {
                    if (InputText.Fault(property.Name, 500) is { } wrong) fault ??= $"The name of an attribute {wrong}";
                    copy[property.Name] = Copy(property.Value, ref fault);
                }

                return copy;
            case JsonValueKind.Array:
                var list = new JsonArray();
                foreach (var item in element.EnumerateArray()) list.Add(Copy(item, ref fault));
                return list;
            case JsonValueKind.String:
                var text = element.GetString()!;
                if (InputText.Fault(text) is { } fails) fault ??= $"A text {fails}";
                return JsonValue.Create(text);
            case JsonValueKind.True or JsonValueKind.False:
                return JsonValue.Create(element.GetBoolean());
            case JsonValueKind.Number:
                if (element.GetRawText().Length > MostDigits)
                    fault ??= $"A number has more than {MostDigits} characters.";
                return JsonValue.Create(element.Clone());
            default:
                return null;
        }
    }
}
