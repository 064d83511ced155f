using System.Text.Json.Nodes;
using Guerdon.Kernel;
using Guerdon.Scim.Answers;
using Guerdon.Scim.Documents;
using Guerdon.Scim.Groups;
using Guerdon.Scim.Queries;
using Guerdon.Scim.Schemas;
using Guerdon.Scim.Users;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Guerdon.Scim.Search;

/// <summary>Users, then groups. An attribute that a type does not have has no value there.</summary>
internal static class SearchAll
{
    internal static async Task<IResult> Handle(HttpContext http, NpgsqlDataSource db, CancellationToken ct)
    {
        if (!(await WireJson.ReadAsync(http.Request, ct)).Is(out var body, out var unread)) return unread.ToScim();
        if (!ListRequest.Of(body).Is(out var request, out var wrong)) return wrong.ToScim();
        if (request.Cursor is not null)
            return ScimRefusals.CursorInvalid.With("Several types are paged by index.").ToScim();
        if (!ResourceQuery.Of(ResourceTable.Users, request, isLenient: true).Is(out var users, out var no))
            return no.ToScim();
        if (!ResourceQuery.Of(ResourceTable.Groups, request, isLenient: true).Is(out var groups, out var refused))
            return refused.ToScim();

        var (ofUsers, ofGroups) = (await users.CountAsync(db, ct), await groups.CountAsync(db, ct));
        var skip = request.StartIndex - 1;
        var found = await users.ReadAsync(
            db, ListUsers.Reader.Columns, ListUsers.Reader.Map, skip, request.Count, ct);
        var some = await ListUsers.Reader.FittingAsync(
            found, Shows(ResourceType.User, ListUsers.Reader.Entries), db, ct);
        // Groups come where users end, be it on another page.
        IReadOnlyList<GroupRow> others = some.Count < found.Count ? [] : await groups.ReadAsync(
            db, ListGroups.Reader.Columns, ListGroups.Reader.Map, Math.Max(0, skip - ofUsers),
            request.Count - some.Count, ct);
        others = await ListGroups.Reader.FittingAsync(
            others, Shows(ResourceType.Group, ListGroups.Reader.Entries), db, ct);
        JsonObject[] resources =
        [
            .. await ListUsers.ResourcesAsync(some, request, http, db, ct),
            .. await ListGroups.ResourcesAsync(others, request, http, db, ct),
        ];
        return ScimList.Of(ofUsers + ofGroups, request.StartIndex, resources);

        bool Shows(ResourceType type, string attribute) =>
            new Projection(type, request.Attributes, request.ExcludedAttributes).Has(attribute);
    }
}
