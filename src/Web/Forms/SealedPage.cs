using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Stipend.Web;

/// <summary>
/// A page that waits to be fetched, compressed and encrypted (AES-256-GCM). The key is made of the form cookie, which
/// only the browser has: the database alone, and another's browser, cannot read what is shown once.
/// </summary>
internal static class SealedPage
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>The largest that is kept, compressed; a page has some ten thousand bytes.</summary>
    public const int MostBytes = 256 << 10;

    /// <summary>Null where it is too large to be kept.</summary>
    public static byte[]? Seal(ReadOnlySpan<byte> page, string cookie, byte[] id)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true)) brotli.Write(page);
        if (packed.Length > MostBytes) return null;

        var plain = packed.GetBuffer().AsSpan(0, (int)packed.Length);
        var whole = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(whole.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(KeyOf(cookie, id), TagBytes);
        aes.Encrypt(
            whole.AsSpan(0, NonceBytes), plain, whole.AsSpan(NonceBytes, plain.Length), whole.AsSpan(^TagBytes..));
        return whole;
    }

    /// <summary>The page; null where this browser did not send the form.</summary>
    public static byte[]? Open(byte[] whole, string? cookie, byte[] id)
    {
        if (string.IsNullOrEmpty(cookie) || whole.Length < NonceBytes + TagBytes) return null;
        var plain = new byte[whole.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(KeyOf(cookie, id), TagBytes);
        try
        {
            aes.Decrypt(
                whole.AsSpan(0, NonceBytes), whole.AsSpan(NonceBytes, plain.Length), whole.AsSpan(^TagBytes..), plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        using var page = new MemoryStream();
        using (var brotli = new BrotliStream(new MemoryStream(plain), CompressionMode.Decompress)) brotli.CopyTo(page);
        return page.ToArray();
    }

    private static byte[] KeyOf(string cookie, byte[] id) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(cookie), 32, salt: id,
        info: "stipend form answer v1"u8.ToArray());
}
