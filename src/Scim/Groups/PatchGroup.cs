using Guerdon.Scim.Answers;
using Guerdon.Scim.Documents;
using Guerdon.Scim.Patches;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Guerdon.Scim.Groups;

/// <summary>Changes a group, or who its members are. The answer is empty unless attributes are asked for: a group may
/// have thousands of members.</summary>
internal static class PatchGroup
{
    internal static async Task<IResult> Handle(
        string id, HttpContext http, GroupStore groups, NpgsqlDataSource db, CancellationToken ct)
    {
        if (!ScimGroupId.TryParse(id, out var group)) return GroupStore.NoSuch(id).ToScim();
        if (!(await WireJson.ReadAsync(http.Request, ct)).Is(out var body, out var unread)) return unread.ToScim();
        if (!PatchOperation.ReadAll(body).Is(out var operations, out var wrong)) return wrong.ToScim();
        if (!GroupDraft.Read(operations).Is(out var draft, out var invalid)) return invalid.ToScim();
        var changed = await groups.ChangeAsync(group, draft, had => Versions.WhyNot(http.Request, had), ct);
        if (!changed.Is(out var now, out var refused)) return refused.ToScim();
        return GroupAnswers.Of(http.Request).IsChosen
            ? await GroupAnswers.OneAsync(StatusCodes.Status200OK, now, db, http, ct)
            : new ScimAnswer(StatusCodes.Status204NoContent, null) { ETag = Versions.ETag(now.Version) };
    }
}
