using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Guerdon.OpenId.Wire;

/// <summary>Validates what a provider signed. Where no key of those that are known signed it, they are read again,
/// once, so that nobody sees an error because a provider has a new key.</summary>
/// <param name="metadata">Of the provider.</param>
/// <param name="isAnonymous">Whether anybody may have sent it: then it uses up no reading of keys that a sign-in may
/// need.</param>
internal sealed class RolloverTokenHandler(ProviderMetadata metadata, bool isAnonymous = false) : JsonWebTokenHandler
{
    public override async Task<TokenValidationResult> ValidateTokenAsync(
        string token, TokenValidationParameters validationParameters)
    {
        // The handler asks for no signature of what came from the token endpoint, since that is called over TLS.
        // We ask for one in any case: else "none" would be an algorithm.
        validationParameters = validationParameters.Clone();
        validationParameters.RequireSignedTokens = true;
        var known = metadata.Known;
        var result = await base.ValidateTokenAsync(token, validationParameters);
        // Also a signature that is wrong by a key of that name: some providers give a new key the old one's name.
        if (result.IsValid || result.Exception is not SecurityTokenInvalidSignatureException
            || await metadata.RefreshAsync(known, isAnonymous, CancellationToken.None) is not { } fresh) return result;
        var again = validationParameters.Clone();
        again.IssuerSigningKeys = fresh.SigningKeys;
        return await base.ValidateTokenAsync(token, again);
    }
}
