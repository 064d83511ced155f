namespace Guerdon.Relay.Answers;

/// <summary>Finds where the elements of a JSON array of objects end, in whatever pieces the array comes.</summary>
/// <remarks>An element ends with its last brace; what divides it from the one before belongs to it. The array's closing
/// bracket ends one more, which has no braces.</remarks>
internal struct ElementEnds
{
    private int _open;
    private bool _inText;
    private bool _isEscaped;

    /// <summary>Takes bytes up to the end of the current element.</summary>
    /// <returns>How many bytes of <paramref name="bytes"/> belong to it, or -1: all, and it goes on.</returns>
    public int Next(ReadOnlySpan<byte> bytes)
    {
        var i = 0;
        while (i < bytes.Length)
        {
            if (_isEscaped)
            {
                _isEscaped = false;
                i++;
                continue;
            }

            var ahead = _inText ? bytes[i..].IndexOfAny((byte)'"', (byte)'\\') : bytes[i..].IndexOfAny("\"{}]"u8);
            if (ahead < 0) return -1;
            i += ahead + 1;
            if (IsEnd(bytes[i - 1])) return i;
        }

        return -1;
    }

    private bool IsEnd(byte mark)
    {
        switch (mark)
        {
            case (byte)'"': _inText = !_inText; return false;
            case (byte)'\\': _isEscaped = true; return false;
            case (byte)'{': _open++; return false;
            case (byte)']': return _open == 0;
            default: // a brace without its partner is no JSON, and ends what there is
                _open = Math.Max(0, _open - 1);
                return _open == 0;
        }
    }
}
