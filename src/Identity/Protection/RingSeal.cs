using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Guerdon.Kernel;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Identity.Protection;

/// <summary>Encrypts the key ring's secrets with the key file's: AES-256-GCM, a new nonce each.</summary>
internal sealed class RingSeal : IXmlEncryptor
{
    /// <summary>The element that holds what it encrypted.</summary>
    public static readonly XName Name = "sealed";

    private readonly byte[] _key;

    /// <param name="secret">32 bytes.</param>
    public RingSeal(byte[] secret)
    {
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: "guerdon key ring v1"u8.ToArray());
        var id = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 6, info: "guerdon key file name"u8.ToArray());
        FileId = Convert.ToHexStringLower(id);
    }

    /// <summary>Tells key files apart and says nothing about their secrets.</summary>
    public string FileId { get; }

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var whole = SecretBox.Seal(_key, plain);
        CryptographicOperations.ZeroMemory(plain);
        return new EncryptedXmlInfo(
            new XElement(Name, new XAttribute("file", FileId), Convert.ToBase64String(whole)), typeof(RingOpener));
    }

    /// <exception cref="CryptographicException">Another file's, or changed.</exception>
    public XElement Decrypt(XElement encryptedElement)
    {
        if (FileOf(encryptedElement) != FileId)
            throw new CryptographicException("The key ring was encrypted with another key file.");
        var plain = SecretBox.Open(_key, Convert.FromBase64String(encryptedElement.Value));
        return XElement.Parse(Encoding.UTF8.GetString(plain));
    }

    /// <summary>Which key files a ring's element needs.</summary>
    public static IEnumerable<string> FilesOf(XElement element) => element.Descendants(Name).Select(FileOf);

    private static string FileOf(XElement element) => (string?)element.Attribute("file") ?? "";
}

/// <summary>Decrypts what <see cref="RingSeal"/> encrypted; the framework makes it by its name.</summary>
internal sealed class RingOpener(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) =>
        services.GetRequiredService<RingProtection>().Seal is { } seal
            ? seal.Decrypt(encryptedElement)
            : throw new CryptographicException("The key ring is encrypted, and there is no key file.");
}
