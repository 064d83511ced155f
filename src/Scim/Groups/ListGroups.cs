using System.Text.Json.Nodes;
using Guerdon.Scim.Answers;
using Guerdon.Scim.Documents;
using Guerdon.Scim.Queries;
using Guerdon.Scim.Schemas;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Guerdon.Scim.Groups;

/// <summary>Groups by a filter, a page at a time.</summary>
internal static class ListGroups
{
    internal static readonly RowReader<GroupRow> Reader =
        new(
            ResourceType.Group.Name, GroupRow.Columns, GroupRow.Of, group => group.Id.Value, GroupSchema.Members,
            "select group_id as id, count(*) as size from scim.member where group_id = any ($1) group by group_id");

    internal static async Task<IResult> Handle(
        HttpContext http, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct) =>
        ListRequest.Of(http.Request.Query).Is(out var request, out var wrong)
            ? await AnswerAsync(request, http, db, clock, ct)
            : wrong.ToScim();

    internal static Task<IResult> AnswerAsync(
        ListRequest request, HttpContext http, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct) =>
        ResourcePage.AnswerAsync(
            ResourceTable.Groups, request, Reader, rows => ResourcesAsync(rows, request, http, db, ct), db, clock, ct);

    /// <summary>Groups as a list has them.</summary>
    internal static Task<IReadOnlyList<JsonObject>> ResourcesAsync(
        IReadOnlyList<GroupRow> groups, ListRequest request, HttpContext http, NpgsqlDataSource db,
        CancellationToken ct) =>
        GroupAnswers.ManyAsync(
            groups, db, ScimAddress.Of(http),
            new Projection(ResourceType.Group, request.Attributes, request.ExcludedAttributes), ct);
}
