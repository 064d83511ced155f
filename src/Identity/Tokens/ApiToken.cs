using System.Security.Claims;
using System.Text.Json.Serialization;
using Guerdon.Identity.Accounts;
using Guerdon.Kernel;

namespace Guerdon.Identity.Tokens;

/// <summary>An API token's id. The token itself is shown once and saved as a hash.</summary>
[JsonConverter(typeof(IdConverter<TokenId>))]
public readonly record struct TokenId(Guid Value) : IId<TokenId>
{
    public static string Prefix => "tok";
    public static TokenId From(Guid value) => new(value);
    public static bool TryParse(string? text, out TokenId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>What a token is limited to.</summary>
/// <param name="Scopes">Names of permissions; null: all that its owner may do.</param>
/// <param name="EndsAt">It opens nothing from then on; null: until it is revoked.</param>
public sealed record TokenTerms(IReadOnlyList<string>? Scopes, DateTimeOffset? EndsAt);

/// <summary>A token as its owner sees it afterwards: never the token itself.</summary>
/// <param name="Id">To revoke it by.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Begins">Its first characters, by which its owner finds where it is used; null: it was made before they
/// were kept.</param>
/// <param name="Scopes">What it may do, of what its owner may; null: all.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="EndsAt">When it opens nothing any more; null: it has no end.</param>
/// <param name="UsedAt">When it was last used, to the minute or so; null: never, or before this was noted.</param>
/// <param name="RevokedAt">When it was revoked; null: it was not.</param>
internal sealed record ApiToken(
    TokenId Id, string Name, string? Begins, IReadOnlyList<string>? Scopes, DateTimeOffset CreatedAt,
    DateTimeOffset? EndsAt, DateTimeOffset? UsedAt, DateTimeOffset? RevokedAt);

/// <summary>A token that is good, with its account as it is now.</summary>
/// <param name="Id">The token.</param>
/// <param name="Account">Whose it is; it may be over.</param>
/// <param name="Terms">What it is limited to.</param>
/// <param name="UsedAt">When it was last used; null: never.</param>
internal sealed record TokenOwner(TokenId Id, Account Account, TokenTerms Terms, DateTimeOffset? UsedAt)
{
    /// <summary>Claim with the token that a caller comes with, as <c>tok_…</c>.</summary>
    internal const string TokenClaim = "guerdon:token";

    /// <summary>What the token adds to its owner's claims. That it may do all is said too: a list that
    /// is empty by mistake would otherwise mean the same.</summary>
    public IEnumerable<Claim> Claims()
    {
        foreach (var scope in Terms.Scopes ?? [Access.AllScopes]) yield return new(Access.ScopeClaim, scope);
        yield return new(TokenClaim, Id.ToString());
    }

    /// <summary>The token that a caller comes with; null: they come with none.</summary>
    public static TokenId? IdOf(ClaimsPrincipal caller) =>
        TokenId.TryParse(caller.FindFirstValue(TokenClaim), out var id) ? id : null;
}

/// <summary>A token just made.</summary>
/// <param name="Id">To revoke it by.</param>
/// <param name="Token">The only time it is shown.</param>
public sealed record CreatedToken(TokenId Id, string Token)
{
    /// <summary>When it opens nothing any more; null: it has no end.</summary>
    public DateTimeOffset? EndsAt { get; init; }
}
