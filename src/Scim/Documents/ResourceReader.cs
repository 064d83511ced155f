using System.Text.Json.Nodes;
using Guerdon.Kernel;
using Guerdon.Scim.Schemas;

namespace Guerdon.Scim.Documents;

/// <summary>
/// A resource as it was sent, made into the one that is saved: attributes by their right names and in their right form.
/// What is unknown, and what only the server writes, is left out without an error.
/// </summary>
internal static class ResourceReader
{
    /// <summary>Reads the body of a POST or PUT.</summary>
    public static Result<JsonObject> Read(ResourceType type, JsonObject sent)
    {
        var resource = new JsonObject();
        Refused? fault = null;
        foreach (var (name, value) in sent) Put(type, resource, name, value, ref fault);
        if (fault is not null) return fault;
        return Complete(type, resource);
    }

    /// <summary>Checks that nothing is missing, and writes down which schemas it has attributes of.</summary>
    public static Result<JsonObject> Complete(ResourceType type, JsonObject resource)
    {
        foreach (var attribute in type.Attributes)
            if (attribute is { IsRequired: true } && resource[attribute.Name] is null)
                return ScimRefusals.ValueInvalid.With($"{attribute.Name} is missing.");
        var schemas = new JsonArray(type.Core.Id);
        foreach (var extension in type.Extensions)
            if (resource[extension.Id] is not null) schemas.Add(extension.Id);
        resource["schemas"] = schemas;
        return resource;
    }

    /// <summary>Writes what one key of an object says, where the key is a name, a path with dots, or a URN: Entra ID
    /// sends all three. An empty value takes the attribute away.</summary>
    public static void Put(
        ResourceType type, JsonObject resource, string name, JsonNode? value, ref Refused? fault)
    {
        if (type.Resolve(name) is not { } path) return;
        if (path.Attribute is null)
        {
            if (path.Extension is null || value is not JsonObject own) return;
            foreach (var (key, each) in own)
                Put(type, resource, $"{path.Extension.Id}:{key}", each, ref fault);
            return;
        }

        if (IsTaken(path)) Write(resource, path, ReadAt(path, value, ref fault));
    }

    /// <summary>Whether what callers send for it is saved: not what is the server's, nor a password, nor members, which
    /// are rows.</summary>
    public static bool IsTaken(AttributePath path) =>
        path.Attribute is { IsReadOnly: false, Mutability: not Mutability.WriteOnly } attribute
        && path.Part is not { IsReadOnly: true } && attribute.Name != GroupSchema.Members;

    /// <summary>Writes a value where a path leads. A part of an attribute with several values is written into each of
    /// them; where there is none, one is made.</summary>
    /// <param name="resource">What is changed.</param>
    /// <param name="path">Where.</param>
    /// <param name="value">In the schema's form; null: none.</param>
    public static void Write(JsonObject resource, AttributePath path, JsonNode? value)
    {
        var holder = resource;
        if (path.Extension is { } extension)
        {
            if (resource[extension.Id] is not JsonObject own) resource[extension.Id] = own = [];
            holder = own;
        }

        var name = path.Attribute!.Name;
        if (path.Part is not { } part) Set(holder, name, value);
        else if (path.Attribute.IsMulti) WriteIntoEach(holder, name, part.Name, value);
        else
        {
            if (holder[name] is not JsonObject parts) holder[name] = parts = [];
            Set(parts, part.Name, value);
            if (parts.Count == 0) holder.Remove(name);
        }

        if (path.Extension is not null && holder.Count == 0) resource.Remove(path.Extension.Id);
    }

    private static JsonNode? ReadAt(AttributePath path, JsonNode? value, ref Refused? fault) =>
        ValueReader.Read(path.Leaf!, value, ref fault);

    private static void WriteIntoEach(JsonObject holder, string name, string part, JsonNode? value)
    {
        if (holder[name] is not JsonArray values)
        {
            if (value is not null) holder[name] = new JsonArray(new JsonObject { [part] = value });
            return;
        }

        foreach (var each in values.OfType<JsonObject>()) Set(each, part, value?.DeepClone());
        for (var i = values.Count - 1; i >= 0; i--)
            if (values[i] is JsonObject { Count: 0 }) values.RemoveAt(i);
        if (values.Count == 0) holder.Remove(name);
    }

    private static void Set(JsonObject holder, string name, JsonNode? value)
    {
        holder.Remove(name);
        if (value is not null) holder[name] = value;
    }
}
