using Guerdon.Kernel;
using Guerdon.Scim.Answers;
using Guerdon.Scim.Documents;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Guerdon.Scim.Users;

/// <summary>Saves a user. One who was deactivated, and has the same externalId, is given their place again.</summary>
internal static class CreateUser
{
    internal static async Task<IResult> Handle(
        HttpContext http, UserStore users, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct)
    {
        if (!(await WireJson.ReadAsync(http.Request, ct)).Is(out var body, out var unread)) return unread.ToScim();
        if (!UserDraft.Read(body).Is(out var draft, out var wrong)) return wrong.ToScim();
        var made = await users.CreateAsync(draft, Id.New<ScimUserId>(clock), Actor.Of(http.User), ct);
        return made.Is(out var user, out var refused)
            ? await UserAnswers.OneAsync(StatusCodes.Status201Created, user, db, http, ct)
            : refused.ToScim();
    }
}
