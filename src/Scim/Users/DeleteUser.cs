using Guerdon.Kernel;
using Guerdon.Scim.Answers;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Scim.Users;

/// <summary>Forgets a user of the directory. The person, their wallet and the books stay.</summary>
internal static class DeleteUser
{
    internal static async Task<IResult> Handle(string id, HttpContext http, UserStore users, CancellationToken ct)
    {
        if (!ScimUserId.TryParse(id, out var user)) return UserStore.NoSuch(id).ToScim();
        var refused = await users.DeleteAsync(
            user, Actor.Of(http.User), was => Versions.WhyNot(http.Request, was.Version), ct);
        return refused?.ToScim() ?? new ScimAnswer(StatusCodes.Status204NoContent, null);
    }
}
