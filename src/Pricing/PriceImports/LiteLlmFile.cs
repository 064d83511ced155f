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

    private readonly Listing listing = new();
    private readonly LiteLlmEntry entries;
    private byte[] buffer = new byte[FirstBuffer];
    private int length;
    private JsonReaderState state;
    private TextPlace place = TextPlace.Start; // of the buffer's first byte
    private bool isOpen; // behind the first brace
    private bool isDone; // the text has ended, or reading it makes no sense any more

    private LiteLlmFile(string source, Func<string, Price?> current) => entries = new(listing, source, current);

    /// <param name="json">UTF-8.</param>
    /// <param name="source">Where the prices are from.</param>
    /// <param name="current">The book's row of a model: a list that leaves the window out leaves it as it is.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<Listing> ReadAsync(
        Stream json, string source, Func<string, Price?> current, CancellationToken ct)
    {
        var file = new LiteLlmFile(source, current);
        var isLast = false;
        while (!file.isDone)
        {
            if (!isLast) isLast = !await file.FillAsync(json, ct);
            file.Take(isLast);
        }

        return file.listing;
    }

    // False at the end of the stream.
    private async Task<bool> FillAsync(Stream json, CancellationToken ct)
    {
        if (length == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        var read = await json.ReadAsync(buffer.AsMemory(length), ct);
        length += read;
        return read > 0;
    }

    // Every model that is whole in the buffer; what remains is moved to its front.
    private void Take(bool isLast)
    {
        if (!isOpen && length < 3 && !isLast) return; // it may be half a byte-order mark
        var used = !isOpen && buffer.AsSpan(0, length).StartsWith("\uFEFF"u8) ? 3 : 0;
        try
        {
            while (!isDone && TakeOne(buffer.AsSpan(used, length - used), isLast) is var taken and > 0)
                used = Pass(used, taken);
        }
        catch (JsonException e)
        {
            // The reader counts lines over all buffers, and from 0.
            var reason = e.Message.Split(" LineNumber:")[0];
            Stop(new((int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1), reason);
        }
        catch (InvalidOperationException)
        {
            Stop(place, "The model that begins here has text that is not UTF-8.");
        }

        buffer.AsSpan(used, length - used).CopyTo(buffer);
        length -= used;
        if (isLast) isDone = true;
        else if (length > MaxEntryBytes) Stop(place, "The model that begins here passes 1 MB.");
    }

    private int Pass(int used, int taken)
    {
        place = place.After(buffer.AsSpan(used, taken));
        return used + taken;
    }

    // The opening brace, one model or the closing brace: how many bytes that was; 0 where it is not whole yet.
    private int TakeOne(ReadOnlySpan<byte> text, bool isLast)
    {
        var reader = new Utf8JsonReader(text, isLast, state);
        if (!reader.Read()) return 0;
        var isClosing = reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == 0;
        if (!isOpen) Open(ref reader);
        else if (isClosing) return End(ref reader, isLast);
        else if (!TakeModel(ref reader, text)) return 0;

        state = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }

    private void Open(ref Utf8JsonReader reader)
    {
        isOpen = reader.TokenType == JsonTokenType.StartObject;
        if (!isOpen) Stop(place, "The file is no object with a member for each model.");
    }

    private bool TakeModel(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        var model = reader.GetString()!;
        if (!reader.Read()) return false;
        var start = (int)reader.TokenStartIndex;
        if (!reader.TrySkip()) return false;

        entries.Read(model, text[start..(int)reader.BytesConsumed], place.After(text[..start]));
        return true;
    }

    // Behind the last brace there may be white space only; the reader throws at anything else.
    private int End(ref Utf8JsonReader reader, bool isLast)
    {
        if (!isLast) return 0;
        while (reader.Read()) { }
        isDone = true;
        return (int)reader.BytesConsumed;
    }

    private void Stop(TextPlace at, string reason)
    {
        listing.Wrong(at.Line, null, $"At character {at.Column}: {reason}");
        isDone = true;
    }
}
