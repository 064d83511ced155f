using Guerdon.Kernel;
using Guerdon.Scim.Answers;
using Guerdon.Scim.Documents;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Guerdon.Scim.Groups;

/// <summary>Saves a group with its members.</summary>
internal static class CreateGroup
{
    internal static async Task<IResult> Handle(
        HttpContext http, GroupStore groups, NpgsqlDataSource db, TimeProvider clock, CancellationToken ct)
    {
        if (!(await WireJson.ReadAsync(http.Request, ct)).Is(out var body, out var unread)) return unread.ToScim();
        if (!GroupDraft.Read(body).Is(out var draft, out var wrong)) return wrong.ToScim();
        return (await groups.CreateAsync(draft, Id.New<ScimGroupId>(clock), ct)).Is(out var group, out var refused)
            ? await GroupAnswers.OneAsync(StatusCodes.Status201Created, group, db, http, ct)
            : refused.ToScim();
    }
}
