using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Stipend.Gateway;

/// <summary>A member's name without case, underscores and escapes: Google reads several spellings as one.</summary>
internal ref struct FoldedName
{
    private const int Most = 32; // no name that counts is longer

    private Buffer _letters;
    private int _length;

    /// <param name="json">Stands on a member's name.</param>
    public FoldedName(in Utf8JsonReader json)
    {
        var raw = json.ValueSpan;
        if (!json.ValueIsEscaped)
        {
            Fold(raw);
            return;
        }

        Span<byte> plain = stackalloc byte[256];
        if (raw.Length <= plain.Length && TryUnescape(json, plain, out var length)) Fold(plain[..length]);
        else _length = -1;
    }

    public readonly bool Is(ReadOnlySpan<byte> folded) => _length >= 0 && Letters().SequenceEqual(folded);

    [UnscopedRef]
    private readonly ReadOnlySpan<byte> Letters() => ((ReadOnlySpan<byte>)_letters)[.._length];

    // Half a surrogate pair is valid JSON and no text: a name that counts has none.
    private static bool TryUnescape(in Utf8JsonReader json, Span<byte> plain, out int length)
    {
        length = 0;
        try
        {
            length = json.CopyString(plain);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

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
