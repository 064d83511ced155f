using System.Text.Json;
using System.Text.Json.Nodes;
using Guerdon.Kernel;
using Guerdon.Scim.Schemas;

namespace Guerdon.Scim.Documents;

/// <summary>
/// Values as they were sent, made into what a schema says they are: booleans that are texts, a manager that is a bare
/// id or a list, a role that is JSON in a text. What is empty has no value.
/// </summary>
internal static class ValueReader
{
    /// <summary>The most values that an attribute may have; members of a group are not among them.</summary>
    public const int MostValues = 200;

    private const string Value = "value";

    /// <summary>All values of an attribute.</summary>
    /// <returns>In the schema's form, an array where there are several; null: no value.</returns>
    public static JsonNode? Read(ScimAttribute attribute, JsonNode? sent, ref Refused? fault)
    {
        if (!attribute.IsMulti) return One(attribute, Single(sent), ref fault);
        var items = sent switch
        {
            null => [],
            JsonArray list => [.. list],
            _ => (IReadOnlyList<JsonNode?>)[sent],
        };
        if (items.Count > MostValues)
        {
            fault ??= ScimRefusals.ValueInvalid.With(
                $"{attribute.Name} has {items.Count:#,0} values; {MostValues} are the most.");
            return null;
        }

        var read = new JsonArray();
        foreach (var item in items)
            if (One(attribute, item, ref fault) is { } value) read.Add(value);
        KeepFirstPrimary(read);
        return read.Count == 0 ? null : read;
    }

    /// <summary>One value: of an attribute with several, an element.</summary>
    public static JsonNode? One(ScimAttribute attribute, JsonNode? sent, ref Refused? fault) =>
        attribute.Type == AttributeType.Complex
            ? Complex(attribute, sent, ref fault)
            : Simple(attribute, sent, ref fault);

    /// <summary>Entra ID sends some single values as a list of one.</summary>
    private static JsonNode? Single(JsonNode? sent) => sent is JsonArray list ? list.FirstOrDefault() : sent;

    private static JsonValue? Simple(ScimAttribute attribute, JsonNode? sent, ref Refused? fault)
    {
        var kind = sent?.GetValueKind() ?? JsonValueKind.Null;
        if (kind == JsonValueKind.Null) return null;
        if (attribute.Type == AttributeType.Boolean)
        {
            if (kind is JsonValueKind.True or JsonValueKind.False) return JsonValue.Create(kind == JsonValueKind.True);
            if (kind == JsonValueKind.String && bool.TryParse(sent!.GetValue<string>(), out var flag))
                return JsonValue.Create(flag);
            if (kind == JsonValueKind.String && sent!.GetValue<string>().Length == 0) return null;
            fault ??= Wrong(attribute, "true or false");
            return null;
        }

        if (kind == JsonValueKind.Number) return JsonValue.Create(sent!.ToJsonString());
        if (kind != JsonValueKind.String)
        {
            fault ??= Wrong(attribute, "a text");
            return null;
        }

        var text = sent!.GetValue<string>();
        return text.Length == 0 ? null : JsonValue.Create(text);
    }

    private static JsonObject? Complex(ScimAttribute attribute, JsonNode? sent, ref Refused? fault)
    {
        if (sent is null) return null;
        if (sent is not JsonObject parts)
        {
            var own = attribute.Part(Value);
            if (own is null || sent.GetValueKind() is not (JsonValueKind.String or JsonValueKind.Number))
            {
                fault ??= Wrong(attribute, own is null ? "an object" : "an object or a text");
                return null;
            }

            parts = Unpacked(sent) ?? new JsonObject { [Value] = sent.DeepClone() };
        }
        else if (Named(parts, Value) is JsonValue packed && Unpacked(packed) is { } inside)
        {
            parts = inside;
        }

        var read = new JsonObject();
        foreach (var (name, value) in parts)
        {
            if (attribute.Part(name) is not { IsReadOnly: false } part) continue; // unknown, or the server's own
            read.Remove(part.Name);
            if (Read(part, value, ref fault) is { } one) read[part.Name] = one;
        }

        return read.Count == 0 ? null : read;
    }

    // Entra ID's AppRoleAssignmentsComplex: {"id":"…","value":"Admin","displayName":"Admin"} as a text.
    private static JsonObject? Unpacked(JsonNode sent)
    {
        if (sent.GetValueKind() != JsonValueKind.String || sent.GetValue<string>().TrimStart() is not ['{', ..])
            return null;
        if (!WireJson.Read(sent.GetValue<string>()).Is(out var inside, out _)) return null;
        if (Named(inside, Value) is not { } value || value.GetValueKind() != JsonValueKind.String) return null;
        var read = new JsonObject { [Value] = value.DeepClone() };
        var shown = Named(inside, "display") ?? Named(inside, "displayName");
        if (shown is not null) read["display"] = shown.DeepClone();
        return read;
    }

    /// <summary>A member by its name in any case.</summary>
    public static JsonNode? Named(JsonObject parts, string name)
    {
        foreach (var (key, value) in parts)
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase)) return value;
        return null;
    }

    private static void KeepFirstPrimary(JsonArray values)
    {
        var hasOne = false;
        foreach (var value in values.OfType<JsonObject>())
        {
            if (!IsPrimary(value)) continue;
            if (hasOne) value["primary"] = false;
            hasOne = true;
        }
    }

    public static bool IsPrimary(JsonNode? value) =>
        value is JsonObject parts && parts["primary"]?.GetValueKind() == JsonValueKind.True;

    private static Refused Wrong(ScimAttribute attribute, string wanted) =>
        ScimRefusals.ValueInvalid.With($"{attribute.Name} is not {wanted}.");
}
