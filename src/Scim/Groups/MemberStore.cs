using Guerdon.Kernel;
using Guerdon.Scim.Filters;
using Guerdon.Scim.Patches;
using Guerdon.Scim.Queries;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Scim.Groups;

/// <summary>Members of groups: a row each, which is inserted or removed and never read first, so that changes that come
/// at the same time all hold.</summary>
internal static class MemberStore
{
    private const string Unknown = """
        select w.user_id from unnest($1::uuid[]) as w (user_id)
         where not exists (select from scim.user u where u.user_id = w.user_id)
         limit 1
        """;

    private const string Add = """
        insert into scim.member (group_id, user_id, added_at)
        select $1, w.user_id, $3 from (select distinct unnest($2::uuid[]) as user_id order by 1) as w
        on conflict do nothing
        """;

    private const string Remove = "delete from scim.member where group_id = $1 and user_id = any ($2)";

    private const string RemoveOthers = """
        delete from scim.member where group_id = $1 and user_id not in (select unnest($2::uuid[]))
        """;

    /// <summary>Changes who they are, in the caller's transaction.</summary>
    /// <returns>Why not; null: it is done.</returns>
    public static async Task<Refused?> ApplyAsync(
        NpgsqlConnection connection, ScimGroupId group, IReadOnlyList<MemberChange> changes, DateTimeOffset now,
        CancellationToken ct)
    {
        foreach (var change in changes)
        {
            if (change.Chosen is { } chosen)
            {
                await RemoveChosenAsync(connection, group, chosen, ct);
                continue;
            }

            var users = change.Users.Select(user => user.Value).ToArray();
            if (change.Action == MemberAction.Remove)
            {
                await connection.ExecuteAsync(Remove, [group.Value, users], ct);
                continue;
            }

            if (await connection.ScalarAsync<Guid?>(Unknown, [users], ct) is { } unknown) return NoSuch(unknown);
            if (change.Action == MemberAction.Replace)
                await connection.ExecuteAsync(RemoveOthers, [group.Value, users], ct);
            if (users.Length > 0) await connection.ExecuteAsync(Add, [group.Value, users, now], ct);
        }

        return null;
    }

    private static async Task RemoveChosenAsync(
        NpgsqlConnection connection, ScimGroupId group, Filter chosen, CancellationToken ct)
    {
        List<object?> values = [group.Value];
        var parts = ResourceTable.MemberParts;
        var condition = new FilterSql(ResourceTable.Groups, values)
            .WhereParts(chosen, part => parts.GetValueOrDefault(part.Name));
        await connection.ExecuteAsync(
            $"""
            delete from scim.member m using scim.user o
             where o.user_id = m.user_id and m.group_id = $1 and {condition}
            """, [.. values], ct);
    }

    private static Refused NoSuch(Guid user) =>
        ScimRefusals.ValueInvalid.With($"members names {new ScimUserId(user)}, who is no user.");
}
