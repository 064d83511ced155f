namespace Guerdon.Tuning;

/// <summary>
/// Finds letters of a word that are written as JSON escapes (<c>\u005f</c>), in whatever pieces the text comes. No
/// program that writes JSON does that; whoever does it by hand hides the word from a search for its bytes.
/// </summary>
internal struct HiddenLetters
{
    // Only letters and signs of image_url, since that is the word that is looked for.
    private static readonly HashSet<(byte High, byte Low)> Letters =
        [.. "image_url".Select(letter => ((byte)$"{(int)letter:x2}"[0], (byte)$"{(int)letter:x2}"[1]))];

    private int _at; // 0: outside of an escape; else how many bytes of one were read
    private byte _high;

    /// <summary>Whether the next bytes have such a letter, or the end of one that began before.</summary>
    public bool AreIn(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (_at == 0)
            {
                var next = bytes[i..].IndexOf((byte)'\\');
                if (next < 0) return false;
                (i, _at) = (i + next, 1);
                continue;
            }

            if (IsLetter(bytes[i])) return true;
        }

        return false;
    }

    private bool IsLetter(byte b)
    {
        var isFound = _at == 5 && Letters.Contains((_high, (byte)(b | 0x20)));
        if (_at == 4) _high = b;
        _at = (_at, b) switch
        {
            (1, (byte)'u') => 2,
            (2 or 3, (byte)'0') => _at + 1,
            (4, _) => 5,
            _ => 0,
        };
        return isFound;
    }
}
