using System.Text.Json.Nodes;
using Guerdon.Scim.Schemas;

namespace Guerdon.Scim.Documents;

/// <summary>Which attributes an answer has: <c>attributes</c> and <c>excludedAttributes</c> (RFC 7644, 3.9). Names of
/// no attribute are left out of account.</summary>
internal sealed class Projection
{
    private readonly ResourceType _type;
    private readonly IReadOnlyList<AttributePath>? _wanted;
    private readonly IReadOnlyList<AttributePath> _excluded;

    /// <param name="type">Of the resources.</param>
    /// <param name="wanted">With commas between them; null or empty: all.</param>
    /// <param name="excluded">With commas between them.</param>
    public Projection(ResourceType type, string? wanted, string? excluded)
    {
        _type = type;
        _wanted = string.IsNullOrWhiteSpace(wanted) ? null : PathsOf(type, wanted);
        _excluded = PathsOf(type, excluded ?? "");
    }

    /// <summary>Whether any attribute was asked for by name.</summary>
    public bool IsChosen => _wanted is not null;

    /// <summary>Whether an attribute is in the answer at all, so that it has to be read.</summary>
    public bool Has(string attribute) =>
        (_wanted is null || _wanted.Any(path => IsOf(path, attribute)))
        && !_excluded.Any(path => path.Part is null && IsOf(path, attribute));

    /// <summary>What is left of a resource that is in no answer yet. It is changed.</summary>
    public JsonObject Apply(JsonObject resource)
    {
        var left = new JsonObject();
        Move(resource, _type.Attributes, null, left);
        foreach (var extension in _type.Extensions)
        {
            if (Take(resource, extension.Id) is not JsonObject own) continue;
            var parts = new JsonObject();
            Move(own, extension.Attributes, extension, parts);
            if (parts.Count > 0) left[extension.Id] = parts;
        }

        return left;
    }

    private void Move(
        JsonObject from, IEnumerable<ScimAttribute> attributes, ScimSchema? extension, JsonObject left)
    {
        foreach (var attribute in attributes)
            if (Take(from, attribute.Name) is { } value && Keep(extension, attribute, value) is { } kept)
                left[attribute.Name] = kept;
    }

    private JsonNode? Keep(ScimSchema? extension, ScimAttribute attribute, JsonNode value)
    {
        if (attribute.Returned == Returned.Always) return value;
        if (attribute.Returned == Returned.Never) return null;
        AttributePath[]? own = _wanted is null ? null : [.. _wanted.Where(path => Names(path, extension, attribute))];
        if (own is { Length: 0 }) return null;
        if (own?.All(path => path.Part is not null) is true)
            Strip(value, part => own.Any(path => path.Part == part), attribute);

        foreach (var path in _excluded.Where(path => Names(path, extension, attribute)))
        {
            if (path.Part is null) return null;
            Strip(value, part => part != path.Part, attribute);
        }

        return value is JsonObject { Count: 0 } or JsonArray { Count: 0 } ? null : value;
    }

    private static void Strip(JsonNode value, Func<ScimAttribute, bool> isKept, ScimAttribute attribute)
    {
        var gone = attribute.Parts.Where(part => !isKept(part)).ToList();
        foreach (var parts in value is JsonArray list ? list.OfType<JsonObject>() : [(value as JsonObject)!])
            foreach (var part in gone) parts.Remove(part.Name);
    }

    // Without an attribute it is a whole schema.
    private static bool Names(AttributePath path, ScimSchema? extension, ScimAttribute attribute) =>
        path.Extension == extension && (path.Attribute is null || path.Attribute == attribute);

    private static bool IsOf(AttributePath path, string attribute) =>
        path.Extension is null && (path.Attribute is null || path.Attribute.Name == attribute);

    private static JsonNode? Take(JsonObject from, string name)
    {
        var value = from[name];
        from.Remove(name);
        return value;
    }

    private static IReadOnlyList<AttributePath> PathsOf(ResourceType type, string names) =>
    [
        .. names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(type.Resolve).OfType<AttributePath>(),
    ];
}
