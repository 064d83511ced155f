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

    private const int MostScopes = 100;

    /// <summary>How long a token lasts where nobody says how long, and at most.</summary>
    private static readonly TimeSpan LastsFor = TimeSpan.FromDays(365);

    /// <param name="Name">What it is for.</param>
    /// <param name="Scopes">Names of permissions, all of them the caller's; null: all that the caller may do.</param>
    /// <param name="EndsAt">When it opens nothing any more, within a year; null: in a year.</param>
    public sealed record Request(string? Name, IReadOnlyList<string?>? Scopes = null, DateTimeOffset? EndsAt = null);

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

    // Whoever asks has a session (StepUp), so that no token makes another that goes on when it is revoked itself.
    private static Result<TokenTerms> TermsOf(Request request, ClaimsPrincipal caller, DateTimeOffset now)
    {
        var asked = request.Scopes;
        if (asked?.Count is 0 or > MostScopes)
            return IdentityRefusals.TokenScopesInvalid.With($"A token has 1 to {MostScopes} permissions, or all.");
        if (asked?.Any(scope => scope is null || Kernel.Permissions.Find(scope) is null) == true)
        {
            var unknown = asked.First(scope => scope is null || Kernel.Permissions.Find(scope) is null);
            return IdentityRefusals.TokenScopesInvalid.With(
                $"'{Wording.Shortened(unknown ?? "null")}' is not a permission.");
        }

        string[]? scopes = asked is null ? null : [.. asked.OfType<string>().Distinct()];
        if (scopes?.FirstOrDefault(scope => !Access.May(caller, scope)) is { } beyond)
            return IdentityRefusals.TokenTooWide.With($"You do not have {beyond}.");

        var (end, last) = (request.EndsAt ?? now + LastsFor, now + LastsFor);
        if (end <= now) return IdentityRefusals.TokenEndInvalid.With($"{Wording.Utc(end)} has passed.");
        return end > last
            ? IdentityRefusals.TokenEndInvalid.With($"A token lasts a year at most, until {Wording.Utc(last)}.")
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
