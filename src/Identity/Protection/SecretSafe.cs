using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Guerdon.Identity.Protection;

/// <summary>Encrypts secrets of other modules by the key ring. One that lay open beside them would protect nothing.
/// </summary>
public sealed class SecretSafe
{
    private readonly IDataProtectionProvider _ring;
    private readonly RingProtection _protection;

    internal SecretSafe(IDataProtectionProvider ring, RingProtection protection) =>
        (_ring, _protection) = (ring, protection);

    /// <summary>False where nothing outside the database protects what is in it: then no secret is taken.</summary>
    public bool IsOpen => _protection.Seal is not null;

    /// <summary>Encrypts a secret for one owner; no other owner's row can hold it.</summary>
    /// <param name="purpose">What it is for: another's is not read. It never changes.</param>
    /// <param name="owner">Whose it is.</param>
    /// <param name="secret">In clear.</param>
    /// <exception cref="InvalidOperationException">It is not open: whoever takes a secret asks that first.</exception>
    public byte[] Seal(string purpose, string owner, string secret) => IsOpen
        ? _ring.CreateProtector(purpose, owner).Protect(Encoding.UTF8.GetBytes(secret))
        : throw new InvalidOperationException("Without a key file nothing is encrypted: ask IsOpen first.");

    /// <summary>The secret, or null where it cannot be decrypted here.</summary>
    public string? Unseal(string purpose, string owner, byte[] sealedSecret)
    {
        try
        {
            return Encoding.UTF8.GetString(_ring.CreateProtector(purpose, owner).Unprotect(sealedSecret));
        }
        catch (CryptographicException)
        {
            return null; // whoever asked knows whose it is, and says so
        }
    }
}
