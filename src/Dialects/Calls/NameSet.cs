using System.Buffers.Binary;
using System.Numerics;

namespace Guerdon.Dialects.Calls;

/// <summary>The names of the members in all objects that are open at a place in a body, told apart by hash.</summary>
/// <remarks>
/// One table for all of them. What was added last is taken out first, so a slot can simply be cleared again and nothing
/// is ever moved. Equal names always have equal hashes, so a repeated one is never missed; two different ones are taken
/// for one about once in 2^64 pairs, by a seed of this process. One spare set a thread is reused.
/// </remarks>
public sealed class NameSet
{
    /// <summary>Names that a body may have in objects open at once: more than any tool sends, and 6 MB of
    /// memory.</summary>
    public const int Most = 1 << 18;

    private const int First = 1 << 10;
    private const int LargestSpare = 1 << 13;
    private const ulong Odd = 0x9E37_79B9_7F4A_7C15;
    private static readonly ulong Seed = (ulong)System.Security.Cryptography.RandomNumberGenerator.GetInt32(
        int.MaxValue) << 32 | (uint)System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue);

    [ThreadStatic] private static NameSet? _spare;

    private readonly int[] _starts = new int[StrictJson.MostDepth + 1];
    private readonly ulong[] _salts = new ulong[StrictJson.MostDepth + 1];
    private ulong[] _table = new ulong[First];
    private int[] _slots = new int[First / 2];
    private int _count, _depth;
    private ulong _objects;

    public static NameSet Rent()
    {
        var set = _spare ?? new NameSet();
        _spare = null;
        return set;
    }

    public void Return()
    {
        if (_table.Length > LargestSpare) return;
        while (_depth > 0) Close();
        _spare = this;
    }

    public void Open()
    {
        _starts[_depth] = _count;
        _salts[_depth++] = ++_objects * Odd;
    }

    public void Close()
    {
        for (var start = _starts[--_depth]; _count > start;) _table[_slots[--_count]] = 0;
    }

    /// <summary>Adds a name to the innermost object.</summary>
    /// <returns>False where it is there already, or where <see cref="Most"/> are.</returns>
    public bool TryAdd(ulong hash)
    {
        if (_count == _slots.Length && !TryGrow()) return false;
        var key = ((hash ^ _salts[_depth - 1]) * Odd) | 1; // no key is 0, which is a free slot
        var slot = SlotOf(key);
        while (_table[slot] != 0)
        {
            if (_table[slot] == key) return false;
            slot = (slot + 1) & (_table.Length - 1);
        }

        _table[slot] = key;
        _slots[_count++] = slot;
        return true;
    }

    public bool IsFull => _count == Most;

    public static ulong Hash(ReadOnlySpan<byte> name)
    {
        var hash = Seed + (ulong)name.Length * Odd;
        var rest = name;
        for (; rest.Length > 8; rest = rest[8..]) hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(rest));
        return Mix(hash, LastOf(name));
    }

    // The last eight bytes, some of which may have been mixed before: twice does no harm, since equal names
    // still have equal hashes.
    private static ulong LastOf(ReadOnlySpan<byte> name)
    {
        if (name.Length >= 8) return BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]);
        if (name.Length >= 4)
            return BinaryPrimitives.ReadUInt32LittleEndian(name)
                | (ulong)BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]) << 32;
        return name.Length == 0 ? 0 : name[0] | (ulong)name[name.Length / 2] << 8 | (ulong)name[^1] << 16;
    }

    private static ulong Mix(ulong hash, ulong word)
    {
        hash = (hash ^ word) * Odd;
        return hash ^ (hash >> 29);
    }

    private int SlotOf(ulong key) => (int)(key >> (64 - BitOperations.Log2((uint)_table.Length)));

    // In the order in which they came, so that they can be taken out again in the other.
    private bool TryGrow()
    {
        if (_count >= Most) return false;
        var (old, slots) = (_table, _slots);
        _table = new ulong[old.Length * 2];
        _slots = new int[slots.Length * 2];
        for (var i = 0; i < _count; i++)
        {
            var key = old[slots[i]];
            var slot = SlotOf(key);
            while (_table[slot] != 0) slot = (slot + 1) & (_table.Length - 1);
            _table[slot] = key;
            _slots[i] = slot;
        }

        return true;
    }
}
