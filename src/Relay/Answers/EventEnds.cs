namespace Guerdon.Relay.Answers;

/// <summary>Finds where events of a stream end, in whatever pieces the stream comes.</summary>
/// <remarks>
/// An event ends at an empty line; lines end in LF, CRLF or CR (WHATWG HTML, section 9.2.6). After a CR only the next
/// byte tells whether the line is over, so an event that ends in CR is complete with the byte after it.
/// </remarks>
internal struct EventEnds
{
    private bool _inLine;
    private bool _afterCr;
    private bool _crEndsEvent;

    /// <summary>Takes bytes up to the end of the current event.</summary>
    /// <returns>How many bytes of <paramref name="bytes"/> belong to the event, or -1: all, and it goes on.</returns>
    public int Next(ReadOnlySpan<byte> bytes)
    {
        var i = 0;
        while (i < bytes.Length)
        {
            if (_afterCr)
            {
                _afterCr = false;
                if (bytes[i] == '\n') i++;
                if (!_crEndsEvent) continue;
                _crEndsEvent = false;
                return i;
            }

            var toEnd = bytes[i..].IndexOfAny((byte)'\n', (byte)'\r');
            if (toEnd < 0)
            {
                _inLine = true;
                return -1;
            }

            var isBlank = toEnd == 0 && !_inLine;
            _inLine = false;
            i += toEnd + 1;
            if (bytes[i - 1] == '\n')
            {
                if (isBlank) return i;
            }
            else
            {
                _afterCr = true;
                _crEndsEvent = isBlank;
            }
        }

        return -1;
    }
}
