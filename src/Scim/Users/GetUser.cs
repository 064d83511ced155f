using Guerdon.Scim.Answers;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Guerdon.Scim.Users;

/// <summary>One user by id.</summary>
internal static class GetUser
{
    internal static async Task<IResult> Handle(
        string id, HttpContext http, UserStore users, NpgsqlDataSource db, CancellationToken ct)
    {
        if (!ScimUserId.TryParse(id, out var user) || await users.FindAsync(user, ct) is not { } found)
            return UserStore.NoSuch(id).ToScim();
        return Versions.IsKnown(http.Request, found.Version)
            ? new ScimAnswer(StatusCodes.Status304NotModified, null) { ETag = Versions.ETag(found.Version) }
            : await UserAnswers.OneAsync(StatusCodes.Status200OK, found, db, http, ct);
    }
}
