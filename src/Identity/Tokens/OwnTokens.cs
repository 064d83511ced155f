using System.Security.Claims;
using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Guerdon.Identity.Tokens;

/// <summary>The caller, and the caller's own API tokens.</summary>
internal static class OwnTokens
{
    private const int MaxNameLength = 80;

    /// <param name="Name">What it is for.</param>
    public sealed record Request(string? Name);

    /// <param name="Account">The caller's account, <c>acc_…</c>.</param>
    /// <param name="Email">Lower-cased.</param>
    /// <param name="Name">As pages greet them.</param>
    /// <param name="Role"><c>admin</c> for whoever runs a part of the programme, else <c>employee</c>.</param>
    /// <param name="Person"><c>prs_…</c>, or null for an account that is nobody's.</param>
    /// <param name="Wallet">The person's wallet, <c>wal_…</c>, or null.</param>
    /// <param name="Roles">All that the account has.</param>
    /// <param name="Permissions">What they allow, narrowed by the scopes of the token that this was asked with.</param>
    public sealed record MeReply(
        string? Account, string? Email, string? Name, string? Role, string? Person, string? Wallet,
        IReadOnlyList<string> Roles, IReadOnlyList<string> Permissions);

    public static Ok<MeReply> Me(ClaimsPrincipal caller)
    {
        string[] roles = [.. caller.FindAll(Access.RoleClaim).Select(claim => claim.Value)];
        return TypedResults.Ok(new MeReply(
            caller.FindFirstValue(Principals.Subject), caller.FindFirstValue(Principals.Email),
            caller.FindFirstValue(Principals.Name), Kernel.Roles.FormerWord(roles),
            caller.FindFirstValue(Access.PersonClaim), Access.PersonOf(caller) is { } id ? $"wal_{id:N}" : null, roles,
            [.. Kernel.Permissions.All.Where(p => Access.May(caller, p.Name)).Select(p => p.Name)]));
    }

    public static async Task<Results<Created<CreatedToken>, ProblemHttpResult>> Create(
        Request request, ClaimsPrincipal caller, ApiTokens tokens, CancellationToken ct)
    {
        var name = request.Name?.Trim() ?? "";
        if (name.Length is 0 or > MaxNameLength || name.Any(char.IsControl))
            return IdentityRefusals.TokenNameInvalid.ToProblem($"'{name}' cannot be a token's name.");

        var token = await tokens.CreateAsync(Principals.AccountOf(caller)!.Value, name, ct);
        return TypedResults.Created($"/api/v1/tokens/{token.Id}", token);
    }

    public static async Task<Ok<IReadOnlyList<ApiToken>>> List(
        ClaimsPrincipal caller, ApiTokens tokens, CancellationToken ct) =>
        TypedResults.Ok(await tokens.ListAsync(Principals.AccountOf(caller)!.Value, ct));

    public static async Task<Results<NoContent, ProblemHttpResult>> Revoke(
        string token, ClaimsPrincipal caller, ApiTokens tokens, CancellationToken ct) =>
        TokenId.TryParse(token, out var id)
        && await tokens.RevokeAsync(Principals.AccountOf(caller)!.Value, id, ct)
            ? TypedResults.NoContent()
            : IdentityRefusals.TokenNotFound.ToProblem($"You have no token {token} that is not revoked.");
}
