using System.Text.Json;
using Guerdon.OpenId.Arrivals;

namespace Guerdon.OpenId.Logout;

/// <summary>What a logout token says, once its signature, issuer, audience and end hold (OpenID Connect Back-Channel
/// Logout 1.0, 2.6). Without I/O.</summary>
/// <param name="Jti">Each is taken once.</param>
/// <param name="Sid">The provider's session that is over; null: all of the subject.</param>
/// <param name="Subject">Whose; null: whoever had that session.</param>
/// <param name="IssuedAt">When.</param>
internal sealed record LogoutToken(string Jti, string? Sid, string? Subject, DateTimeOffset IssuedAt)
{
    /// <summary>How old one may be; so long its id is remembered.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);

    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    /// <summary>Reads one.</summary>
    /// <param name="payload">Its JSON.</param>
    /// <param name="now">The time.</param>
    /// <param name="skew">How far clocks may be apart.</param>
    /// <param name="wrong">What is wrong with it, in words of ours; empty: nothing.</param>
    /// <returns>Null: it is none.</returns>
    public static LogoutToken? Of(JsonElement payload, DateTimeOffset now, TimeSpan skew, out string wrong)
    {
        var (sid, subject) = (ProviderClaims.IdOf(payload, "sid"), ProviderClaims.IdOf(payload, "sub"));
        var (jti, issued) = (ProviderClaims.IdOf(payload, "jti"), ProviderClaims.InstantOf(payload, "iat"));
        wrong = payload switch
        {
            _ when payload.TryGetProperty("nonce", out _) => "It has a nonce, which logout tokens must not have.",
            _ when !HasEvent(payload) => "Its events do not say that it is a logout.",
            _ when sid is null && subject is null => "It names neither a session nor a subject.",
            _ when jti is null => "It has no jti.",
            _ when issued is null || issued > now + skew || issued < now - Lasts => "It is not of now.",
            _ => "",
        };
        return wrong.Length > 0 ? null : new(jti!, sid, subject, issued!.Value);
    }

    private static bool HasEvent(JsonElement payload) =>
        payload.TryGetProperty("events", out var events) && events.ValueKind == JsonValueKind.Object
        && events.TryGetProperty(Event, out var value) && value.ValueKind == JsonValueKind.Object;
}
