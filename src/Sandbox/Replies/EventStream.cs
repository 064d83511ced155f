using System.Text;
using System.Text.Json;
using Guerdon.Sandbox.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Guerdon.Sandbox.Replies;

/// <summary>The stream is over before its end because a directive says so. Not an error of the sandbox.</summary>
internal sealed class StreamEndedException : Exception;

/// <summary>How chunks stand in a stream: events with LF, Google's with CRLF, or elements of a JSON array.</summary>
internal enum Framing { Events, CrlfEvents, Array }

/// <summary>
/// Server-sent events, one flush each: <see cref="Begin"/> a chunk, write its JSON, <see cref="Send"/> it. Keeps the
/// stream directives: chunk-delay, cut, fail and split.
/// </summary>
internal sealed class EventStream : IDisposable
{
    // Odd, and of no common period with an event, so that names, values and the blank line all
    // get torn sooner or later.
    private static readonly int[] PieceBytes = [1, 17, 3, 61, 5, 89, 43];

    private readonly Framing _framing;
    private readonly HttpContext _http;
    private readonly Directives _faults;
    private readonly TimeProvider _clock;
    private readonly PooledBytes _chunk = new(1_024);
    private readonly Utf8JsonWriter _json;
    private int _sent;
    private int _pieces;
    private bool _raw;

    /// <summary>Writes the provider's own error event, for <c>fail=</c>.</summary>
    public required Action<EventStream> WriteFailure { get; init; }

    public EventStream(HttpContext http, Directives faults, TimeProvider clock, Framing framing = Framing.Events)
    {
        (_http, _faults, _clock, _framing) = (http, faults, clock, framing);
        _json = new Utf8JsonWriter(_chunk, JsonReply.WriterOptions);
        http.Response.ContentType = framing is Framing.Array
            ? "application/json; charset=UTF-8" : "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    /// <summary>Starts a chunk and gives the writer for its JSON. OpenAI's chat chunks have no event name.</summary>
    public Utf8JsonWriter Begin(string? eventName = null)
    {
        _chunk.Clear();
        _raw = false;
        if (eventName is not null)
        {
            _chunk.Write("event: "u8);
            _chunk.Advance(Encoding.ASCII.GetBytes(eventName, _chunk.GetSpan(eventName.Length)));
            _chunk.Write("\n"u8);
        }
        _chunk.Write(_framing is not Framing.Array ? "data: "u8 : _sent == 0 ? "["u8 : ",\r\n"u8);
        _json.Reset(_chunk);
        return _json;
    }

    /// <summary>A chunk that isn't JSON, such as <c>[DONE]</c>.</summary>
    public void BeginRaw(ReadOnlySpan<byte> data)
    {
        Begin();
        _chunk.Write(data);
        _raw = true;
    }

    /// <summary>Sends the chunk that was begun.</summary>
    /// <exception cref="StreamEndedException">A directive ends the stream here.</exception>
    public async ValueTask Send(CancellationToken ct)
    {
        if (_sent > 0 && _faults.ChunkDelayMs > 0) await Pause(ct);
        if (_faults.Cut <= _sent) await Cut(ct);
        if (_faults.Fail <= _sent)
        {
            WriteFailure(this);
            await Flush(ct);
            throw new StreamEndedException();
        }
        await Flush(ct);
        _sent++;
    }

    /// <summary>Closes an array; events need no end.</summary>
    public async ValueTask End(CancellationToken ct)
    {
        if (_framing is not Framing.Array) return;
        await _http.Response.BodyWriter.WriteAsync("]\n"u8.ToArray(), ct);
    }

    public void Dispose()
    {
        _json.Dispose();
        _chunk.Dispose();
    }

    private Task Pause(CancellationToken ct) => Task.Delay(TimeSpan.FromMilliseconds(_faults.ChunkDelayMs), _clock, ct);

    private async Task Cut(CancellationToken ct)
    {
        await _http.Response.Body.FlushAsync(ct); // the headers, when nothing else was sent
        await JsonReply.Abort(_http);
        throw new StreamEndedException();
    }

    private async ValueTask Flush(CancellationToken ct)
    {
        if (!_raw) _json.Flush();
        _chunk.Write(_framing switch { Framing.Events => "\n\n"u8, Framing.CrlfEvents => "\r\n\r\n"u8, _ => "\n"u8 });
        if (_faults.Split) await WriteInPieces(ct);
        else await _http.Response.BodyWriter.WriteAsync(_chunk.Memory, ct);
    }

    private async Task WriteInPieces(CancellationToken ct)
    {
        for (var rest = _chunk.Memory; !rest.IsEmpty; _pieces++)
        {
            var piece = rest[..Math.Min(PieceBytes[_pieces % PieceBytes.Length], rest.Length)];
            await _http.Response.BodyWriter.WriteAsync(piece, ct);
            await Task.Delay(1, ct); // lets the socket send it before the next piece joins it
            rest = rest[piece.Length..];
        }
    }
}
