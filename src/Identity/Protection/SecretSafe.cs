using System.Security.Cryptography;
using System.Text;
using Guerdon.Providers;
using Microsoft.AspNetCore.DataProtection;

namespace Guerdon.Host.Protection;

/// <summary>Encrypts providers' keys by the key ring. One that lay open beside them would protect nothing.</summary>
internal sealed class KeySafe(IDataProtectionProvider ring, RingProtection protection) : IKeySafe
{
    private const string Purpose = "Guerdon.Gateway.ProviderKey.v1";

    public bool IsOpen => protection.Seal is not null;

    public byte[] Seal(string provider, string key) => For(provider).Protect(Encoding.UTF8.GetBytes(key));

    public string? Unseal(string provider, byte[] sealedKey)
    {
        try
        {
            return Encoding.UTF8.GetString(For(provider).Unprotect(sealedKey));
        }
        catch (CryptographicException)
        {
            return null; // the gateway says which provider it is
        }
    }

    private IDataProtector For(string provider) => ring.CreateProtector(Purpose, provider);
}
