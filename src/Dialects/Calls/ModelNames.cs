using System.Text;

namespace Guerdon.Dialects.Calls;

/// <summary>Model names as strings, so that the same few names are not built again for every request.</summary>
/// <remarks>
/// 256 slots, each holding the last name that hashed to it: bounded, whatever callers send. A slot is one reference, so
/// racing writers leave one of two right names.
/// </remarks>
internal static class ModelNames
{
    private const int MaxBytes = 256;
    private static readonly string?[] Slots = new string?[256];

    /// <returns>Null where the bytes are not a name: empty, too long, or not UTF-8.</returns>
    public static string? Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > MaxBytes) return null;

        ref var slot = ref Slots[Slot(utf8)];
        var kept = slot;
        if (kept is not null && Ascii.Equals(utf8, kept)) return kept;
        if (!System.Text.Unicode.Utf8.IsValid(utf8)) return null;

        return slot = Encoding.UTF8.GetString(utf8);
    }

    private static int Slot(ReadOnlySpan<byte> utf8)
    {
        var hash = 2166136261u; // FNV-1a
        foreach (var b in utf8) hash = (hash ^ b) * 16777619u;
        return (int)((hash ^ (hash >> 8) ^ (hash >> 16)) & 255);
    }
}
