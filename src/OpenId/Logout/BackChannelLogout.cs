using System.Text.Json;
using Guerdon.OpenId.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Guerdon.OpenId.Logout;

/// <summary>A provider says that somebody has signed out there, or was signed out: their sessions end at once (OpenID
/// Connect Back-Channel Logout 1.0).</summary>
internal static class BackChannelLogout
{
    /// <summary>The largest body.</summary>
    public const int MostBodyBytes = 64 * 1024;

    internal static async Task<IResult> Handle(
        string provider, HttpContext http, LiveProviders providers, SessionEnds ends, TimeProvider clock)
    {
        var ct = http.RequestAborted;
        if (providers.Find(provider) is not { } live) return No("There is no such provider.");
        if (!http.Request.HasFormContentType) return No("Send logout_token as a form.");
        string? token = (await http.Request.ReadFormAsync(ct))["logout_token"];
        if (string.IsNullOrEmpty(token)) return No("There is no logout_token.");

        var (result, isAway) = await ValidateAsync(live, token, ct);
        if (isAway) return No("This server cannot read the provider's keys now.");
        if (result is not { IsValid: true, SecurityToken: JsonWebToken jwt })
            return No("Its signature, issuer, audience or time is wrong.");
        using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(jwt.EncodedPayload));
        if (LogoutToken.Of(payload.RootElement, clock.GetUtcNow(), LiveProvider.ClockSkew, out var wrong)
            is not { } read) return No(wrong);
        return await ends.TakeAsync(live.Row, read, ct) ? Results.Ok() : No("It was taken before.");
    }

    private static async Task<(TokenValidationResult? Result, bool IsAway)> ValidateAsync(
        LiveProvider live, string token, CancellationToken ct)
    {
        try
        {
            var says = await live.Metadata.GetConfigurationAsync(ct);
            var parameters = live.Tokens;
            parameters.IssuerSigningKeys = says.SigningKeys;
            parameters.ValidTypes = ["logout+jwt", "JWT", "jwt"]; // absent is fine; another kind of token is not
            return (await new RolloverTokenHandler(live.Metadata).ValidateTokenAsync(token, parameters), false);
        }
        catch (Exception e) when (ProviderMetadata.IsAway(e, ct))
        {
            return (null, true);
        }
    }

    private static IResult No(string why) => Results.Json(
        new Dictionary<string, string> { ["error"] = "invalid_request", ["error_description"] = why },
        statusCode: StatusCodes.Status400BadRequest);
}
