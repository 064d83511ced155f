using Guerdon.Kernel;
using Guerdon.Scim.Answers;
using Guerdon.Scim.Documents;
using Guerdon.Scim.Patches;
using Guerdon.Scim.Schemas;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Guerdon.Scim.Users;

/// <summary>Changes parts of a user.</summary>
internal static class PatchUser
{
    internal static async Task<IResult> Handle(
        string id, HttpContext http, UserStore users, NpgsqlDataSource db, CancellationToken ct)
    {
        if (!ScimUserId.TryParse(id, out var user)) return UserStore.NoSuch(id).ToScim();
        if (!(await WireJson.ReadAsync(http.Request, ct)).Is(out var body, out var unread)) return unread.ToScim();
        if (!PatchOperation.ReadAll(body).Is(out var operations, out var wrong)) return wrong.ToScim();
        var changed = await users.ChangeAsync(
            user, Actor.Of(http.User),
            was => Versions.WhyNot(http.Request, was.Version) is { } other ? other : Patched(was, operations), ct);
        return changed.Is(out var now, out var refused)
            ? await UserAnswers.OneAsync(StatusCodes.Status200OK, now, db, http, ct)
            : refused.ToScim();
    }

    /// <summary>What operations make of a user.</summary>
    internal static Result<UserDraft> Patched(UserRow was, IReadOnlyList<PatchOperation> operations) =>
        ResourcePatch.Apply(ResourceType.User, was.Whole(), operations).Is(out var resource, out var refused)
            ? UserDraft.Of(resource).Select(
                draft => draft with { SaysActive = operations.Any(each => each.Names("active")) })
            : refused;
}
