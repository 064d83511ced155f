using System.Security.Cryptography;
using System.Xml.Linq;
using Guerdon.Identity.Protection;

namespace Guerdon.Unit.Identity;

public sealed class RingSealTests
{
    private static readonly XElement Plain = XElement.Parse("<masterKey><value>c2VjcmV0</value></masterKey>");

    [Fact]
    public void Decrypt_WhatItEncrypted_IsTheSameAndShowsNothing()
    {
        var seal = new RingSeal(new byte[32]);
        var (one, other) = (seal.Encrypt(Plain).EncryptedElement, seal.Encrypt(Plain).EncryptedElement);
        Assert.Equal(Plain.ToString(), new RingSeal(new byte[32]).Decrypt(one).ToString());
        Assert.NotEqual(one.Value, other.Value);
        Assert.DoesNotContain("c2VjcmV0", one.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Decrypt_AnotherFilesOrChanged_Throws()
    {
        var seal = new RingSeal(new byte[32]);
        var made = seal.Encrypt(Plain).EncryptedElement;
        var other = new RingSeal([.. Enumerable.Repeat((byte)1, 32)]);
        Assert.Throws<CryptographicException>(() => other.Decrypt(made));
        Assert.NotEqual(seal.FileId, other.FileId);

        var bytes = Convert.FromBase64String(made.Value);
        bytes[20] ^= 1;
        made.Value = Convert.ToBase64String(bytes);
        Assert.ThrowsAny<CryptographicException>(() => seal.Decrypt(made));
        made.Value = "AAAA";
        Assert.Throws<CryptographicException>(() => seal.Decrypt(made));
    }
}
