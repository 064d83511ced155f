using System.Runtime.InteropServices;

namespace Guerdon.Storage;

/// <summary>Hashes of keys as they are told apart in memory.</summary>
public static class KeyHash
{
    /// <summary>Half of a SHA-256: short, and nobody finds a second key to one that is given.</summary>
    public static UInt128 IdOf(ReadOnlySpan<byte> hash) => MemoryMarshal.Read<UInt128>(hash);
}
