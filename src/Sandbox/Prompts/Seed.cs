using System.Buffers.Binary;
using System.Numerics;

namespace Guerdon.Sandbox.Prompts;

/// <summary>A 64-bit hash that is the same in every process and on every machine; not for secrets.</summary>
internal static class Seed
{
    public const ulong Start = 0x9E37_79B9_7F4A_7C15;

    public static ulong Of(ReadOnlySpan<byte> bytes, ulong start)
    {
        var hash = Mix(start, (ulong)bytes.Length);
        for (; bytes.Length >= 8; bytes = bytes[8..]) hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        ulong rest = 0;
        foreach (var value in bytes) rest = (rest << 8) | value;
        return Mix(hash, rest);
    }

    public static ulong Of(ReadOnlySpan<char> text, ulong start)
    {
        var hash = Mix(start, (ulong)text.Length);
        foreach (var letter in text) hash = Mix(hash, letter);
        return hash;
    }

    public static ulong Mix(ulong hash, ulong value)
    {
        // Multiply, then fold the high half down: without the fold, the low bits never see the high ones.
        var product = (BitOperations.RotateLeft(hash, 5) ^ value) * 0xD6E8_FEB8_6659_FD93;
        return product ^ (product >> 32);
    }
}

/// <summary>A reproducible run of draws from one seed (SplitMix64, Steele et al. 2014).</summary>
internal struct Draw(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += Seed.Start;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 up to but not including <paramref name="limit"/>; the bias is below 2^-32.</summary>
    public int Below(int limit) => (int)((Next() >> 32) * (ulong)limit >> 32);
}
