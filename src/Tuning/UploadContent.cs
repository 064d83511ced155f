using System.Net.Http.Headers;
using System.Text;
using Guerdon.Bounds.Edits;
using Guerdon.Dialects;
using Guerdon.Kernel;
using Guerdon.Policies;
using Microsoft.AspNetCore.WebUtilities;

namespace Guerdon.Tuning;

/// <summary>
/// The upload ends here, by its caller: not an <see cref="IOException"/>, which would be taken for the provider's
/// failure and keep others from it.
/// </summary>
internal sealed class UploadBrokenOffException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// A training file on its way from the caller to the provider, as it comes: counted, and in a form of our own whose
/// purpose is always the same. What the caller's form says after the file is read before ours ends; if that is
/// refused, ours is broken off, so that the provider takes nothing.
/// </summary>
/// <param name="form">The caller's, with the file's section next.</param>
/// <param name="file">The section.</param>
/// <param name="mostBytes">The largest file.</param>
/// <param name="alive">Called whenever bytes have moved.</param>
internal sealed class UploadContent(UploadForm form, MultipartSection file, long mostBytes, Action alive)
    : OnceSentContent
{
    // A picture is refused, since one that is an address costs what its bytes in the file cannot bound.
    private static readonly byte[] Picture = "\"image_url\""u8.ToArray();

    private const int BufferBytes = 64 * 1_024;
    private volatile bool _sending;
    private readonly string _boundary = $"guerdon{Guid.NewGuid():N}";

    /// <summary>From when on it cannot be sent a second time.</summary>
    public override bool IsSending => _sending;

    /// <summary>Why it was broken off.</summary>
    public Refused? Refused { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Sets the type, which names the boundary.</summary>
    public UploadContent Typed()
    {
        Headers.ContentType = new MediaTypeHeaderValue("multipart/form-data")
        {
            Parameters = { new NameValueHeaderValue("boundary", _boundary) },
        };
        return this;
    }

    protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, System.Net.TransportContext? context, CancellationToken cancellationToken)
    {
        _sending = true;
        await WriteAsync(stream, $"""
            --{_boundary}
            Content-Disposition: form-data; name="purpose"

            {UploadForm.Purpose}
            --{_boundary}
            Content-Disposition: form-data; name="file"; filename="{form.FileName}"
            Content-Type: application/octet-stream


            """, cancellationToken);
        Refused = await CopyAsync(stream, cancellationToken) ?? await form.ReadToEndAsync(cancellationToken);
        if (Refused is not null) throw new UploadBrokenOffException("The upload is refused.");
        await WriteAsync(stream, $"""

            --{_boundary}--

            """, cancellationToken);
    }

    private async Task<Refused?> CopyAsync(Stream to, CancellationToken ct)
    {
        var buffer = new byte[BufferBytes];
        var hidden = default(HiddenLetters);
        for (var kept = 0; ;)
        {
            var into = buffer.AsMemory(kept);
            var result = await UploadForm.TryReadAsync(() => file.Body.ReadAsync(into, ct), ct);
            if (!result.Is(out var read, out var broken)) return broken;
            if (read == 0) return Bytes > 0 ? null : DialectRefusals.MalformedBody.With("The file is empty.");
            Bytes += read;
            if (Bytes > mostBytes)
                return PolicyRefusals.BodyTooLarge.With($"The file is larger than {mostBytes} bytes.");
            var seen = kept + read;
            if (buffer.AsSpan(0, seen).IndexOf(Picture) >= 0 || hidden.AreIn(buffer.AsSpan(kept, read)))
                return DialectRefusals.Unpriced.With("The file has pictures ('image_url'), whose tokens are not "
                    + "bounded by its bytes.");
            await to.WriteAsync(buffer.AsMemory(kept, read), ct);
            alive();
            var keep = Math.Min(seen, Picture.Length - 1); // it may be split between two reads
            buffer.AsSpan(seen - keep, keep).CopyTo(buffer);
            kept = keep;
        }
    }

    private static ValueTask WriteAsync(Stream to, string text, CancellationToken ct) =>
        to.WriteAsync(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")), ct);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
