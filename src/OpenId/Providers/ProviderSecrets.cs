using Guerdon.Identity.Protection;

namespace Guerdon.OpenId.Providers;

/// <summary>Client secrets, encrypted for one row of settings each.</summary>
internal sealed class ProviderSecrets(SecretSafe safe)
{
    private const string Purpose = "Guerdon.OpenId.ClientSecret.v1";

    public bool IsOpen => safe.IsOpen;

    public byte[] Seal(SignInProviderId id, string secret) => safe.Seal(Purpose, $"{id}", secret);

    /// <summary>The secret in clear; null: there is none, or it cannot be read here.</summary>
    public string? Unseal(SignInProvider provider) =>
        provider.Secret is { } secret ? safe.Unseal(Purpose, $"{provider.Id}", secret) : null;
}
