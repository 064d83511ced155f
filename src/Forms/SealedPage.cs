using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Guerdon.Kernel;

namespace Guerdon.Forms;

/// <summary>
/// A page that waits to be fetched, compressed and encrypted (AES-256-GCM). The key is made of the form cookie, which
/// only the browser has: the database alone, and another's browser, cannot read what is shown once.
/// </summary>
internal static class SealedPage
{
    /// <summary>The largest that is stored, compressed; a page has some ten thousand bytes.</summary>
    public const int MostBytes = 256 << 10;

    /// <summary>Null where it is too large to be stored.</summary>
    public static byte[]? Seal(ReadOnlySpan<byte> page, string cookie, byte[] id)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true)) brotli.Write(page);
        if (packed.Length > MostBytes) return null;

        return SecretBox.Seal(KeyOf(cookie, id), packed.GetBuffer().AsSpan(0, (int)packed.Length));
    }

    /// <summary>The page; null where this browser did not send the form.</summary>
    public static byte[]? Open(byte[] whole, string? cookie, byte[] id)
    {
        if (string.IsNullOrEmpty(cookie)) return null;
        byte[] plain;
        try
        {
            plain = SecretBox.Open(KeyOf(cookie, id), whole);
        }
        catch (CryptographicException)
        {
            return null;
        }

        using var page = new MemoryStream();
        using (var brotli = new BrotliStream(new MemoryStream(plain), CompressionMode.Decompress)) brotli.CopyTo(page);
        return page.ToArray();
    }

    private static byte[] KeyOf(string cookie, byte[] id) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(cookie), 32, salt: id,
        info: "guerdon form answer v1"u8.ToArray());
}
