using System.Buffers;
using System.IO.Pipelines;
using Guerdon.Dialects;
using Guerdon.Kernel;
using Guerdon.Policies;
using Guerdon.Relay.Callers;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Gateway.Forwarding;

/// <summary>A request body in a pooled buffer. It goes back to the pool on <see cref="Dispose"/>.</summary>
public sealed class CallerBody : IDisposable
{
    private const int MostAtFirst = 1 << 18; // a length that is only announced is not yet worth its memory
    private readonly CallShare? _share;
    private byte[] _buffer = [];
    private int _length;

    private CallerBody(CallShare? share) => _share = share;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Reads the whole body, inflated where it is compressed, or says why not.</summary>
    /// <param name="request">Whose body.</param>
    /// <param name="mostBytes">The most that it may have.</param>
    /// <param name="share">What its memory is counted in, and what ends with it; null: it is small.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="IOException">The caller went away.</exception>
    public static async ValueTask<Result<CallerBody>> ReadAsync(
        HttpRequest request, int mostBytes, CallShare? share, CancellationToken ct)
    {
        var body = new CallerBody(share);
        var unread = Inflation.Open(request, mostBytes, out var inflated);
        if (request.ContentLength > mostBytes) unread ??= TooLarge(mostBytes);
        if (unread is not null)
        {
            body.Dispose();
            return unread;
        }

        var reader = inflated is null ? request.BodyReader : PipeReader.Create(inflated);
        try
        {
            var refused = body.Reserve((int)Math.Min(request.ContentLength ?? 16_384, MostAtFirst))
                ?? await body.FillAsync(reader, mostBytes, ct);
            if (refused is null) return body;
            body.Dispose();
            return refused;
        }
        catch (Exception e) when (inflated is not null && e is InvalidDataException or BodyTooLargeException)
        {
            body.Dispose();
            return e is InvalidDataException
                ? DialectRefusals.MalformedBody.With(e.Message)
                : PolicyRefusals.BodyTooLarge.With($"The body has more than {mostBytes} bytes once inflated.");
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            body.Dispose();
            return GatewayRefusals.BodyTooSlow.With("The body came too slowly.");
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

    private async ValueTask<Refused?> FillAsync(PipeReader reader, int mostBytes, CancellationToken ct)
    {
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            var needed = _length + read.Buffer.Length;
            var refused = needed > mostBytes ? TooLarge(mostBytes) : Reserve((int)needed);
            if (refused is null) Append(read.Buffer);
            reader.AdvanceTo(read.Buffer.End);
            if (refused is not null || read.IsCompleted) return refused;
        }
    }

    private Refused? Reserve(int needed)
    {
        if (needed <= _buffer.Length && _buffer.Length > 0) return null;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(needed, 1), _buffer.Length * 2));
        if (_share?.GrowTo(larger.Length) is { } refused)
        {
            ArrayPool<byte>.Shared.Return(larger);
            return refused;
        }

        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
        return null;
    }

    private void Append(in ReadOnlySequence<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += (int)bytes.Length;
    }

    private static Refused TooLarge(int mostBytes) =>
        PolicyRefusals.BodyTooLarge.With($"The body is larger than {mostBytes} bytes.");

    /// <summary>Leaves the buffer to the collector: a connection may still read it.</summary>
    public void Abandon()
    {
        _buffer = [];
        _share?.Dispose();
    }

    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer); // prompts in it are overwritten, never shown
        _buffer = [];
        _length = 0;
        _share?.Dispose();
    }
}
