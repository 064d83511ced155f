using Guerdon.Dialects;
using Guerdon.Gateway;
using Guerdon.Kernel;
using Guerdon.Relay.Callers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Guerdon.Tuning;

/// <summary>A caller's form with a file: its purpose, which may come before or after the file.</summary>
internal sealed class UploadForm
{
    /// <summary>The one purpose that is served.</summary>
    public const string Purpose = "fine-tune";

    private const int MaxBoundary = 200;
    private const int MaxName = 128;
    private const int MaxValue = 256;

    private readonly MultipartReader _reader;
    private bool _hasPurpose, _hasFile;

    private UploadForm(MultipartReader reader) => _reader = reader;

    /// <summary>The file's name, with nothing in it that a header or a log would stumble over.</summary>
    public string FileName { get; private set; } = "";

    /// <param name="request">Whose form.</param>
    /// <param name="mostBytes">The most that the form may have, inflated where it is compressed.</param>
    public static (UploadForm? Form, Refused? Refused) Open(HttpRequest request, long mostBytes)
    {
        var (inflated, unread) = Inflation.Open(request, mostBytes);
        if (unread is not null) return (null, unread);
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= MaxBoundary } boundary)
            return (null, Malformed("The body must be multipart/form-data with a boundary."));
        return (new(new MultipartReader(boundary.ToString(), inflated ?? request.Body)), null);
    }

    /// <summary>Reads up to the file.</summary>
    public async Task<(MultipartSection? File, Refused? Refused)> ReadToFileAsync(CancellationToken ct)
    {
        var (file, refused) = await NextAsync(ct);
        if (refused is not null) return (null, refused);
        return file is null ? (null, Malformed("The form has no 'file'.")) : (file, null);
    }

    /// <summary>Reads what comes after the file.</summary>
    /// <returns>Why it is refused, or null.</returns>
    public async Task<Refused?> ReadToEndAsync(CancellationToken ct)
    {
        var (another, refused) = await NextAsync(ct);
        if (refused is not null) return refused;
        if (another is not null) return Malformed("The form has more than one 'file'.");
        return _hasPurpose ? null : Malformed($"The form has no 'purpose'; the one that is served is '{Purpose}'.");
    }

    // Until the file, or the end.
    private async Task<(MultipartSection? File, Refused? Refused)> NextAsync(CancellationToken ct)
    {
        while (true)
        {
            var (section, broken) = await TryReadAsync(
                () => new ValueTask<MultipartSection?>(_reader.ReadNextSectionAsync(ct)), ct);
            if (section is null) return (null, broken);
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var said))
                return (null, Malformed("A part of the form has no Content-Disposition."));
            var name = HeaderUtilities.RemoveQuotes(said.Name).ToString();
            if (name != "file")
            {
                if (await FieldProblemAsync(name, section, ct) is { } refused) return (null, refused);
                continue;
            }

            if (!_hasFile) FileName = Tidy(HeaderUtilities.RemoveQuotes(said.FileName).ToString());
            _hasFile = true;
            return (section, null);
        }
    }

    /// <summary>Reads from the caller: a form that is broken is refused, one that comes too slowly, too.</summary>
    /// <exception cref="UploadBrokenOffException">The caller went away.</exception>
    public static async ValueTask<(T? Read, Refused? Refused)> TryReadAsync<T>(
        Func<ValueTask<T>> read, CancellationToken ct)
    {
        try
        {
            return (await read(), null);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            return (default, GatewayRefusals.BodyTooSlow.With("The file came too slowly."));
        }
        catch (Exception e) when (e is Microsoft.AspNetCore.Connections.ConnectionResetException
            or BadHttpRequestException || (e is IOException && ct.IsCancellationRequested))
        {
            throw new UploadBrokenOffException("The caller went away.", e);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return (default, Malformed($"The form is broken: {e.Message}"));
        }
    }

    private async Task<Refused?> FieldProblemAsync(string name, MultipartSection section, CancellationToken ct)
    {
        if (name != "purpose")
            return DialectRefusals.Unpriced.With(
                $"The form's '{(name.Length > 40 ? name[..40] : name)}' is not served.");
        var buffer = new byte[MaxValue];
        var (length, broken) = await TryReadAsync(
            () => section.Body.ReadAtLeastAsync(buffer, MaxValue, throwOnEndOfStream: false, ct), ct);
        if (broken is not null) return broken;
        var value = System.Text.Encoding.UTF8.GetString(buffer, 0, length);
        _hasPurpose = true;
        return value == Purpose
            ? null
            : DialectRefusals.Unpriced.With($"Only files of purpose '{Purpose}' are served.");
    }

    private static string Tidy(string name)
    {
        var tidy = string.Concat(name.Take(MaxName).Select(
            c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or ' ' ? c : '_'));
        return tidy.Length == 0 ? "file.jsonl" : tidy;
    }

    private static Refused Malformed(string detail) => DialectRefusals.MalformedBody.With(detail);
}
