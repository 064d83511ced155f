using System.Text.Json.Nodes;
using Guerdon.Scim.Answers;
using Guerdon.Scim.Documents;
using Guerdon.Scim.Schemas;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Guerdon.Scim.Users;

/// <summary>Users as answers have them: with id, meta and groups, and without what was not asked for.</summary>
internal static class UserAnswers
{
    private const string GroupsOf = """
        select m.user_id, g.group_id, g.display_name
          from scim.member m
          join scim.group g on g.group_id = m.group_id
         where m.user_id = any ($1)
         order by g.folded_name collate "C", g.group_id
        """;

    /// <summary>One user.</summary>
    public static async Task<ScimAnswer> OneAsync(
        int status, UserRow user, NpgsqlDataSource db, HttpContext http, CancellationToken ct)
    {
        var projection = Of(http.Request);
        var body = (await ManyAsync([user], db, ScimAddress.Of(http), projection, ct))[0];
        return new(status, body)
        {
            Location = Location(ScimAddress.Of(http), user.Id), ETag = Versions.ETag(user.Version),
        };
    }

    public static Projection Of(HttpRequest request) => new(
        ResourceType.User, request.Query["attributes"].ToString(), request.Query["excludedAttributes"].ToString());

    /// <summary>Several users, whose groups are read together.</summary>
    public static async Task<IReadOnlyList<JsonObject>> ManyAsync(
        IReadOnlyList<UserRow> users, NpgsqlDataSource db, string address, Projection projection, CancellationToken ct)
    {
        var groups = users.Count > 0 && projection.Has(UserSchema.Groups)
            ? (await db.ReadAsync(
                GroupsOf,
                row => (User: row.Uuid("user_id"), Id: row.Id<ScimGroupId>("group_id"), Name: row.Text("display_name")),
                [users.Select(user => user.Id.Value).ToArray()], ct)).ToLookup(row => row.User)
            : null;
        return
        [
            .. users.Select(user => projection.Apply(Whole(
                user, address,
                groups?[user.Id.Value].Select(group => (JsonNode)new JsonObject
                {
                    ["value"] = $"{group.Id}", ["$ref"] = $"{address}/Groups/{group.Id}", ["display"] = group.Name,
                    ["type"] = "direct",
                })))),
        ];
    }

    public static string Location(string address, ScimUserId id) => $"{address}/Users/{id}";

    private static JsonObject Whole(UserRow user, string address, IEnumerable<JsonNode>? groups)
    {
        var whole = user.Whole();
        whole["id"] = $"{user.Id}";
        if (groups?.ToArray() is { Length: > 0 } some) whole["groups"] = new JsonArray(some);
        // A manager who is a user here has an address here, whatever was sent.
        if (whole[UserSchema.Enterprise.Id]?["manager"] is JsonObject manager
            && ScimUserId.TryParse(manager["value"]?.GetValue<string>(), out var id))
            manager["$ref"] = Location(address, id);
        whole["meta"] = ResourceMeta.Of(
            ResourceType.User.Name, user.CreatedAt, user.ChangedAt, Location(address, user.Id), user.Version);
        return whole;
    }
}
