using System.Text.Json;

namespace Guerdon.Database.Cli;

/// <summary>Finds what an OpenAPI document says.</summary>
internal sealed class ApiDocumentReader(JsonElement document)
{
    /// <summary>The schema of what an endpoint such as <c>GET /api/v1/plans</c> answers where all is well, or with the
    /// status that follows its name.</summary>
    public JsonElement? Reply(string endpoint)
    {
        var words = endpoint.Split(' ');
        var status = words.Length > 2 ? words[2] : "2";
        if (Operation($"{words[0]} {words[1]}") is not { } operation) return null;
        var good = operation.GetProperty("responses").EnumerateObject()
            .FirstOrDefault(r => r.Name.StartsWith(status, StringComparison.Ordinal)).Value;
        return good.ValueKind == JsonValueKind.Object ? Json(good) : null;
    }

    /// <summary>The schema of what it takes.</summary>
    public JsonElement? Request(string endpoint) =>
        Operation(endpoint) is { } operation && operation.TryGetProperty("requestBody", out var body)
            ? Json(body) : null;

    /// <summary>A schema where it is written down, and whether null may stand in its place.</summary>
    public (JsonElement Schema, bool MayBeNull) Resolve(JsonElement schema)
    {
        var mayBeNull = false;
        while (true)
        {
            if (schema.TryGetProperty("oneOf", out var either))
            {
                mayBeNull |= either.EnumerateArray().Any(IsNull);
                schema = either.EnumerateArray().First(s => !IsNull(s));
            }
            else if (schema.TryGetProperty("$ref", out var to))
            {
                schema = document.GetProperty("components").GetProperty("schemas")
                    .GetProperty(to.GetString()!.Split('/')[^1]);
            }
            else
            {
                return (schema, mayBeNull || TypesOf(schema).Contains("null"));
            }
        }
    }

    /// <summary>The JSON types that it may have; an <c>enum</c> without one has text.</summary>
    public static IReadOnlyList<string> TypesOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
            return schema.TryGetProperty("enum", out _) ? ["string"] : [];
        return type.ValueKind == JsonValueKind.Array
            ? [.. type.EnumerateArray().Select(t => t.GetString()!)] : [type.GetString()!];
    }

    private static bool IsNull(JsonElement schema) =>
        schema.TryGetProperty("type", out var type) && type.ValueEquals("null");

    private JsonElement? Operation(string endpoint)
    {
        var words = endpoint.Split(' ');
        return document.GetProperty("paths").TryGetProperty(words[1], out var path)
            && path.TryGetProperty(words[0].ToLowerInvariant(), out var operation) ? operation : null;
    }

    private static JsonElement? Json(JsonElement holder) =>
        holder.TryGetProperty("content", out var content) && content.TryGetProperty("application/json", out var json)
            && json.TryGetProperty("schema", out var schema) ? schema : null;
}
