using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Guerdon.OpenId.Arrivals;

/// <summary>What a provider says of somebody: what it signed, and where that is silent what its user endpoint says of
/// the same subject. Without I/O.</summary>
/// <param name="Subject">Who they are there, for ever.</param>
/// <param name="Email">In lower case, where it vouches for it; else null.</param>
/// <param name="Name">As it calls them; null: not.</param>
/// <param name="Sid">Its session; null: it does not say.</param>
/// <param name="ShownAt">When they showed it who they are; null: it does not say.</param>
/// <param name="IssuedAt">When it signed this; null: it does not say.</param>
/// <param name="Groups">All their groups, none where it says nothing of groups: some leave an empty list out. Null: not
/// known, since it says that there are too many, or what cannot be read; or nobody asks.</param>
internal sealed record ProviderClaims(
    string Subject, string? Email, string? Name, string? Sid, DateTimeOffset? ShownAt, DateTimeOffset? IssuedAt,
    IReadOnlyList<string>? Groups)
{
    /// <summary>The longest subject or session (OpenID Connect Core, 2).</summary>
    public const int MostIdChars = 255;

    private const int MostGroups = 5_000;

    /// <summary>Reads an id token whose signature holds.</summary>
    /// <param name="idToken">As it came.</param>
    /// <param name="userInfo">Of the user endpoint; null: nothing.</param>
    /// <param name="groupClaim">Where groups are; null: nowhere.</param>
    /// <returns>Null: it has no subject that can be one, or holds what is no text.</returns>
    public static ProviderClaims? Of(string idToken, JsonElement? userInfo, string? groupClaim)
    {
        try
        {
            return Read(idToken, userInfo, groupClaim);
        }
        catch (InvalidOperationException) // half a letter
        {
            return null;
        }
    }

    private static ProviderClaims? Read(string idToken, JsonElement? userInfo, string? groupClaim)
    {
        using var payload = JsonDocument.Parse(
            Base64UrlEncoder.DecodeBytes(new JsonWebToken(idToken).EncodedPayload));
        var signed = payload.RootElement;
        if (IdOf(signed, "sub") is not { } subject) return null;

        var more = userInfo ?? default;
        return new(
            subject, EmailOf(signed, signed) ?? EmailOf(more, signed), TextOf(signed, "name") ?? TextOf(more, "name"),
            IdOf(signed, "sid"), InstantOf(signed, "auth_time"), InstantOf(signed, "iat"),
            groupClaim is null ? null : GroupsOf(signed, more, groupClaim));
    }

    /// <summary>A text that can be a subject, a session or a token's number; null: there is none.</summary>
    public static string? IdOf(JsonElement from, string name) =>
        TextOf(from, name) is { Length: > 0 and <= MostIdChars } id && !id.Contains('\0', StringComparison.Ordinal)
            ? id : null;

    /// <summary>A text of a JSON object; null: there is none.</summary>
    public static string? TextOf(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A time of a JSON object, in seconds since 1970; null: there is none.</summary>
    public static DateTimeOffset? InstantOf(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds)
        && seconds is > 0 and < 100_000_000_000 ? DateTimeOffset.UnixEpoch.AddSeconds(Math.Floor(seconds)) : null;

    // An address that the provider does not vouch for is whatever somebody typed there. Entra ID has no email_verified;
    // its optional xms_edov says that the company owns the address's domain.
    private static string? EmailOf(JsonElement from, JsonElement signed) =>
        // Letters that fold to others are nobody's whom it could mean here.
        TextOf(from, "email") is { } email && email.All(char.IsAscii)
        && (IsTrue(from, "email_verified") || IsTrue(from, "xms_edov")) && IsGooglesOwn(email, signed)
            ? email.ToLowerInvariant() : null;

    // Google vouches for addresses of other domains once, and their mailboxes go to others: only where it runs the
    // mailbox itself does it know whose it is.
    private static bool IsGooglesOwn(string email, JsonElement signed) =>
        TextOf(signed, "iss") is not ("https://accounts.google.com" or "accounts.google.com")
        || email.EndsWith("@gmail.com", StringComparison.OrdinalIgnoreCase)
        || (TextOf(signed, "hd") is { Length: > 0 } domain
            && email.EndsWith($"@{domain}", StringComparison.OrdinalIgnoreCase));

    private static bool IsTrue(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && (value.ValueKind == JsonValueKind.True
            || (value.ValueKind == JsonValueKind.String && value.GetString() is "true" or "True" or "1")
            || (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number == 1));

    private static List<string>? GroupsOf(JsonElement signed, JsonElement more, string claim)
    {
        if (IsElsewhere(signed, claim) || IsElsewhere(more, claim)) return null;
        if (!Has(signed, claim, out var value) && !Has(more, claim, out value)) return [];
        if (value.ValueKind == JsonValueKind.String) return [value.GetString()!];
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > MostGroups
            || value.EnumerateArray().Any(one => one.ValueKind != JsonValueKind.String)) return null;
        return [.. value.EnumerateArray().Select(one => one.GetString()!)];
    }

    private static bool Has(JsonElement from, string claim, out JsonElement value)
    {
        value = default;
        return from.ValueKind == JsonValueKind.Object && from.TryGetProperty(claim, out value);
    }

    // Entra ID, of somebody in more than 200 groups: it says where they can be asked for, in place of saying them.
    private static bool IsElsewhere(JsonElement from, string claim) =>
        from.ValueKind == JsonValueKind.Object
        && ((from.TryGetProperty("_claim_names", out var names) && names.ValueKind == JsonValueKind.Object
            && names.TryGetProperty(claim, out _)) || IsTrue(from, "hasgroups"));
}
