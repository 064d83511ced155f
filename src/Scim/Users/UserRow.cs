using System.Text.Json.Nodes;
using Guerdon.Storage;

namespace Guerdon.Scim.Users;

/// <summary>A user of the directory as it is saved.</summary>
/// <param name="Id">Given once.</param>
/// <param name="Resource">What the directory sent, in the schema's form.</param>
/// <param name="IsActive">Whether it may sign in.</param>
/// <param name="Version">One more with each change.</param>
/// <param name="CreatedAt">When it was first sent.</param>
/// <param name="ChangedAt">When it was last changed.</param>
internal sealed record UserRow(
    ScimUserId Id, JsonObject Resource, bool IsActive, long Version, DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt)
{
    /// <summary>What <see cref="Of"/> reads, of <c>scim.user r</c>.</summary>
    public const string Columns =
        "r.user_id, r.resource::text as resource, r.active, r.version, r.created_at, r.changed_at";

    public static UserRow Of(Row row) => new(
        row.Id<ScimUserId>("user_id"), JsonNode.Parse(row.Text("resource"))!.AsObject(), row.Bool("active"),
        row.Bigint("version"), row.Instant("created_at"), row.Instant("changed_at"));

    /// <summary>The resource with what the database has in a column of its own.</summary>
    public JsonObject Whole()
    {
        var whole = (JsonObject)Resource.DeepClone();
        whole["active"] = IsActive;
        return whole;
    }
}
