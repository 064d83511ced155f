namespace Guerdon.Scim.Schemas;

/// <summary>Where a value lies in a resource.</summary>
/// <param name="Extension">The extension that it belongs to; null: the core schema, or what all resources
/// have.</param>
/// <param name="Attribute">Null: all of the extension, or of the resource.</param>
/// <param name="Part">A part of a complex attribute; null: all of it.</param>
internal sealed record AttributePath(ScimSchema? Extension, ScimAttribute? Attribute, ScimAttribute? Part)
{
    /// <summary>What is compared and written: the part where one is named.</summary>
    public ScimAttribute? Leaf => Part ?? Attribute;

    /// <summary>As answers and errors spell it.</summary>
    public override string ToString()
    {
        var name = Part is null ? Attribute?.Name : $"{Attribute?.Name}.{Part.Name}";
        return Extension is null ? name ?? "" : name is null ? Extension.Id : $"{Extension.Id}:{name}";
    }
}
