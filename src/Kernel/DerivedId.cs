using System.Security.Cryptography;
using System.Text;

namespace Guerdon.Kernel;

/// <summary>Ids that follow from what they name.</summary>
public static class DerivedId
{
    /// <summary>The same id from the same name, wherever it is asked.</summary>
    public static Guid Of(string name)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(name))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80); // RFC 9562: version 8, derived by rules of our own
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
