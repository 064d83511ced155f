using System.Text.Json;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Readings;

namespace Guerdon.Relay.Answers;

/// <summary>Keeps the end of an answer that is too long to be read whole: providers write the usage last.</summary>
public sealed class AnswerTail
{
    private const int Kept = 16_384;
    private readonly byte[] _bytes = new byte[2 * Kept];
    private int _length;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Kept) bytes = bytes[^Kept..];
        if (_length + bytes.Length > _bytes.Length)
        {
            _bytes.AsSpan(_length - Kept, Kept).CopyTo(_bytes);
            _length = Kept;
        }

        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Reads the last usage object. Where there is none, the usage is estimated.</summary>
    // What matches can only be a member's name, since inside a JSON string these quotes would be escaped.
    public void Read(Dialect dialect, ref UsageReading reading)
    {
        var name = dialect.UsageMember;
        var at = _bytes.AsSpan(0, _length).LastIndexOf(name);
        if (at < 0) return;

        var before = reading;
        try
        {
            var rest = _bytes.AsSpan(at + name.Length, _length - at - name.Length).TrimStart(" \t\r\n:"u8);
            var json = new Utf8JsonReader(rest); // never read past the object, so that what follows does not matter
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return;
            reading.Finish(); // a body is written when all of it is known
            dialect.ReadUsage(ref json, ref reading);
        }
        catch (JsonException)
        {
            reading = before;
        }
    }
}
