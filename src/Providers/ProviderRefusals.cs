using Guerdon.Kernel;

namespace Guerdon.Providers;

/// <summary>What is said to those who set providers; callers hear those of the gateway.</summary>
internal static class ProviderRefusals
{
    public static readonly Refusal Invalid = new("gateway.provider_invalid", 422, Retryable: false,
        "Correct what is listed and set it again; nothing changed.");

    public static readonly Refusal KeyNeeded = new("gateway.provider_key_needed", 422, Retryable: false,
        "Give the key together with the address: a stored key is never sent to another host. Nothing changed.");

    public static readonly Refusal KeyErased = new("gateway.provider_key_erased", 409, Retryable: false,
        "Give the key again: the proposal's waits no more, or this node cannot decrypt it. Nothing changed.");

    public static readonly Refusal NoKeyFile = new("gateway.no_key_file", 409, Retryable: false,
        "Set GUERDON_KEY_FILE on every node to a file that only Guerdon can read and start again (docs/guides/"
        + "operating.md says how to make one): without it the database would hold both the key and what opens it.");

    public static readonly Refusal NotFound = new("gateway.provider_not_found", 404, Retryable: false,
        "List the providers to see which there are.");

    public static readonly Refusal Configured = new("gateway.provider_configured", 409, Retryable: false,
        "Change it where it is configured, or set a provider of that name, which then counts instead.");
}
