using System.Text.Json.Nodes;
using Guerdon.Scim.Answers;
using Guerdon.Scim.Documents;
using Guerdon.Scim.Queries;
using Guerdon.Scim.Schemas;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Guerdon.Scim.Users;

/// <summary>Users by a filter, a page at a time.</summary>
internal static class ListUsers
{
    internal static readonly RowReader<UserRow> Reader =
        new(
            ResourceType.User.Name, UserRow.Columns, UserRow.Of, user => user.Id.Value, UserSchema.Groups,
            "select user_id as id, count(*) as size from scim.member where user_id = any ($1) group by user_id");

    internal static async Task<IResult> Handle(
        HttpContext http, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct) =>
        ListRequest.Of(http.Request.Query).Is(out var request, out var wrong)
            ? await AnswerAsync(request, http, db, clock, ct)
            : wrong.ToScim();

    internal static Task<IResult> AnswerAsync(
        ListRequest request, HttpContext http, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct) =>
        ResourcePage.AnswerAsync(
            ResourceTable.Users, request, Reader, rows => ResourcesAsync(rows, request, http, db, ct), db, clock, ct);

    /// <summary>Users as a list has them.</summary>
    internal static Task<IReadOnlyList<JsonObject>> ResourcesAsync(
        IReadOnlyList<UserRow> users, ListRequest request, HttpContext http, NpgsqlDataSource db,
        CancellationToken ct) =>
        UserAnswers.ManyAsync(
            users, db, ScimAddress.Of(http),
            new Projection(ResourceType.User, request.Attributes, request.ExcludedAttributes), ct);
}
