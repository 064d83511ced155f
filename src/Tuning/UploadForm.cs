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
    public static Result<UploadForm> Open(HttpRequest request, long mostBytes)
    {
        if (Inflation.Open(request, mostBytes, out var inflated) is { } unread) return unread;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= MaxBoundary } boundary)
            return Malformed("The body must be multipart/form-data with a boundary.");
        return new UploadForm(new MultipartReader(boundary.ToString(), inflated ?? request.Body));
    }

    /// <summary>Reads up to the file.</summary>
    public async Task<Result<MultipartSection>> ReadToFileAsync(CancellationToken ct)
    {
        if (!(await NextAsync(ct)).Is(out var next, out var refused)) return refused;
        return next.Section is { } file ? file : Malformed("The form has no 'file'.");
    }

    /// <summary>Reads what comes after the file.</summary>
    /// <returns>Why it is refused, or null.</returns>
    public async Task<Refused?> ReadToEndAsync(CancellationToken ct)
    {
        if (!(await NextAsync(ct)).Is(out var another, out var refused)) return refused;
        if (another.Section is not null) return Malformed("The form has more than one 'file'.");
        return _hasPurpose ? null : Malformed($"The form has no 'purpose'; the one that is served is '{Purpose}'.");
    }

    // A part of the form; without a section, its end.
    private readonly record struct Part(MultipartSection? Section);

    // Until the file, or the end.
    private async Task<Result<Part>> NextAsync(CancellationToken ct)
    {
        while (true)
        {
            var read = await TryReadAsync<Part>(async () => new(await _reader.ReadNextSectionAsync(ct)), ct);
            if (!read.Is(out var part, out var broken)) return broken;
            if (part.Section is not { } section) return part;
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var said))
                return Malformed("A part of the form has no Content-Disposition.");
            var name = HeaderUtilities.RemoveQuotes(said.Name).ToString();
            if (name != "file")
            {
                if (await FieldProblemAsync(name, section, ct) is { } refused) return refused;
                continue;
            }

            if (!_hasFile) FileName = Tidy(HeaderUtilities.RemoveQuotes(said.FileName).ToString());
            _hasFile = true;
            return part;
        }
    }

    /// <summary>Reads from the caller: a form that is broken is refused, one that comes too slowly, too.</summary>
    /// <exception cref="UploadBrokenOffException">The caller went away.</exception>
    public static async ValueTask<Result<T>> TryReadAsync<T>(Func<ValueTask<T>> read, CancellationToken ct)
        where T : notnull
    {
        try
        {
            return await read();
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            return GatewayRefusals.BodyTooSlow.With("The file came too slowly.");
        }
        catch (Exception e) when (e is Microsoft.AspNetCore.Connections.ConnectionResetException
            or BadHttpRequestException || (e is IOException && ct.IsCancellationRequested))
        {
            throw new UploadBrokenOffException("The caller went away.", e);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return Malformed($"The form is broken: {e.Message}");
        }
    }

    private async Task<Refused?> FieldProblemAsync(string name, MultipartSection section, CancellationToken ct)
    {
        if (name != "purpose")
            return DialectRefusals.Unpriced.With(
                $"The form's '{(name.Length > 40 ? name[..40] : name)}' is not served.");
        var buffer = new byte[MaxValue];
        var read = await TryReadAsync(
            () => section.Body.ReadAtLeastAsync(buffer, MaxValue, throwOnEndOfStream: false, ct), ct);
        if (!read.Is(out var length, out var broken)) return broken;
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
