using System.Text.Json;
using Guerdon.Pricing.Costing;

namespace Guerdon.Pricing.PriceImports;

/// <summary>
/// LiteLLM's <c>model_prices_and_context_window.json</c>: one object with a member for each model. Read as it comes,
/// one model at a time; no more than a model of it is in memory.
/// </summary>
internal sealed class LiteLlmFile
{
    private const int FirstBuffer = 1 << 16;
    private const int MaxEntryBytes = 1 << 20;

    private readonly Listing _listing = new();
    private readonly LiteLlmEntry _entries;
    private byte[] _buffer = new byte[FirstBuffer];
    private int _length;
    private JsonReaderState _state;
    private TextPlace _place = TextPlace.Start; // of the buffer's first byte
    private bool _isOpen; // after the first brace
    private bool _isDone; // the text has ended, or reading it makes no sense any more

    private LiteLlmFile(string source, Func<string, Price?> current) => _entries = new(_listing, source, current);

    /// <param name="json">UTF-8.</param>
    /// <param name="source">Where the prices are from.</param>
    /// <param name="current">The book's row of a model: a list that leaves the window out leaves it as it is.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<Listing> ReadAsync(
        Stream json, string source, Func<string, Price?> current, CancellationToken ct)
    {
        var file = new LiteLlmFile(source, current);
        var isLast = false;
        while (!file._isDone)
        {
            if (!isLast) isLast = !await file.FillAsync(json, ct);
            file.Take(isLast);
        }

        return file._listing;
    }

    private async Task<bool> FillAsync(Stream json, CancellationToken ct)
    {
        if (_length == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = await json.ReadAsync(_buffer.AsMemory(_length), ct);
        _length += read;
        return read > 0;
    }

    private void Take(bool isLast)
    {
        if (!_isOpen && _length < 3 && !isLast) return; // it may be half a byte-order mark
        var used = !_isOpen && _buffer.AsSpan(0, _length).StartsWith("\uFEFF"u8) ? 3 : 0;
        try
        {
            while (!_isDone && TakeOne(_buffer.AsSpan(used, _length - used), isLast) is var taken and > 0)
                used = Pass(used, taken);
        }
        catch (JsonException e)
        {
            // The reader counts from 0 and over all buffers, so only 1 has to be added.
            var reason = e.Message.Split(" LineNumber:")[0];
            Stop(new((int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1), reason);
        }
        catch (InvalidOperationException)
        {
            Stop(_place, "The model that begins here has text that is not UTF-8.");
        }

        _buffer.AsSpan(used, _length - used).CopyTo(_buffer);
        _length -= used;
        if (isLast) _isDone = true;
        else if (_length > MaxEntryBytes) Stop(_place, "The model that begins here passes 1 MB.");
    }

    private int Pass(int used, int taken)
    {
        _place = _place.After(_buffer.AsSpan(used, taken));
        return used + taken;
    }

    private int TakeOne(ReadOnlySpan<byte> text, bool isLast)
    {
        var reader = new Utf8JsonReader(text, isLast, _state);
        if (!reader.Read()) return 0;
        var isClosing = reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == 0;
        if (!_isOpen) Open(ref reader);
        else if (isClosing) return End(ref reader, isLast);
        else if (!TakeModel(ref reader, text)) return 0;

        _state = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }

    private void Open(ref Utf8JsonReader reader)
    {
        _isOpen = reader.TokenType == JsonTokenType.StartObject;
        if (!_isOpen) Stop(_place, "The file is not an object with a member for each model.");
    }

    private bool TakeModel(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        var model = reader.GetString()!;
        if (!reader.Read()) return false;
        var start = (int)reader.TokenStartIndex;
        if (!reader.TrySkip()) return false;

        _entries.Read(model, text[start..(int)reader.BytesConsumed], _place.After(text[..start]));
        return true;
    }

    // After the last brace there may be white space only; the reader throws at anything else.
    private int End(ref Utf8JsonReader reader, bool isLast)
    {
        if (!isLast) return 0;
        while (reader.Read()) { }
        _isDone = true;
        return (int)reader.BytesConsumed;
    }

    private void Stop(TextPlace at, string reason)
    {
        _listing.Wrong(at.Line, null, $"At character {at.Column}: {reason}");
        _isDone = true;
    }
}
