using System.Security.Cryptography;

namespace Guerdon.Kernel;

/// <summary>Bytes encrypted with a key of 32: AES-256-GCM, as nonce, cipher text and tag, a new nonce each.</summary>
public static class SecretBox
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public static byte[] Seal(byte[] key, ReadOnlySpan<byte> plain)
    {
        var whole = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(whole.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(
            whole.AsSpan(0, NonceBytes), plain, whole.AsSpan(NonceBytes, plain.Length), whole.AsSpan(^TagBytes..));
        return whole;
    }

    /// <exception cref="CryptographicException">Another key's, changed, or cut short.</exception>
    public static byte[] Open(byte[] key, ReadOnlySpan<byte> whole)
    {
        if (whole.Length < NonceBytes + TagBytes) throw new CryptographicException("The secret is cut short.");
        var plain = new byte[whole.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(whole[..NonceBytes], whole[NonceBytes..^TagBytes], whole[^TagBytes..], plain);
        return plain;
    }
}
