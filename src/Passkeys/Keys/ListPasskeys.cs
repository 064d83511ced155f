using System.Security.Claims;
using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Passkeys.Keys;

/// <summary>The caller's passkeys.</summary>
internal static class ListPasskeys
{
    public static async Task<Ok<IReadOnlyList<Passkey>>> Handle(
        ClaimsPrincipal caller, OwnPasskeys own, CancellationToken ct) =>
        TypedResults.Ok(await own.ListAsync(new AccountId(Access.AccountOf(caller)!.Value), ct));
}
