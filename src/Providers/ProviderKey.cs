using System.Security.Cryptography;
using System.Text;
using Guerdon.Identity.Protection;

namespace Guerdon.Providers;

/// <summary>What may be shown of a company's key: enough to tell it from another, too little to use it.</summary>
/// <param name="Hint">Its last four characters; empty where the key is so short that they would give it away.</param>
/// <param name="Fingerprint">The first 12 hex digits of its SHA-256.</param>
internal sealed record KeyMark(string Hint, string Fingerprint)
{
    private const int HintedFrom = 16;

    /// <summary>Both in words.</summary>
    public string Shown => InWords(Hint, Fingerprint);

    /// <summary>The same of a mark that is stored.</summary>
    public static string InWords(string hint, string fingerprint) =>
        hint.Length > 0 ? $"…{hint} ({fingerprint})" : $"({fingerprint})";

    /// <summary>The mark of a key.</summary>
    public static KeyMark Of(string key) => new(
        key.Length < HintedFrom ? "" : key[^4..],
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..12]);
}

/// <summary>Encrypts companies' keys with what is not in the database.</summary>
internal sealed class KeySafe(SecretSafe safe)
{
    private const string Purpose = "Guerdon.Gateway.ProviderKey.v1";

    /// <summary>False where nothing outside the database protects what is in it: then no key is taken.</summary>
    public bool IsOpen => safe.IsOpen;

    /// <summary>Encrypts a key for one provider; no other provider's row can hold it.</summary>
    public byte[] Seal(string provider, string key) => safe.Seal(Purpose, provider, key);

    /// <summary>The key, or null where it cannot be decrypted here: then the gateway says which provider it is.
    /// </summary>
    public string? Unseal(string provider, byte[] sealedKey) => safe.Unseal(Purpose, provider, sealedKey);
}
