using System.Buffers;

namespace Guerdon.Relay.Answers;

/// <summary>One event as it came, with the place of its data.</summary>
internal static class SseEvent
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The event's data, and how many lines it stands on.</summary>
    /// <param name="raw">The event's bytes, line ends included.</param>
    /// <param name="joined">Takes the data where it stands on more lines than one; they are joined by LF.</param>
    /// <param name="at">Offset in <paramref name="raw"/> of the data's first byte; 0 where there is no data.</param>
    public static ReadOnlySpan<byte> Data(ReadOnlySpan<byte> raw, ArrayBufferWriter<byte> joined, out int at)
    {
        at = 0;
        var data = ReadOnlySpan<byte>.Empty;
        var lines = 0;
        var from = raw.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        while (from < raw.Length)
        {
            var length = raw[from..].IndexOfAny((byte)'\n', (byte)'\r');
            if (length < 0) length = raw.Length - from;
            var line = raw.Slice(from, length);
            if (line.StartsWith("data:"u8))
            {
                var skip = line.Length > 5 && line[5] == ' ' ? 6 : 5;
                if (++lines == 1)
                {
                    at = from + skip;
                    data = line[skip..];
                }
                else
                {
                    Join(lines, data, line[skip..], joined);
                }
            }

            from += length + 1; // the LF of a CRLF reads as one more empty line, which changes nothing
        }

        return lines > 1 ? joined.WrittenSpan : data;
    }

    private static void Join(
        int lines, ReadOnlySpan<byte> first, ReadOnlySpan<byte> next, ArrayBufferWriter<byte> joined)
    {
        if (lines == 2)
        {
            joined.ResetWrittenCount();
            joined.Write(first);
        }

        joined.Write("\n"u8);
        joined.Write(next);
    }
}
