using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Guerdon.Dialects.Calls;

/// <summary>A member's name without case, underscores and escapes: Google reads several spellings as one.</summary>
public ref struct FoldedName
{
    private const int Most = 32; // no name that counts is longer

    private Buffer _letters;
    private int _length;

    /// <param name="json">Stands on a member's name.</param>
    public FoldedName(in StrictJson json)
    {
        if (!json.ValueIsEscaped)
        {
            Fold(json.ValueSpan);
            return;
        }

        Span<byte> buffer = stackalloc byte[256];
        if (json.TryPlain(buffer, out var plain)) Fold(plain);
        else _length = -1;
    }

    /// <summary>One hash for all spellings of a name; <paramref name="exact"/> for one that is none of
    /// Google's.</summary>
    public static ulong HashOf(in StrictJson json, ulong exact)
    {
        var name = new FoldedName(json);
        return name.TryHash(out var hash) ? hash : exact;
    }

    /// <summary>The hash of its letters; false for a name that is none of Google's.</summary>
    public readonly bool TryHash(out ulong hash)
    {
        hash = _length < 0 ? 0 : NameSet.Hash(Letters());
        return _length >= 0;
    }

    public readonly bool Is(ReadOnlySpan<byte> folded) => _length >= 0 && Letters().SequenceEqual(folded);

    [UnscopedRef]
    private readonly ReadOnlySpan<byte> Letters() => ((ReadOnlySpan<byte>)_letters)[.._length];

    private void Fold(scoped ReadOnlySpan<byte> name)
    {
        foreach (var letter in name)
        {
            if (letter == '_') continue;
            if (_length == Most)
            {
                _length = -1;
                return;
            }

            _letters[_length++] = letter is >= (byte)'A' and <= (byte)'Z' ? (byte)(letter | 0x20) : letter;
        }
    }

    [InlineArray(Most)]
    private struct Buffer
    {
        private byte _first;
    }
}
