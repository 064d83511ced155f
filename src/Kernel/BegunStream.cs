namespace Guerdon.Kernel;

/// <summary>A stream whose beginning has been read already, to be read as a whole. Forward only.</summary>
internal sealed class BegunStream(ReadOnlyMemory<byte> head, Stream rest) : Stream
{
    private int _at;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = FromHead(buffer.Span);
        return count > 0 || buffer.Length == 0
            ? ValueTask.FromResult(count) : rest.ReadAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = FromHead(buffer.AsSpan(offset, count));
        return read > 0 || count == 0 ? read : rest.Read(buffer, offset, count);
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int FromHead(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, head.Length - _at);
        head.Span.Slice(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }
}
