namespace Guerdon.Scim.Schemas;

/// <summary>What an attribute's values are (RFC 7643, 2.3).</summary>
internal enum AttributeType
{
    Text,
    Boolean,
    Integer,
    DateTime,
    Reference,
    Binary,
    Complex,
}

/// <summary>Who may write an attribute.</summary>
internal enum Mutability
{
    ReadWrite,
    ReadOnly,
    Immutable,
    WriteOnly,
}

/// <summary>When an attribute is in an answer.</summary>
internal enum Returned
{
    Always,
    Default,
    Request,
    Never,
}

/// <summary>An attribute as a schema defines it.</summary>
/// <param name="Name">As answers spell it; requests may use any case.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Description">For people, in /Schemas.</param>
internal sealed record ScimAttribute(string Name, AttributeType Type, string Description)
{
    public bool IsMulti { get; init; }
    public bool IsRequired { get; init; }

    /// <summary>Whether values that differ in case alone are two.</summary>
    public bool IsCaseExact { get; init; }

    /// <summary>Whether two resources may not have the same value.</summary>
    public bool IsUnique { get; init; }

    public Mutability Mutability { get; init; } = Mutability.ReadWrite;
    public Returned Returned { get; init; } = Returned.Default;

    /// <summary>What a complex value consists of.</summary>
    public IReadOnlyList<ScimAttribute> Parts { get; init; } = [];

    public IReadOnlyList<string> CanonicalValues { get; init; } = [];
    public IReadOnlyList<string> ReferenceTypes { get; init; } = [];

    /// <summary>Whether callers may send it without effect: what only the server knows.</summary>
    public bool IsReadOnly => Mutability == Mutability.ReadOnly;

    public ScimAttribute? Part(string name) => Named(Parts, name);

    /// <summary>The attribute of that name in any case, or null.</summary>
    public static ScimAttribute? Named(IReadOnlyList<ScimAttribute> attributes, string name)
    {
        foreach (var attribute in attributes)
            if (attribute.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return attribute;
        return null;
    }

    /// <summary>A text as two values of this attribute are compared. Never by the database's lower(), since that
    /// depends on its locale.</summary>
    public string Fold(string text) => IsCaseExact || Type == AttributeType.Binary ? text : text.ToLowerInvariant();
}

/// <summary>A schema: its URN and its attributes.</summary>
internal sealed record ScimSchema(
    string Id, string Name, string Description, IReadOnlyList<ScimAttribute> Attributes);
