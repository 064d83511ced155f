using System.Text.Json.Nodes;
using Guerdon.Scim.Answers;
using Guerdon.Scim.Documents;
using Guerdon.Scim.Schemas;
using Guerdon.Storage;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Guerdon.Scim.Groups;

/// <summary>Groups as answers have them. Members are read only where they are shown.</summary>
internal static class GroupAnswers
{
    private const string MembersOf = """
        select m.group_id, m.user_id,
               coalesce(u.resource ->> 'displayName', u.resource ->> 'userName') as display
          from scim.member m
          join scim.user u on u.user_id = m.user_id
         where m.group_id = any ($1)
         order by m.group_id, m.user_id
        """;

    public static async Task<ScimAnswer> OneAsync(
        int status, GroupRow group, NpgsqlDataSource db, HttpContext http, CancellationToken ct)
    {
        var body = (await ManyAsync([group], db, ScimAddress.Of(http), Of(http.Request), ct))[0];
        return new(status, body)
        {
            Location = Location(ScimAddress.Of(http), group.Id), ETag = Versions.ETag(group.Version),
        };
    }

    public static Projection Of(HttpRequest request) => new(
        ResourceType.Group, request.Query["attributes"].ToString(), request.Query["excludedAttributes"].ToString());

    /// <summary>Several groups, whose members are read together.</summary>
    public static async Task<IReadOnlyList<JsonObject>> ManyAsync(
        IReadOnlyList<GroupRow> groups, NpgsqlDataSource db, string address, Projection projection,
        CancellationToken ct)
    {
        var members = groups.Count > 0 && projection.Has(GroupSchema.Members)
            ? (await db.ReadAsync(
                MembersOf,
                row => (Group: row.Uuid("group_id"), User: row.Id<ScimUserId>("user_id"), Name: row.Text("display")),
                [groups.Select(group => group.Id.Value).ToArray()], ct)).ToLookup(row => row.Group)
            : null;
        return
        [
            .. groups.Select(group => projection.Apply(Whole(
                group, address,
                members?[group.Id.Value].Select(member => (JsonNode)new JsonObject
                {
                    ["value"] = $"{member.User}", ["$ref"] = $"{address}/Users/{member.User}",
                    ["display"] = member.Name, ["type"] = "User",
                })))),
        ];
    }

    private static string Location(string address, ScimGroupId id) => $"{address}/Groups/{id}";

    private static JsonObject Whole(GroupRow group, string address, IEnumerable<JsonNode>? members)
    {
        var whole = new JsonObject
        {
            ["schemas"] = new JsonArray(GroupSchema.Core.Id), ["id"] = $"{group.Id}",
            ["displayName"] = group.DisplayName,
            ["meta"] = ResourceMeta.Of(
                ResourceType.Group.Name, group.CreatedAt, group.ChangedAt, Location(address, group.Id), group.Version),
        };
        if (group.ExternalId is not null) whole["externalId"] = group.ExternalId;
        if (members?.ToArray() is { Length: > 0 } some) whole[GroupSchema.Members] = new JsonArray(some);
        return whole;
    }
}
