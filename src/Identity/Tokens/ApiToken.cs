using System.Text.Json.Serialization;
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

/// <summary>A token as its owner sees it afterwards: never the token itself.</summary>
internal sealed record ApiToken(TokenId Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

/// <summary>A token just made.</summary>
/// <param name="Id">To revoke it by.</param>
/// <param name="Token">The only time it is shown.</param>
public sealed record CreatedToken(TokenId Id, string Token);
