using Guerdon.Kernel;

namespace Guerdon.Gateway;

/// <summary>Every way the gateway itself says no. Errors of providers are relayed and are not in this list.</summary>
public static class GatewayRefusals
{
    public static readonly Refusal MissingKey = new("gateway.missing_key", 401, Retryable: false,
        "Send your Guerdon key as 'Authorization: Bearer <key>', 'x-api-key: <key>', 'api-key: <key>' or "
        + "'x-goog-api-key: <key>'.");

    public static readonly Refusal BadKey = new("gateway.bad_key", 401, Retryable: false,
        "Create a new key on your Guerdon page: this one is unknown, revoked or expired.");

    public static readonly Refusal OwnerLeft = new("gateway.owner_left", 401, Retryable: false,
        "If the date is wrong, have it corrected in the list of people: the key then works again.");

    public static readonly Refusal ModelNotAllowed = new("gateway.model_not_allowed", 403, Retryable: false,
        "Use a model that GET /v1/models lists, or a key that allows this one.");

    public static readonly Refusal WalletStopped = new("gateway.wallet_stopped", 402, Retryable: false,
        "Wait until that is charged; where your wallet does not cover it, ask an administrator to look and clear it.");

    public static readonly Refusal StopsNotNamed = new("gateway.stops_not_named", 422, Retryable: false,
        "Look at the calls (guerdon gateway stops), and name those whose stops are to be cleared.");

    public static readonly Refusal OwnStop = new("gateway.own_stop", 403, Retryable: false,
        "Ask someone else with the platform role to look at the calls and clear the stop.");

    public static readonly Refusal WrongDialect = new("gateway.wrong_dialect", 400, Retryable: false,
        "Call this model by its own provider's API.");

    public static readonly Refusal UpgradeRequired = new("gateway.upgrade_required", 426, Retryable: false,
        "Send POST /v1/responses over HTTP, with \"stream\": true for events: WebSockets are not served.");

    public static readonly Refusal CallsInFlight = new("gateway.calls_in_flight", 429, Retryable: true,
        "Wait for your requests in flight; nothing was sent to the provider, held or charged.");

    public static readonly Refusal BodiesInFlight = new("gateway.bodies_in_flight", 429, Retryable: true,
        "Wait for your requests in flight, or send smaller bodies; nothing was sent to the provider, held or charged.");

    public static readonly Refusal BodyTooSlow = new("gateway.body_too_slow", 408, Retryable: true,
        "Send it again over a better connection; nothing was sent to the provider or charged.");

    public static readonly Refusal WalletExhausted = new("gateway.wallet_exhausted", 402, Retryable: false,
        "Ask for a grant or wait for your next one; a shorter request or a cheaper model may still fit.");

    public static readonly Refusal WalletInFlight = new("gateway.wallet_in_flight", 429, Retryable: true,
        "Wait for your requests in flight: the tokens they hold and do not use come back.");

    public static readonly Refusal KeyBudgetExhausted = new("gateway.key_budget_exhausted", 402, Retryable: false,
        "Use another key, or make one with a larger budget.");

    public static readonly Refusal KeyBudgetInFlight = new("gateway.key_budget_in_flight", 429, Retryable: true,
        "Wait for this key's requests in flight: what they hold of its budget and do not use comes back.");

    public static readonly Refusal ProviderUnconfigured = new("gateway.provider_unconfigured", 503, Retryable: false,
        "Ask an administrator to configure this provider's address and key.");

    public static readonly Refusal ProviderDown = new("gateway.provider_down", 503, Retryable: true,
        "Try again later: the provider failed too often and is left alone for a while. Nothing was charged.");

    public static readonly Refusal ProviderKeyRefused = new("gateway.provider_key_refused", 503, Retryable: false,
        "Ask an administrator to set another key for this provider. Your own is good, and nothing was charged.");

    public static readonly Refusal UpstreamUnreachable = new("gateway.upstream_unreachable", 502, Retryable: true,
        "Try again; nothing was charged.");

    public static readonly Refusal UpstreamRedirects = new("gateway.upstream_redirects", 502, Retryable: false,
        "Ask an administrator to correct this provider's address: redirects are not followed. Nothing was charged.");

    public static readonly Refusal UpstreamCut = new("gateway.upstream_cut", 502, Retryable: true,
        "Try again; what the provider did before it broke off is charged as an estimate.");

    public static readonly Refusal UpstreamTimeout = new("gateway.upstream_timeout", 504, Retryable: false,
        "The provider took too long and may still be working: charged at the most that can cost, as an estimate that "
        + "its usage report corrects. Try a shorter request, or stream it.");

    public static readonly Refusal Stopping = new("gateway.stopping", 503, Retryable: true,
        "Send it again: another node takes it at once, or this one when it is up again.");

    public static readonly Refusal Unavailable = new("gateway.unavailable", 503, Retryable: true,
        "Try again shortly: Guerdon cannot reach its database, and it forwards nothing that it cannot record.");
}
