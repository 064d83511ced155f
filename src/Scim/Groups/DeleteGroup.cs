using Guerdon.Scim.Answers;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Scim.Groups;

/// <summary>Removes a group. Its members stay users.</summary>
internal static class DeleteGroup
{
    internal static async Task<IResult> Handle(string id, HttpContext http, GroupStore groups, CancellationToken ct)
    {
        if (!ScimGroupId.TryParse(id, out var group)) return GroupStore.NoSuch(id).ToScim();
        var refused = await groups.DeleteAsync(group, had => Versions.WhyNot(http.Request, had), ct);
        return refused?.ToScim() ?? new ScimAnswer(StatusCodes.Status204NoContent, null);
    }
}
