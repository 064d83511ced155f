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

    /// <summary>How long a token lasts where nobody says how long.</summary>
    private static readonly TimeSpan LastsFor = TimeSpan.FromDays(365);

    /// <param name="Name">What it is for.</param>
    /// <param name="Scopes">Names of permissions, all of them the caller's; null: all that the caller may do.</param>
    /// <param name="EndsAt">When it opens nothing any more; null: in a year.</param>
    public sealed record Request(string? Name, IReadOnlyList<string>? Scopes = null, DateTimeOffset? EndsAt = null);

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
        Request request, ClaimsPrincipal caller, ApiTokens tokens, TimeProvider clock, CancellationToken ct)
    {
        var name = request.Name?.Trim() ?? "";
        if (name.Length is 0 or > MaxNameLength || name.Any(char.IsControl))
            return IdentityRefusals.TokenNameInvalid.ToProblem($"'{name}' cannot be a token's name.");

        if (!TermsOf(request, caller, clock.GetUtcNow()).Is(out var terms, out var refused)) return refused.ToProblem();
        var token = await tokens.CreateAsync(Principals.AccountOf(caller)!.Value, name, terms, ct);
        return TypedResults.Created($"/api/v1/tokens/{token.Id}", token);
    }

    // By a token, the new one gets nothing that the token has not: neither a permission nor a day.
    private static Result<TokenTerms> TermsOf(Request request, ClaimsPrincipal caller, DateTimeOffset now)
    {
        var scopes = request.Scopes?.Distinct().ToArray() ?? Access.ScopesOf(caller);
        if (scopes is { Count: 0 })
            return IdentityRefusals.TokenScopesInvalid.With("A token without any permission opens nothing.");
        if (scopes?.FirstOrDefault(scope => Kernel.Permissions.Find(scope) is null) is { } unknown)
            return IdentityRefusals.TokenScopesInvalid.With($"'{Wording.Shortened(unknown)}' is not a permission.");
        if (scopes?.FirstOrDefault(scope => !Access.May(caller, scope)) is { } beyond)
            return IdentityRefusals.TokenTooWide.With($"You do not have {beyond}, or this token has not.");

        var (end, most) = (request.EndsAt ?? now + LastsFor, TokenOwner.EndOf(caller));
        if (request.EndsAt is null && end > most) end = most.Value;
        if (end <= now) return IdentityRefusals.TokenEndInvalid.With($"{Wording.Utc(end)} has passed.");
        return end > most
            ? IdentityRefusals.TokenTooWide.With($"The token that asks ends itself at {Wording.Utc(most)}.")
            : new TokenTerms(scopes, end);
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
