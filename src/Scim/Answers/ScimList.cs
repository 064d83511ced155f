using System.Text.Json.Nodes;

namespace Guerdon.Scim.Answers;

/// <summary>A page of resources.</summary>
internal static class ScimList
{
    public const string Schema = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

    /// <param name="total">How many there are on all pages.</param>
    /// <param name="startIndex">Where this page begins, from 1; null: it was asked for by cursor.</param>
    /// <param name="resources">Of this page.</param>
    /// <param name="nextCursor">Where the next one begins; null: this is the last, or pages are by index.</param>
    public static ScimAnswer Of(
        long total, long? startIndex, IReadOnlyCollection<JsonObject> resources, string? nextCursor = null)
    {
        var body = new JsonObject
        {
            ["schemas"] = new JsonArray(Schema), ["totalResults"] = total, ["itemsPerPage"] = resources.Count,
        };
        if (startIndex is not null) body["startIndex"] = startIndex;
        if (nextCursor is not null) body["nextCursor"] = nextCursor;
        body["Resources"] = new JsonArray([.. resources]);
        return new(200, body);
    }
}
