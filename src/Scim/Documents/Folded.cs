using System.Text.Json;
using System.Text.Json.Nodes;
using Guerdon.Scim.Schemas;

namespace Guerdon.Scim.Documents;

/// <summary>A resource as filters see it: texts whose case does not count are in lower case.</summary>
internal static class Folded
{
    public static JsonObject Of(ResourceType type, JsonObject resource)
    {
        var folded = Parts([.. type.Attributes], resource);
        foreach (var extension in type.Extensions)
            if (resource[extension.Id] is JsonObject own) folded[extension.Id] = Parts(extension.Attributes, own);
        return folded;
    }

    private static JsonObject Parts(IReadOnlyList<ScimAttribute> attributes, JsonObject values)
    {
        var folded = new JsonObject();
        foreach (var attribute in attributes)
            if (values[attribute.Name] is { } value) folded[attribute.Name] = Value(attribute, value);
        return folded;
    }

    private static JsonNode Value(ScimAttribute attribute, JsonNode value) => value switch
    {
        JsonArray list => new JsonArray([.. list.Where(one => one is not null).Select(one => Value(attribute, one!))]),
        JsonObject parts => Parts(attribute.Parts, parts),
        _ when value.GetValueKind() == JsonValueKind.String =>
            JsonValue.Create(attribute.Fold(value.GetValue<string>())),
        _ => value.DeepClone(),
    };
}
