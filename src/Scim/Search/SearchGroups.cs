using Guerdon.Scim.Answers;
using Guerdon.Scim.Documents;
using Guerdon.Scim.Groups;
using Guerdon.Scim.Queries;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Guerdon.Scim.Search;

/// <summary>Groups, asked for by a body: filters in addresses end up in logs.</summary>
internal static class SearchGroups
{
    internal static async Task<IResult> Handle(
        HttpContext http, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct)
    {
        if (!(await WireJson.ReadAsync(http.Request, ct)).Is(out var body, out var unread)) return unread.ToScim();
        return ListRequest.Of(body).Is(out var request, out var wrong)
            ? await ListGroups.AnswerAsync(request, http, db, clock, ct)
            : wrong.ToScim();
    }
}
