using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Stipend.Kernel;

namespace Stipend.Gateway;

/// <summary>A request body in a pooled buffer. It goes back to the pool on <see cref="Dispose"/>.</summary>
internal sealed class CallerBody : IDisposable
{
    private const int MostAtFirst = 1 << 18; // a length that is only announced is not yet worth its memory
    private byte[] _buffer;
    private int _length;

    private CallerBody(int capacity) => _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Reads the whole body, inflated where it is compressed, or says why not.</summary>
    /// <exception cref="IOException">The caller went away.</exception>
    public static async ValueTask<(CallerBody? Body, Refused? Refused)> ReadAsync(
        HttpRequest request, int mostBytes, CancellationToken ct)
    {
        var (inflated, unread) = Inflation.Open(request, mostBytes);
        if (unread is not null) return (null, unread);
        if (request.ContentLength > mostBytes) return (null, TooLarge(mostBytes));

        var reader = inflated is null ? request.BodyReader : PipeReader.Create(inflated);
        var body = new CallerBody((int)Math.Min(request.ContentLength ?? 16_384, MostAtFirst));
        try
        {
            return await body.FillAsync(reader, mostBytes, ct) ? (body, null) : (null, TooLarge(mostBytes));
        }
        catch (Exception e) when (inflated is not null && e is InvalidDataException or BodyTooLargeException)
        {
            body.Dispose();
            return (null, e is InvalidDataException
                ? GatewayRefusals.MalformedBody.With(e.Message)
                : GatewayRefusals.BodyTooLarge.With($"The body has more than {mostBytes} bytes once inflated."));
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            body.Dispose();
            return (null, GatewayRefusals.BodyTooSlow.With("The body came too slowly."));
        }
        catch
        {
            body.Dispose();
            throw;
        }
        finally
        {
            if (inflated is not null) await reader.CompleteAsync();
        }
    }

    private async ValueTask<bool> FillAsync(PipeReader reader, int mostBytes, CancellationToken ct)
    {
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            var isFit = _length + read.Buffer.Length <= mostBytes;
            if (isFit) Append(read.Buffer);
            reader.AdvanceTo(read.Buffer.End);
            if (!isFit) Dispose();
            if (!isFit || read.IsCompleted) return isFit;
        }
    }

    private void Append(in ReadOnlySequence<byte> bytes)
    {
        var needed = _length + (int)bytes.Length;
        if (needed > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _buffer.Length * 2));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length = needed;
    }

    private static Refused TooLarge(int mostBytes) =>
        GatewayRefusals.BodyTooLarge.With($"The body is larger than {mostBytes} bytes.");

    /// <summary>Leaves the buffer to the collector: a connection may still read it.</summary>
    public void Abandon() => _buffer = [];

    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer); // prompts in it are overwritten, never shown
        _buffer = [];
        _length = 0;
    }
}
