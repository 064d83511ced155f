namespace Guerdon.Scim.Schemas;

/// <summary>A kind of resource, and what it consists of.</summary>
internal sealed class ResourceType
{
    private static readonly ScimAttribute[] Common =
    [
        new("schemas", AttributeType.Reference, "The schemas that this resource has attributes of.")
        {
            IsMulti = true, Mutability = Mutability.ReadOnly, Returned = Returned.Always, ReferenceTypes = ["uri"],
        },
        new("id", AttributeType.Text, "The resource's id, given by Guerdon.")
        {
            IsCaseExact = true, IsUnique = true, Mutability = Mutability.ReadOnly, Returned = Returned.Always,
        },
        new("externalId", AttributeType.Text, "The id that the directory gave.") { IsCaseExact = true },
        new("meta", AttributeType.Complex, "About the resource.")
        {
            Mutability = Mutability.ReadOnly,
            Parts =
            [
                ReadOnly("resourceType", AttributeType.Text), ReadOnly("created", AttributeType.DateTime),
                ReadOnly("lastModified", AttributeType.DateTime), ReadOnly("location", AttributeType.Reference),
                ReadOnly("version", AttributeType.Text),
            ],
        },
    ];

    public static readonly ResourceType User = new(
        "User", "/Users", "A user of the directory.", UserSchema.Core, [UserSchema.Enterprise]);

    public static readonly ResourceType Group = new(
        "Group", "/Groups", "A group of the directory.", GroupSchema.Core, []);

    public static readonly IReadOnlyList<ResourceType> All = [User, Group];

    private ResourceType(
        string name, string endpoint, string description, ScimSchema core, IReadOnlyList<ScimSchema> extensions) =>
        (Name, Endpoint, Description, Core, Extensions) = (name, endpoint, description, core, extensions);

    public string Name { get; }

    /// <summary>Below <c>/scim/v2</c>.</summary>
    public string Endpoint { get; }

    public string Description { get; }
    public ScimSchema Core { get; }
    public IReadOnlyList<ScimSchema> Extensions { get; }

    /// <summary>What answers have, in their order: what all resources have, then the core schema's.</summary>
    public IEnumerable<ScimAttribute> Attributes => Common.Concat(Core.Attributes);

    /// <summary>What a name means: <c>userName</c>, <c>name.familyName</c>, or the same after a schema's URN. An
    /// attribute of an extension is also found without its URN, since Entra ID names the manager so.</summary>
    /// <returns>Null where there is no such attribute.</returns>
    public AttributePath? Resolve(string text)
    {
        foreach (var schema in Extensions.Prepend(Core))
        {
            if (!text.StartsWith(schema.Id, StringComparison.OrdinalIgnoreCase)) continue;
            var extension = schema == Core ? null : schema;
            if (text.Length == schema.Id.Length) return new(extension, null, null);
            if (text[schema.Id.Length] == ':') return Within(extension, text[(schema.Id.Length + 1)..]);
        }

        if (text.StartsWith("urn:", StringComparison.OrdinalIgnoreCase)) return null;
        return Within(null, text)
            ?? Extensions.Select(extension => Within(extension, text)).FirstOrDefault(path => path is not null);
    }

    private AttributePath? Within(ScimSchema? extension, string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var name = dot < 0 ? text : text[..dot];
        var attribute = extension is null
            ? ScimAttribute.Named(Common, name) ?? ScimAttribute.Named(Core.Attributes, name)
            : ScimAttribute.Named(extension.Attributes, name);
        if (attribute is null) return null;
        if (dot < 0) return new(extension, attribute, null);
        return attribute.Part(text[(dot + 1)..]) is { } part ? new(extension, attribute, part) : null;
    }

    private static ScimAttribute ReadOnly(string name, AttributeType type) =>
        new(name, type, "") { Mutability = Mutability.ReadOnly, IsCaseExact = true };
}
