using System.Text.Json.Nodes;
using Guerdon.Kernel;
using Guerdon.Scim.Documents;
using Guerdon.Scim.Filters;
using Guerdon.Scim.Schemas;

namespace Guerdon.Scim.Patches;

/// <summary>
/// What operations make of a resource, in their order, all or none. Where a path chooses among values and none fits,
/// one is made from what the path says, if that is nothing but equalities: Entra ID expects it of replace too.
/// </summary>
internal static class ResourcePatch
{
    /// <returns>Another resource; the one given is left as it is.</returns>
    public static Result<JsonObject> Apply(
        ResourceType type, JsonObject resource, IReadOnlyList<PatchOperation> operations)
    {
        var changed = (JsonObject)resource.DeepClone();
        foreach (var operation in operations)
        {
            if (Apply(type, changed, operation) is { } refused) return refused;
            // After each, since comparing what is added with what is there takes their product.
            if (TooMany(changed) is { } many) return many;
        }

        return ResourceReader.Complete(type, changed);
    }

    private static Refused? TooMany(JsonObject resource)
    {
        var lists = resource.Concat(resource.SelectMany(member => member.Value as JsonObject ?? []));
        var longest = lists.FirstOrDefault(one => one.Value is JsonArray { Count: > ValueReader.MostValues });
        return longest.Value is null ? null : ScimRefusals.ValueInvalid.With(
            $"{longest.Key} would have more than {ValueReader.MostValues} values.");
    }

    private static Refused? Apply(ResourceType type, JsonObject resource, PatchOperation operation)
    {
        if (operation.Path is null) return WithoutPath(type, resource, operation);
        if (!PatchPath.Read(type, operation.Path).Is(out var path, out var refused)) return refused;
        if (path.At.Attribute is null) return WholeSchema(type, resource, operation, path.At);
        if (path.At.Attribute.Mutability == Mutability.WriteOnly) return null; // a password, which is saved nowhere
        if (!ResourceReader.IsTaken(path.At)) return ScimRefusals.ReadOnly.With($"{path.At} is not yours to change.");
        if (operation.Kind == PatchKind.Remove) return Remove(resource, path, operation.Value);
        if (path.Choice is not null) return Chosen(resource, path, path.Choice, operation);

        Refused? fault = null;
        var value = ValueReader.Read(path.At.Leaf!, operation.Value, ref fault);
        if (fault is not null) return fault;
        Put(resource, path.At, value, operation.Kind);
        return null;
    }

    // Each key is a path of its own: {"name.givenName":"Ada","urn:…:User:department":"Research"}.
    private static Refused? WithoutPath(ResourceType type, JsonObject resource, PatchOperation operation)
    {
        if (operation.Value is not JsonObject values)
            return ScimRefusals.SyntaxInvalid.With("An operation without a path has no object as its value.");
        foreach (var (key, value) in values)
            if (PutKey(type, resource, key, value, operation.Kind) is { } refused) return refused;
        return null;
    }

    private static Refused? PutKey(
        ResourceType type, JsonObject resource, string key, JsonNode? value, PatchKind kind)
    {
        if (key.Contains('[', StringComparison.Ordinal)) // Entra ID: {"emails[type eq \"work\"].value":"a@b"}
            return PatchPath.Read(type, key).Is(out var path, out _) && ResourceReader.IsTaken(path.At)
                ? Chosen(resource, path, path.Choice!, new(kind, key, value)) : null;
        if (type.Resolve(key) is not { } at) return null; // unknown
        if (at.Attribute is null)
        {
            if (at.Extension is null || value is not JsonObject own) return null;
            foreach (var (name, each) in own)
                if (PutKey(type, resource, $"{at.Extension.Id}:{name}", each, kind) is { } refused) return refused;
            return null;
        }

        if (!ResourceReader.IsTaken(at)) return null; // the server's own: Okta sends the id with each change
        Refused? fault = null;
        var read = ValueReader.Read(at.Leaf!, value, ref fault);
        if (fault is null) Put(resource, at, read, kind);
        return fault;
    }

    private static Refused? WholeSchema(
        ResourceType type, JsonObject resource, PatchOperation operation, AttributePath at)
    {
        if (operation.Kind != PatchKind.Remove)
            return WithoutPath(type, resource, operation with
            {
                Value = at.Extension is null ? operation.Value
                    : new JsonObject { [at.Extension.Id] = operation.Value?.DeepClone() },
            });
        if (at.Extension is null) return ScimRefusals.ReadOnly.With("A resource is removed by DELETE.");
        resource.Remove(at.Extension.Id);
        return null;
    }

    private static void Put(JsonObject resource, AttributePath at, JsonNode? value, PatchKind kind)
    {
        if (at is { Part: null, Attribute: { IsMulti: true } attribute } && kind == PatchKind.Add)
        {
            if (value is JsonArray added) Append(resource, at, attribute, added);
            return;
        }

        // The parts that are named are replaced, and others stay (RFC 7644, 3.5.2.3).
        if (at is { Part: null, Attribute: { IsMulti: false, Type: AttributeType.Complex } complex }
            && value is JsonObject parts)
        {
            foreach (var part in complex.Parts)
                if (parts[part.Name] is { } one)
                    ResourceReader.Write(resource, at with { Part = part }, one.DeepClone());
            return;
        }

        ResourceReader.Write(resource, at, value);
    }

    private static void Append(JsonObject resource, AttributePath at, ScimAttribute attribute, JsonArray added)
    {
        if (HolderOf(resource, at)?[attribute.Name] is not JsonArray values)
        {
            ResourceReader.Write(resource, at, added);
            return;
        }

        foreach (var each in added.Select(one => one!.DeepClone()))
        {
            var kept = values.FirstOrDefault(one => IsSame(one, each));
            if (kept is null) values.Add(kept = each);
            else foreach (var (name, part) in (each as JsonObject) ?? []) kept[name] = part?.DeepClone();
            if (ValueReader.IsPrimary(each)) OnlyPrimary(values, kept);
        }
    }

    // The same value for the same purpose is one; an address, which has no value, is the same where all of it is.
    private static bool IsSame(JsonNode? one, JsonNode? other) =>
        one is JsonObject a && other is JsonObject b && (a["value"] ?? b["value"]) is not null
            ? JsonNode.DeepEquals(a["value"], b["value"])
                && JsonNode.DeepEquals(a["type"], b["type"])
            : JsonNode.DeepEquals(one, other);

    private static Refused? Chosen(JsonObject resource, PatchPath path, Filter choice, PatchOperation operation)
    {
        var attribute = path.At.Attribute!;
        Refused? fault = null;
        var value = path.At.Part is { } only
            ? ValueReader.Read(only, operation.Value, ref fault)
            : ValueReader.One(attribute, operation.Value, ref fault);
        if (fault is not null) return fault;

        var values = HolderOf(resource, path.At)?[attribute.Name] as JsonArray;
        JsonObject[] matches = [.. (values ?? []).OfType<JsonObject>().Where(one => FilterMatch.Is(choice, one))];
        if (matches.Length == 0)
        {
            if (Filter.Equalities(choice) is not { } equalities)
                return ScimRefusals.NoTarget.With($"{path.At} has no value that '{operation.Path}' chooses.");
            var made = new JsonObject();
            foreach (var equality in equalities)
                made[equality.Path.Part!.Name] = FilterMatch.ValueOf(equality);
            values = ArrayAt(resource, path.At);
            values.Add(made);
            matches = [made];
        }

        foreach (var match in matches) PutInto(match, path.At.Part, value, operation.Kind);
        if (matches.FirstOrDefault(ValueReader.IsPrimary) is { } primary) OnlyPrimary(values!, primary);
        Tidy(resource, path.At);
        return null;
    }

    private static void PutInto(JsonObject element, ScimAttribute? part, JsonNode? value, PatchKind kind)
    {
        if (part is not null)
        {
            element.Remove(part.Name);
            if (value is not null) element[part.Name] = value.DeepClone();
            return;
        }

        if (kind == PatchKind.Replace) element.Clear();
        foreach (var (name, one) in value as JsonObject ?? []) element[name] = one?.DeepClone();
    }

    private static Refused? Remove(JsonObject resource, PatchPath path, JsonNode? named)
    {
        var (at, attribute) = (path.At, path.At.Attribute!);
        if (attribute.IsRequired || (at.Extension is null && attribute.Name == "active"))
            return ScimRefusals.ReadOnly.With($"{at} always has a value.");
        var values = HolderOf(resource, at)?[attribute.Name] as JsonArray;
        if (path.Choice is { } choice)
        {
            JsonObject[] chosen = [.. (values ?? []).OfType<JsonObject>().Where(one => FilterMatch.Is(choice, one))];
            if (chosen.Length == 0)
                return ScimRefusals.NoTarget.With($"{at} has no value that the path chooses.");
            foreach (var one in chosen)
                if (at.Part is { } part) one.Remove(part.Name);
                else values!.Remove(one);
        }
        else if (at.Part is null && attribute.IsMulti && named is JsonArray { Count: > 0 } list)
        {
            if (RemoveNamed(attribute, values, list) is { } refused) return refused;
        }
        else
        {
            ResourceReader.Write(resource, at, null);
        }

        Tidy(resource, at);
        return null;
    }

    // Entra ID: {"op":"remove","path":"emails","value":[{"value":"a@b"}]}: those that are named, and no others.
    private static Refused? RemoveNamed(ScimAttribute attribute, JsonArray? values, JsonArray list)
    {
        Refused? fault = null;
        foreach (var each in list)
        {
            var read = ValueReader.One(attribute, each, ref fault);
            if (fault is not null) return fault;
            if (read is null) return ScimRefusals.ValueInvalid.With($"A value of {attribute.Name} is empty.");
            var found = values?.FirstOrDefault(one => IsNamed(one, read));
            if (found is not null) values!.Remove(found);
        }

        return null;
    }

    // By its value, or by all that is said of it.
    private static bool IsNamed(JsonNode? one, JsonNode named) => one is JsonObject parts && named is JsonObject said
        ? said.All(part => JsonNode.DeepEquals(parts[part.Key], part.Value))
            || (said["value"] is { } value && JsonNode.DeepEquals(parts["value"], value))
        : JsonNode.DeepEquals(one, named);

    private static void OnlyPrimary(JsonArray values, JsonNode? primary)
    {
        foreach (var other in values.OfType<JsonObject>())
            if (other != primary && ValueReader.IsPrimary(other)) other["primary"] = false;
    }

    private static JsonObject? HolderOf(JsonObject resource, AttributePath at) =>
        at.Extension is null ? resource : resource[at.Extension.Id] as JsonObject;

    private static JsonArray ArrayAt(JsonObject resource, AttributePath at)
    {
        if (HolderOf(resource, at)?[at.Attribute!.Name] is JsonArray values) return values;
        var made = new JsonArray();
        ResourceReader.Write(resource, at with { Part = null }, made);
        return made;
    }

    // What has no value is not there.
    private static void Tidy(JsonObject resource, AttributePath at)
    {
        if (HolderOf(resource, at)?[at.Attribute!.Name] is not JsonArray values) return;
        for (var i = values.Count - 1; i >= 0; i--)
            if (values[i] is JsonObject { Count: 0 }) values.RemoveAt(i);
        if (values.Count == 0) ResourceReader.Write(resource, at with { Part = null }, null);
    }
}
