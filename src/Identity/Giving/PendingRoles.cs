using Guerdon.Approvals;
using Guerdon.Kernel;

namespace Guerdon.Identity.Giving;

/// <summary>Roles that somebody asked for and nobody decided.</summary>
internal sealed class PendingRoles(RoleRequests requests) : IPendingDecisions
{
    public string Reads => Permissions.AccountsRead;

    // Nobody asks for themselves: there is nothing of one's own for whoever may not read all.
    public async Task<IReadOnlyList<PendingDecision>> ListAsync(InboxReader reader, int most, CancellationToken ct) =>
        reader.SeesAll ? [.. (await requests.WaitingAsync(most, ct)).Select(Of)] : [];

    private static PendingDecision Of(RoleRequest request) => new(
        "role", $"{request.Id}", $"The role {request.Role} for {request.Email}", request.Asked, request.AskedAt)
    {
        Link = "/admin/access", Command = "guerdon account requests",
    };
}
