using Guerdon.Kernel;

namespace Guerdon.OpenId;

/// <summary>Every expected "no" of sign-in providers. What goes wrong while somebody signs in, a page says.</summary>
internal static class OpenIdRefusals
{
    public static readonly Refusal Invalid = new("openid.provider_invalid", 400, Retryable: false,
        "Correct what the detail names; docs/guides/sign-in.md has the settings of usual providers.");

    public static readonly Refusal NotFound = new("openid.provider_not_found", 404, Retryable: false,
        "List providers with GET /api/v1/sso.");

    public static readonly Refusal Waits = new("openid.provider_waits", 409, Retryable: false,
        "Decline what waits first, or have it approved.");

    public static readonly Refusal Decided = new("openid.provider_decided", 409, Retryable: false,
        "Look at what became of it: GET /api/v1/sso.");

    public static readonly Refusal IssuerTaken = new("openid.issuer_taken", 409, Retryable: false,
        "Change the provider that has this issuer, or remove it first.");

    public static readonly Refusal IssuerFixed = new("openid.issuer_fixed", 409, Retryable: false,
        "Remove the provider first, or give the new one another name.");

    public static readonly Refusal TooMany = new("openid.provider_too_many", 409, Retryable: false,
        "Remove one that nobody signs in with.");

    public static readonly Refusal NotTheirs = new("openid.own_provider", 403, Retryable: false,
        "Somebody else with the role of an administrator does it.");

    public static readonly Refusal AskerGone = new("openid.asker_gone", 409, Retryable: false,
        "Decline it, and ask for it yourself: another administrator agrees.");

    public static readonly Refusal NotConfirmed = new("openid.step_up", 403, Retryable: false,
        "Sign in again, and approve it within 10 minutes: at /confirm, or with 'guerdon login'.");

    public static readonly Refusal ReasonInvalid = new("openid.reason_invalid", 400, Retryable: false,
        "Say why in 1 to 1,000 characters.");

    public static readonly Refusal NoKeyFile = new("openid.no_key_file", 409, Retryable: false,
        "Start the server with GUERDON_KEY_FILE, then ask again.");

    public static readonly Refusal SecretNeeded = new("openid.secret_needed", 400, Retryable: false,
        "Send the client secret too: what is saved goes only to the issuer and client that it was set for.");

    public static readonly Refusal Unusable = new("openid.provider_unusable", 409, Retryable: true,
        "Correct its settings, or what it says of itself, and test it again.");
}
