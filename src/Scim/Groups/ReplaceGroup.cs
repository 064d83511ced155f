using Guerdon.Scim.Answers;
using Guerdon.Scim.Documents;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Guerdon.Scim.Groups;

/// <summary>Replaces a group. Without a list of members they stay; an empty one leaves none.</summary>
internal static class ReplaceGroup
{
    internal static async Task<IResult> Handle(
        string id, HttpContext http, GroupStore groups, NpgsqlDataSource db, CancellationToken ct)
    {
        if (!ScimGroupId.TryParse(id, out var group)) return GroupStore.NoSuch(id).ToScim();
        if (!(await WireJson.ReadAsync(http.Request, ct)).Is(out var body, out var unread)) return unread.ToScim();
        if (!GroupDraft.Read(body).Is(out var draft, out var wrong)) return wrong.ToScim();
        var changed = await groups.ChangeAsync(group, draft, had => Versions.WhyNot(http.Request, had), ct);
        return changed.Is(out var now, out var refused)
            ? await GroupAnswers.OneAsync(StatusCodes.Status200OK, now, db, http, ct)
            : refused.ToScim();
    }
}
