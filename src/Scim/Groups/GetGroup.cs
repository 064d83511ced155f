using Guerdon.Scim.Answers;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Guerdon.Scim.Groups;

/// <summary>One group by id.</summary>
internal static class GetGroup
{
    internal static async Task<IResult> Handle(
        string id, HttpContext http, GroupStore groups, NpgsqlDataSource db, CancellationToken ct)
    {
        if (!ScimGroupId.TryParse(id, out var group) || await groups.FindAsync(group, ct) is not { } found)
            return GroupStore.NoSuch(id).ToScim();
        return Versions.IsKnown(http.Request, found.Version)
            ? new ScimAnswer(StatusCodes.Status304NotModified, null) { ETag = Versions.ETag(found.Version) }
            : await GroupAnswers.OneAsync(StatusCodes.Status200OK, found, db, http, ct);
    }
}
