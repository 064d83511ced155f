using System.Text.Json.Nodes;
using Guerdon.Scim.Queries;
using Guerdon.Scim.Schemas;

namespace Guerdon.Scim.Discovery;

/// <summary>The documents that describe the service: made from the same lists that it works by.</summary>
internal static class Descriptions
{
    /// <summary>The most operations of a bulk request.</summary>
    public const int MostOperations = 1_000;

    /// <summary>The longest body of a request about groups, or of a bulk request.</summary>
    public const int MostBytes = 4 << 20;

    public static readonly IReadOnlyList<ScimSchema> Schemas =
    [
        .. ResourceType.All.SelectMany(type => type.Extensions.Prepend(type.Core)), .. ProtocolSchemas.All,
    ];

    public static JsonObject Config(string address) => new()
    {
        ["schemas"] = new JsonArray(ProtocolSchemas.Config),
        ["documentationUri"] = "https://www.rfc-editor.org/rfc/rfc7644",
        ["patch"] = new JsonObject { ["supported"] = true },
        ["bulk"] = new JsonObject
        {
            ["supported"] = true, ["maxOperations"] = MostOperations, ["maxPayloadSize"] = MostBytes,
        },
        ["filter"] = new JsonObject { ["supported"] = true, ["maxResults"] = ListRequest.MostResources },
        ["changePassword"] = new JsonObject { ["supported"] = false },
        ["sort"] = new JsonObject { ["supported"] = true },
        ["etag"] = new JsonObject { ["supported"] = true },
        ["pagination"] = new JsonObject
        {
            ["cursor"] = true, ["index"] = true, ["defaultPaginationMethod"] = "index",
            ["defaultPageSize"] = ListRequest.DefaultResources, ["maxPageSize"] = ListRequest.MostResources,
            ["cursorTimeout"] = (int)PageCursor.Lasts.TotalSeconds,
        },
        ["authenticationSchemes"] = new JsonArray(new JsonObject
        {
            ["type"] = "oauthbearertoken", ["name"] = "Bearer token",
            ["description"] = "A token that an administrator makes for the directory.",
            ["specUri"] = "https://www.rfc-editor.org/rfc/rfc6750", ["primary"] = true,
        }),
        ["meta"] = Meta("ServiceProviderConfig", $"{address}/ServiceProviderConfig"),
    };

    public static JsonObject Of(ResourceType type, string address)
    {
        var described = new JsonObject
        {
            ["schemas"] = new JsonArray(ProtocolSchemas.ResourceType), ["id"] = type.Name, ["name"] = type.Name,
            ["description"] = type.Description, ["endpoint"] = type.Endpoint, ["schema"] = type.Core.Id,
            ["meta"] = Meta("ResourceType", $"{address}/ResourceTypes/{type.Name}"),
        };
        if (type.Extensions.Count > 0)
            described["schemaExtensions"] = new JsonArray([.. type.Extensions.Select(
                extension => new JsonObject { ["schema"] = extension.Id, ["required"] = false })]);
        return described;
    }

    public static JsonObject Of(ScimSchema schema, string address) => new()
    {
        ["schemas"] = new JsonArray(ProtocolSchemas.Schema), ["id"] = schema.Id, ["name"] = schema.Name,
        ["description"] = schema.Description,
        ["attributes"] = new JsonArray([.. schema.Attributes.Select(Of)]),
        ["meta"] = Meta("Schema", $"{address}/Schemas/{schema.Id}"),
    };

    private static JsonObject Of(ScimAttribute attribute)
    {
        var described = new JsonObject
        {
            ["name"] = attribute.Name, ["type"] = TypeOf(attribute.Type), ["multiValued"] = attribute.IsMulti,
            ["description"] = attribute.Description, ["required"] = attribute.IsRequired,
            ["caseExact"] = attribute.IsCaseExact, ["mutability"] = Camel($"{attribute.Mutability}"),
            ["returned"] = Camel($"{attribute.Returned}"), ["uniqueness"] = attribute.IsUnique ? "server" : "none",
        };
        if (attribute.CanonicalValues.Count > 0) described["canonicalValues"] = Texts(attribute.CanonicalValues);
        if (attribute.ReferenceTypes.Count > 0) described["referenceTypes"] = Texts(attribute.ReferenceTypes);
        if (attribute.Parts.Count > 0) described["subAttributes"] = new JsonArray([.. attribute.Parts.Select(Of)]);
        return described;
    }

    private static string TypeOf(AttributeType type) =>
        type == AttributeType.Text ? "string" : Camel($"{type}");

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static JsonArray Texts(IEnumerable<string> texts) =>
        new([.. texts.Select(text => (JsonNode)JsonValue.Create(text))]);

    private static JsonObject Meta(string type, string location) =>
        new() { ["resourceType"] = type, ["location"] = location };
}
