using Guerdon.Kernel;
using Guerdon.Scim.Answers;
using Guerdon.Scim.Documents;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Guerdon.Scim.Users;

/// <summary>Replaces a user: what is left out is cleared, but for <c>active</c>, which stays.</summary>
internal static class ReplaceUser
{
    internal static async Task<IResult> Handle(
        string id, HttpContext http, UserStore users, NpgsqlDataSource db, CancellationToken ct)
    {
        if (!ScimUserId.TryParse(id, out var user)) return UserStore.NoSuch(id).ToScim();
        if (!(await WireJson.ReadAsync(http.Request, ct)).Is(out var body, out var unread)) return unread.ToScim();
        if (!UserDraft.Read(body).Is(out var draft, out var wrong)) return wrong.ToScim();
        var changed = await users.ChangeAsync(
            user, Actor.Of(http.User),
            was => Versions.WhyNot(http.Request, was.Version) is { } other ? other : draft, ct);
        return changed.Is(out var now, out var refused)
            ? await UserAnswers.OneAsync(StatusCodes.Status200OK, now, db, http, ct)
            : refused.ToScim();
    }
}
