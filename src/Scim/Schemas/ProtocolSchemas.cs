using static Guerdon.Scim.Schemas.SchemaParts;

namespace Guerdon.Scim.Schemas;

/// <summary>What the documents that describe the service consist of (RFC 7643, 5 to 7).</summary>
internal static class ProtocolSchemas
{
    public const string Config = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
    public const string ResourceType = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
    public const string Schema = "urn:ietf:params:scim:schemas:core:2.0:Schema";

    public static readonly IReadOnlyList<ScimSchema> All =
    [
        new(Config, "ServiceProviderConfig", "What this service can do.",
        [
            Read(Link("documentationUri", "Where it is described.")),
            Read(Complex("patch", "PATCH.", Supported())),
            Read(Complex("bulk", "Several operations in one request.", Supported(),
                Number("maxOperations", "The most operations."), Number("maxPayloadSize", "The most bytes."))),
            Read(Complex("filter", "Filters.", Supported(), Number("maxResults", "The most resources of an answer."))),
            Read(Complex("changePassword", "Passwords.", Supported())),
            Read(Complex("sort", "Sorting.", Supported())),
            Read(Complex("etag", "Versions.", Supported())),
            Read(Complex("pagination", "Pages (RFC 9865).",
                Flag("cursor", "Whether by cursor."), Flag("index", "Whether by index."),
                Text("defaultPaginationMethod", "How, where nobody says."),
                Number("defaultPageSize", "How many, where nobody says."), Number("maxPageSize", "The most."),
                Number("cursorTimeout", "How long a cursor is taken, in seconds."))),
            Read(Complex("authenticationSchemes", "How to sign in.",
                Text("type", "What it is called."), Text("name", "Its name."), Text("description", "What it is."),
                Link("specUri", "Where it is defined."), Flag("primary", "Whether it is the first choice."))) with
            {
                IsMulti = true,
            },
        ]),
        new(ResourceType, "ResourceType", "A kind of resource.",
        [
            Read(Text("id", "Its id.")), Read(Text("name", "Its name.")), Read(Text("description", "What it is.")),
            Read(Link("endpoint", "Where its resources are.")), Read(Link("schema", "Its schema.")),
            Read(Complex("schemaExtensions", "Schemas that add to it.",
                Link("schema", "The schema."), Flag("required", "Whether a resource must have it."))) with
            {
                IsMulti = true,
            },
        ]),
        new(Schema, "Schema", "A schema.",
        [
            Read(Text("id", "Its URN.")), Read(Text("name", "Its name.")), Read(Text("description", "What it is.")),
            Read(Complex("attributes", "What it consists of.",
            [
                .. AttributeParts(), Complex("subAttributes", "What a complex attribute consists of.",
                    AttributeParts()) with { IsMulti = true },
            ])) with { IsMulti = true },
        ]),
    ];

    private static ScimAttribute[] AttributeParts() =>
    [
        Text("name", "Its name."), Text("type", "What its values are."),
        Flag("multiValued", "Whether it has several."), Text("description", "What it is."),
        Flag("required", "Whether it must have a value."),
        Text("canonicalValues", "Usual values.") with { IsMulti = true },
        Flag("caseExact", "Whether case counts."), Text("mutability", "Who writes it."),
        Text("returned", "When it is in an answer."), Text("uniqueness", "Whether two may have the same value."),
        Text("referenceTypes", "What it leads to.") with { IsMulti = true },
    ];

    private static ScimAttribute Supported() => Flag("supported", "Whether it is there.");

    private static ScimAttribute Number(string name, string description) =>
        new(name, AttributeType.Integer, description);

    private static ScimAttribute Read(ScimAttribute attribute) => attribute with
    {
        Mutability = Mutability.ReadOnly,
        Parts = [.. attribute.Parts.Select(Read)],
    };
}
