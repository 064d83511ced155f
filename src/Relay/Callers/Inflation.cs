using System.Globalization;
using System.IO.Compression;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Http;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Guerdon.Relay.Callers;

/// <summary>A body that has more bytes, compressed, between two codings or inflated, than a body may have.</summary>
public sealed class BodyTooLargeException(long most)
    : IOException(string.Create(CultureInfo.InvariantCulture, $"It has more than {most} bytes once inflated."));

/// <summary>
/// Inflates request bodies as they come: gzip, deflate, br and zstd, and several of them, one in another. No step may
/// have more bytes than a body may have, so that what a few bytes become is never held, nor worked on for long.
/// </summary>
public static class Inflation
{
    /// <summary>What is read, as a refusal names it to callers.</summary>
    public const string Codings = "gzip, br, deflate, zstd";

    private const int MostCodings = 4;

    // 8 MB: what RFC 9659 has receivers of a Content-Encoding support, and senders stay within.
    private const int ZstdWindowLog = 23;

    /// <summary>Opens a body that is encoded, or says why not.</summary>
    /// <param name="request">Whose body.</param>
    /// <param name="mostBytes">The most that any step may have.</param>
    /// <param name="inflated">Its bytes as they are meant; null: it is not encoded, or refused.</param>
    public static Refused? Open(HttpRequest request, long mostBytes, out Stream? inflated)
    {
        inflated = null;
        if (request.Headers.ContentEncoding.Count == 0) return null;
        var codings = ((string?)request.Headers.ContentEncoding)!
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(coding => coding.ToLowerInvariant()).Where(coding => coding != "identity").ToList();
        if (codings.Count == 0) return null;
        if (codings.Count > MostCodings)
            return RelayRefusals.EncodedBody.With(
                $"Content-Encoding has {codings.Count} codings; up to {MostCodings} are read.");
        if (codings.Find(coding => !IsKnown(coding)) is { } unknown)
            return RelayRefusals.EncodedBody.With($"Content-Encoding '{Shown(unknown)}' is not read.");

        inflated = new InflatedStream(request.Body, "", mostBytes);
        for (var i = codings.Count - 1; i >= 0; i--) // the last was put on last
            inflated = new InflatedStream(Decoder(codings[i], inflated), codings[i], mostBytes);
        return null;
    }

    private static bool IsKnown(string coding) => coding is "gzip" or "x-gzip" or "deflate" or "br" or "zstd";

    private static string Shown(string coding) => coding.Length > 40 ? coding[..40] : coding;

    private static Stream Decoder(string coding, Stream from) => coding switch
    {
        "br" => new BrotliStream(from, CompressionMode.Decompress),
        "zstd" => Zstd(from),
        "deflate" => new DeflateOrZlibStream(from),
        _ => new GZipStream(from, CompressionMode.Decompress),
    };

    private static DecompressionStream Zstd(Stream from)
    {
        var stream = new DecompressionStream(from, leaveOpen: false);
        stream.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, ZstdWindowLog);
        return stream;
    }
}

/// <summary>One step of a body: counted, and what is wrong with it said in one way.</summary>
internal sealed class InflatedStream(Stream inner, string coding, long mostBytes) : ReadOnlyStream
{
    private long _read;

    /// <exception cref="BodyTooLargeException">It has more bytes than a body may have.</exception>
    /// <exception cref="InvalidDataException">It is not what its coding says.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await inner.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (coding.Length > 0
            && e is InvalidDataException or InvalidOperationException or ZstdException or EndOfStreamException)
        {
            throw e is InvalidDataException { Data.Count: > 0 } ? e : Broken(e);
        }

        _read += read;
        return _read > mostBytes ? throw new BodyTooLargeException(mostBytes) : read;
    }

    private InvalidDataException Broken(Exception inner)
    {
        var broken = new InvalidDataException($"The body is not valid {coding}, as its Content-Encoding says.", inner);
        broken.Data["coding"] = coding; // the innermost step that fails is the one to name
        return broken;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>
/// HTTP's "deflate" is zlib's form, which some programs leave out; the first two bytes tell.
/// </summary>
internal sealed class DeflateOrZlibStream(Stream from) : ReadOnlyStream
{
    private Stream? _inner;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _inner ??= await OpenAsync(cancellationToken);
        return await _inner.ReadAsync(buffer, cancellationToken);
    }

    private async ValueTask<Stream> OpenAsync(CancellationToken ct)
    {
        var head = new byte[2];
        var length = await from.ReadAtLeastAsync(head, 2, throwOnEndOfStream: false, ct);
        var isZlib = length == 2 && (head[0] & 0x0F) == 8 && (head[0] * 256 + head[1]) % 31 == 0;
        var whole = new PrefixedStream(head.AsMemory(0, length), from);
        return isZlib
            ? new ZLibStream(whole, CompressionMode.Decompress)
            : new DeflateStream(whole, CompressionMode.Decompress);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) (_inner ?? from).Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Some bytes that were read already, and the stream that they came from.</summary>
internal sealed class PrefixedStream(ReadOnlyMemory<byte> first, Stream then) : ReadOnlyStream
{
    private ReadOnlyMemory<byte> _first = first;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_first.IsEmpty) return then.ReadAsync(buffer, cancellationToken);
        var length = Math.Min(buffer.Length, _first.Length);
        _first[..length].CopyTo(buffer);
        _first = _first[length..];
        return ValueTask.FromResult(length);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) then.Dispose();
        base.Dispose(disposing);
    }
}
