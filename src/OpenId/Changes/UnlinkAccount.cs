using System.Security.Claims;
using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Guerdon.OpenId.Logout;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.OpenId.Changes;

/// <summary>Ends that an account is known to providers, by one administrator: where a provider has made another user
/// for somebody, or linked the wrong one.</summary>
internal static class UnlinkAccount
{
    internal static async Task<Results<Ok<IReadOnlyList<Unlinked>>, ProblemHttpResult>> Handle(
        string emailOrAccount, ClaimsPrincipal caller, AccountDirectory accounts, SessionEnds ends,
        CancellationToken ct)
    {
        if (!(await accounts.NamedAsync(emailOrAccount, ct)).Is(out var account, out var none))
            return none.ToProblem();
        var ended = await ends.UnlinkAsync(account.Id, Actor.Of(caller), ct);
        return ended.Count == 0
            ? OpenIdRefusals.NoLink.ToProblem($"No provider knows {account.Email}.")
            : TypedResults.Ok(ended);
    }
}
