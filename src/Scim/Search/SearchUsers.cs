using Guerdon.Scim.Answers;
using Guerdon.Scim.Documents;
using Guerdon.Scim.Queries;
using Guerdon.Scim.Users;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Guerdon.Scim.Search;

/// <summary>Users, asked for by a body: filters in addresses end up in logs.</summary>
internal static class SearchUsers
{
    internal static async Task<IResult> Handle(
        HttpContext http, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct)
    {
        if (!(await WireJson.ReadAsync(http.Request, ct)).Is(out var body, out var unread)) return unread.ToScim();
        return ListRequest.Of(body).Is(out var request, out var wrong)
            ? await ListUsers.AnswerAsync(request, http, db, clock, ct)
            : wrong.ToScim();
    }
}
