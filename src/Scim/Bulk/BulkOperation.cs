using System.Text.Json.Nodes;
using Guerdon.Kernel;
using Guerdon.Scim.Documents;
using Guerdon.Scim.Filters;

namespace Guerdon.Scim.Bulk;

/// <summary>One operation of a bulk request (RFC 7644, 3.7).</summary>
/// <param name="Method">Of HTTP, in capitals.</param>
/// <param name="Path">Below <c>/scim/v2</c>, such as <c>/Users</c>.</param>
/// <param name="BulkId">What others of the request name the new resource by.</param>
/// <param name="Version">The version that it must have.</param>
/// <param name="Data">The body.</param>
internal sealed record BulkOperation(string Method, string Path, string? BulkId, string? Version, JsonObject? Data)
{
    private const string Mark = "bulkId:";

    public static BulkOperation Of(JsonNode? sent)
    {
        var operation = sent as JsonObject ?? [];
        return new(
            Text(operation, "method")?.ToUpperInvariant() ?? "", Text(operation, "path") ?? "",
            Text(operation, "bulkId"), Text(operation, "version"),
            ValueReader.Named(operation, "data") as JsonObject);
    }

    /// <summary>The resources of the same request that it names, by their bulkIds.</summary>
    public IReadOnlyCollection<string> References()
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in Path.Split('/')) Note(part);
        Walk(Data);
        return found;

        void Walk(JsonNode? node)
        {
            foreach (var each in ChildrenOf(node))
                if (TextOf(each) is { } text) Note(text);
                else Walk(each);
        }

        void Note(string text)
        {
            if (text.StartsWith(Mark, StringComparison.Ordinal)) found.Add(text[Mark.Length..]);
        }
    }

    /// <summary>The same with ids in the places of bulkIds.</summary>
    /// <param name="idOf">The id of a resource; null: there is none, and the name stays.</param>
    public BulkOperation With(Func<string, string?> idOf)
    {
        var data = Replaced(Data) as JsonObject;
        return this with { Path = string.Join('/', Path.Split('/').Select(Id)), Data = data };

        JsonNode? Replaced(JsonNode? node) => node switch
        {
            JsonObject parts => new JsonObject(
                parts.Select(part => KeyValuePair.Create(part.Key, Replaced(part.Value)))),
            JsonArray list => new JsonArray([.. list.Select(Replaced)]),
            _ when TextOf(node) is { } text && Id(text) is var id && id != text => JsonValue.Create(id),
            _ => node?.DeepClone(),
        };

        string Id(string text) =>
            text.StartsWith(Mark, StringComparison.Ordinal) ? idOf(text[Mark.Length..]) ?? text : text;
    }

    private static IEnumerable<JsonNode?> ChildrenOf(JsonNode? node) => node switch
    {
        JsonObject parts => parts.Select(part => part.Value),
        JsonArray list => list,
        _ => [],
    };

    private static string? TextOf(JsonNode? node) => node is JsonValue ? FilterMatch.TextOf(node) : null;

    private static string? Text(JsonObject operation, string name) =>
        ValueReader.Named(operation, name) is JsonValue value ? FilterMatch.TextOf(value) : null;
}

/// <summary>What came of an operation.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="Place">Where the resource is, below <c>/scim/v2</c>; null: there is none.</param>
/// <param name="Version">The version that it has then.</param>
internal sealed record BulkOutcome(int Status, string? Place, long? Version)
{
    /// <summary>Why not; null: it is done.</summary>
    public Refused? Refused { get; init; }

    /// <summary>The id of the resource.</summary>
    public string? Id => Refused is null && Place is not null ? Place[(Place.LastIndexOf('/') + 1)..] : null;

    public static BulkOutcome No(Refused refused) => new(refused.Refusal.Status, null, null) { Refused = refused };
}
