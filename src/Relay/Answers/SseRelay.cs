using System.Buffers;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Readings;
using Guerdon.Metering.Requests;

namespace Guerdon.Relay.Answers;

/// <summary>
/// Relays a stream of events and reads its usage on the way: hides the chunk that the caller did not ask for, and puts
/// the <c>guerdon</c> report into the end of the stream. It does no I/O.
/// </summary>
/// <remarks>
/// Only whole events are let through, so the relayed bytes do not depend on how the stream was cut into reads. Memory
/// is bounded by <see cref="MaxEventBytes"/>: a longer event is relayed unread and marks the stream. Gemini also has
/// streams that are a JSON array: its elements are the events, and only what stands around their data differs.
/// </remarks>
public sealed class SseRelay : IDisposable
{
    public const int MaxEventBytes = 1 << 20;

    private readonly Dialect _dialect;
    private readonly bool _isArray;
    private readonly bool _hidesUsage;
    private readonly Func<UsageReading, ReadOnlyMemory<byte>> _settle;
    private readonly ArrayBufferWriter<byte> _joined = new(256);
    private EventEnds _ends;
    private ElementEnds _elements;
    private UsageReading _reading;
    private byte[] _part = [];
    private int _partLength;
    private bool _isPassing;
    private byte[]? _withheld;

    /// <param name="dialect">Whose stream it is.</param>
    /// <param name="isArray">The stream is a JSON array, not server-sent events.</param>
    /// <param name="hidesUsage">True where the caller did not ask for chat's usage chunk.</param>
    /// <param name="settle">Called at most once, when the usage is final. Returns the report as a JSON object.</param>
    /// <param name="choices">How many alternatives were asked for.</param>
    public SseRelay(
        Dialect dialect, bool isArray, bool hidesUsage, Func<UsageReading, ReadOnlyMemory<byte>> settle,
        int choices = 1)
    {
        _reading = new UsageReading { Choices = choices };
        _dialect = dialect;
        _isArray = isArray;
        _hidesUsage = hidesUsage;
        _settle = settle;
    }

    /// <summary>What the stream has said so far.</summary>
    public ref readonly UsageReading Reading => ref _reading;

    /// <summary>How many events were let through or withheld.</summary>
    public int Events { get; private set; }

    /// <summary>An event was too long to read; what it said is unknown.</summary>
    public bool IsUnread { get; private set; }

    /// <summary>The stream's last event was seen and the usage settled.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>Takes the next bytes of the stream and writes what may go on.</summary>
    public void Feed(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        while (!bytes.IsEmpty)
        {
            var length = _isArray ? _elements.Next(bytes) : _ends.Next(bytes);
            if (length < 0)
            {
                Keep(bytes, output);
                return;
            }

            End(bytes[..length], output);
            bytes = bytes[length..];
        }
    }

    /// <summary>Forgets an event that has not come whole, so that another can follow.</summary>
    /// <returns>False where a part of it is out already.</returns>
    public bool TryDropPart()
    {
        _partLength = 0;
        return !_isPassing;
    }

    /// <summary>The stream is over: what is left of it is relayed, and whatever was withheld.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="isCut">It broke off.</param>
    public void Complete(IBufferWriter<byte> output, bool isCut = false)
    {
        if (_partLength > 0) End([], output);
        if (!isCut) _reading.End(isLast: _withheld is not null);
        if (_withheld is not null) Release(isLast: true, output);
    }

    public void Dispose()
    {
        if (_part.Length > 0) ArrayPool<byte>.Shared.Return(_part);
        _part = [];
    }

    private void Keep(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        if (!_isPassing && _partLength + bytes.Length > MaxEventBytes)
        {
            Release(isLast: false, output);
            _isPassing = IsUnread = true;
            _reading.Note(Doubts.Unread, "an event of the stream", 1);
            output.Write(_part.AsSpan(0, _partLength));
            _partLength = 0;
        }

        if (_isPassing)
        {
            output.Write(bytes);
            return;
        }

        if (_part.Length < _partLength + bytes.Length) Grow(_partLength + bytes.Length);
        bytes.CopyTo(_part.AsSpan(_partLength));
        _partLength += bytes.Length;
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _part.Length * 2));
        _part.AsSpan(0, _partLength).CopyTo(larger);
        if (_part.Length > 0) ArrayPool<byte>.Shared.Return(_part);
        _part = larger;
    }

    private void End(ReadOnlySpan<byte> last, IBufferWriter<byte> output)
    {
        if (_isPassing)
        {
            _isPassing = false;
            output.Write(last);
            return;
        }

        if (_partLength == 0)
        {
            Handle(last, output);
            return;
        }

        if (_part.Length < _partLength + last.Length) Grow(_partLength + last.Length);
        last.CopyTo(_part.AsSpan(_partLength));
        var whole = _part.AsSpan(0, _partLength + last.Length);
        _partLength = 0;
        Handle(whole, output);
    }

    private void Handle(ReadOnlySpan<byte> raw, IBufferWriter<byte> output)
    {
        var data = Data(raw, out var at);
        if (data.IsEmpty)
        {
            // Comments and keep-alives have no data; nor has the end of an array, so that what was
            // withheld was its last element.
            if (_isArray) Release(isLast: raw.Contains((byte)']'), output);
            output.Write(raw);
            return;
        }

        Events++;
        var kind = AnswerReader.ReadEvent(_dialect, data, ref _reading);
        if (_withheld is not null) Release(isLast: kind == EventKind.Done, output);
        switch (kind)
        {
            case EventKind.UsageOnly or EventKind.PerhapsLast:
                // Withheld until what follows shows that it was the last.
                _withheld = raw.ToArray();
                return;
            case EventKind.Terminal when !IsSettled:
                WriteWithReport(raw, at, output);
                return;
            case EventKind.Done when !IsSettled:
                output.Write(": guerdon "u8);
                output.Write(Settle());
                output.Write("\n\n"u8);
                break;
        }

        output.Write(raw);
    }

    private ReadOnlySpan<byte> Data(ReadOnlySpan<byte> raw, out int at)
    {
        if (!_isArray) return SseEvent.Data(raw, _joined, out at);
        at = raw.IndexOf((byte)'{'); // after the bracket or comma that divides it from the one before
        return at < 0 ? [] : raw[at..];
    }

    private void Release(bool isLast, IBufferWriter<byte> output)
    {
        if (_withheld is not { } raw) return;
        _withheld = null;
        if (_hidesUsage) return;

        if (!isLast || IsSettled || !_reading.IsFinished) // what stands last was cut off before its end
        {
            output.Write(raw);
            return;
        }

        _ = Data(raw, out var at);
        WriteWithReport(raw, at, output);
    }

    // The report becomes the object's first member, with a comma after it, since no event that gets
    // here is an empty object.
    private void WriteWithReport(ReadOnlySpan<byte> raw, int at, IBufferWriter<byte> output)
    {
        var report = Settle();
        var brace = at + raw[at..].IndexOf((byte)'{') + 1;
        output.Write(raw[..brace]);
        output.Write("\"guerdon\":"u8);
        output.Write(report);
        output.Write(","u8);
        output.Write(raw[brace..]);
    }

    private ReadOnlySpan<byte> Settle()
    {
        IsSettled = true;
        return _settle(_reading).Span;
    }
}
