using System.Net;
using System.Net.Http.Headers;

namespace Guerdon.Bounds.Edits;

/// <summary>A request body sent in pieces: the caller's bytes where they are, with the edits between them.</summary>
public sealed class SplicedContent : OnceSentContent
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly ReadOnlyMemory<byte> _body;
    private readonly Edit[] _edits;
    private volatile bool _sending;

    /// <summary>
    /// True while a connection still reads the body, which over HTTP/2 can outlast the answer. Its buffer must then not
    /// go back to the pool.
    /// </summary>
    public override bool IsSending => _sending;

    /// <param name="body">Must stay untouched while <see cref="IsSending"/>, and until the provider has
    /// answered.</param>
    /// <param name="edits">In order of offset, from <see cref="BodySplice.Plan"/>.</param>
    public SplicedContent(ReadOnlyMemory<byte> body, Edit[] edits)
    {
        _body = body;
        _edits = edits;
        Headers.ContentType = Json;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _sending = true; // and still true if this throws: the buffer is then left to the collector
        var from = 0;
        foreach (var edit in _edits)
        {
            await stream.WriteAsync(_body[from..edit.Offset], cancellationToken);
            await stream.WriteAsync(edit.Inserted, cancellationToken);
            from = edit.Offset + edit.Removed;
        }

        await stream.WriteAsync(_body[from..], cancellationToken);
        _sending = false;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = BodySplice.Length(_body.Length, _edits);
        return true;
    }
}
