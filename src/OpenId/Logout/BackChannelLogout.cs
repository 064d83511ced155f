using System.Text.Json;
using Guerdon.OpenId.Arrivals;
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

    private const string MediaType = "application/x-www-form-urlencoded";

    /// <summary>In this order, the cheapest first, since anybody may call: 1 how often; 2 the form; 3 what the token
    /// says, before any key is looked for; 4 who signed it; 5 that it is new.</summary>
    internal static async Task<IResult> Handle(
        string provider, HttpContext http, LiveProviders providers, SessionEnds ends, SignInStarts limits)
    {
        var ct = http.RequestAborted;
        if (limits.TakeLogout(http.Connection.RemoteIpAddress) is not null) // 1
            return No("There were too many.", StatusCodes.Status429TooManyRequests);
        if (providers.Find(provider) is not { } live) return No("There is no such provider.");
        if (await TokenAsync(http.Request, ct) is not { Length: > 0 } token) // 2
            return No("Send logout_token as a form.");
        if (Read(live, token, limits.Now, out var wrong) is not { } read) return No(wrong); // 3
        if (!await IsSignedAsync(live, token, ct)) // 4
            return No("Its signature or time is wrong, or the provider's keys cannot be read now.");
        return await ends.TakeAsync(live.Row, read, ct) ? Results.Ok() : No("It was taken before."); // 5
    }

    private static async Task<string?> TokenAsync(HttpRequest request, CancellationToken ct)
    {
        if (!request.HasFormContentType
            || request.ContentType?.Split(';')[0].Trim().Equals(MediaType, StringComparison.OrdinalIgnoreCase) != true)
            return null;
        try
        {
            return (await request.ReadFormAsync(ct))["logout_token"];
        }
        catch (InvalidDataException) // too many fields, or too long ones
        {
            return null;
        }
    }

    private static LogoutToken? Read(LiveProvider live, string token, DateTimeOffset now, out string wrong)
    {
        wrong = "It is no token of this issuer for this client.";
        try
        {
            return Payload(token) is { } payload && IsFor(live, payload)
                ? LogoutToken.Of(payload, now, LiveProvider.ClockSkew, out wrong) : null;
        }
        catch (InvalidOperationException) // half a letter, in a name or a text
        {
            return null;
        }
    }

    private static JsonElement? Payload(string token)
    {
        try
        {
            using var payload = JsonDocument.Parse(
                Base64UrlEncoder.DecodeBytes(new JsonWebToken(token).EncodedPayload));
            return payload.RootElement.ValueKind == JsonValueKind.Object ? payload.RootElement.Clone() : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or JsonException or SecurityTokenException)
        {
            return null;
        }
    }

    private static bool IsFor(LiveProvider live, JsonElement payload) =>
        ProviderClaims.TextOf(payload, "iss") == live.Row.Issuer && payload.TryGetProperty("aud", out var audience)
        && (audience.ValueKind == JsonValueKind.Array
            ? audience.EnumerateArray().Any(one => IsClient(live, one)) : IsClient(live, audience));

    private static bool IsClient(LiveProvider live, JsonElement one) =>
        one.ValueKind == JsonValueKind.String && one.GetString() == live.Row.ClientId;

    private static async Task<bool> IsSignedAsync(LiveProvider live, string token, CancellationToken ct)
    {
        try
        {
            var says = await live.Metadata.GetConfigurationAsync(ct);
            var parameters = live.Tokens;
            parameters.IssuerSigningKeys = says.SigningKeys;
            parameters.TypeValidator = (type, _, _) => IsType(type)
                ? type : throw new SecurityTokenInvalidTypeException("It is a token of another kind.");
            var handler = new RolloverTokenHandler(live.Metadata, isAnonymous: true);
            return (await handler.ValidateTokenAsync(token, parameters)).IsValid;
        }
        catch (Exception e) when (ProviderMetadata.IsAway(e, ct))
        {
            return false;
        }
    }

    // Many send none; an access token is none of these.
    private static bool IsType(string? type) => string.IsNullOrEmpty(type)
        || type.Equals("JWT", StringComparison.OrdinalIgnoreCase)
        || type.Equals("logout+jwt", StringComparison.OrdinalIgnoreCase);

    private static IResult No(string why, int status = StatusCodes.Status400BadRequest) => Results.Json(
        new Dictionary<string, string> { ["error"] = "invalid_request", ["error_description"] = why },
        statusCode: status);
}
