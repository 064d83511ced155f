using System.Text;
using CsvHelper;

namespace Guerdon.Kernel;

/// <summary>The columns of a kind of file.</summary>
/// <param name="What">What the file is, such as <c>list of people</c>.</param>
/// <param name="Required">Columns that must be there.</param>
/// <param name="Optional">Columns that may be; null: any others are fine.</param>
public sealed record CsvColumns(string What, IReadOnlyList<string> Required, IReadOnlyList<string>? Optional)
{
    /// <summary>The longest row, in bytes.</summary>
    public int MaxRowBytes { get; init; } = 65_536;
}

/// <summary>
/// A CSV file as people make them: separated by comma, semicolon, tab or <c>|</c>, in UTF-8 or UTF-16, with or without
/// a byte order mark, its headers in any case. One row at a time; what is wrong with the file's form is told to the
/// caller, row by row, and the row is left out.
/// </summary>
public sealed class CsvFile : IAsyncDisposable
{
    private readonly CsvReader _reader;
    private readonly CsvShape _shape;
    private readonly CsvColumns _wanted;
    private readonly Action<RowError> _wrong;
    private readonly Dictionary<string, int> _exact = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    private CsvFile(CsvReader reader, CsvShape shape, CsvColumns wanted, Action<RowError> wrong) =>
        (_reader, _shape, _wanted, _wrong) = (reader, shape, wanted, wrong);

    /// <summary>How it was read, such as <c>separated by semicolons, UTF-8</c>.</summary>
    public string ReadAs => _shape.ToString();

    /// <summary>False where the header is not what it must be, which has been told: no row is read.</summary>
    public bool IsUsable { get; private set; }

    /// <summary>Rows seen so far, wrong ones included.</summary>
    public int RowCount { get; private set; }

    /// <summary>Rows left out because of their form.</summary>
    public int BadRows { get; private set; }

    /// <summary>1-based line where the current row begins; the header is on line 1.</summary>
    public int Line => (int)_reader.LineNumber;

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="stream">The file; stays open.</param>
    /// <param name="wanted">Its columns.</param>
    /// <param name="wrong">Is told what is wrong with the form of the file.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<CsvFile> OpenAsync(
        Stream stream, CsvColumns wanted, Action<RowError> wrong, CancellationToken ct)
    {
        var (shape, whole) = await CsvShape.LookAsync(stream, ct);
        CsvFile? file = null;
        var reader = CsvReader.Create(whole, new CsvReaderOptions
        {
            Separator = shape.Separator, Encoding = shape.Encoding, TrackLineNumbers = true,
            MaxRecordSize = wanted.MaxRowBytes, MalformedData = CsvMalformedDataHandling.Skip,
            OnMalformedRecord = record => file?.Malformed(record),
        }, leaveOpen: true);
        file = new CsvFile(reader, shape, wanted, wrong);
        await file.ReadHeaderAsync(ct);
        return file;
    }

    /// <summary>The text of a file, and how it was read; without a byte order mark.</summary>
    /// <param name="stream">The file; stays open.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<(string Text, string ReadAs)> TextAsync(Stream stream, CancellationToken ct)
    {
        var (shape, whole) = await CsvShape.LookAsync(stream, ct);
        using var reader = new StreamReader(whole, shape.Encoding ?? Encoding.UTF8, leaveOpen: true);
        return (await reader.ReadToEndAsync(ct), $"{shape}");
    }

    /// <summary>Moves to the next row whose form is good; false at the end.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken ct)
    {
        while (IsUsable && await NextAsync(ct))
        {
            RowCount++;
            if (IsWellFormed()) return true;
            BadRows++;
        }

        return false;
    }

    /// <summary>Whether the file has a column.</summary>
    public bool Has(string column) => PlaceOf(column) >= 0;

    /// <summary>The trimmed text of a column in this row; empty where it is blank or there is no such column.</summary>
    public string this[string column] => PlaceOf(column) is >= 0 and var at ? _reader.GetString(at).Trim() : "";

    /// <summary>A name without case, blanks and signs: <c>E-Mail</c> is <c>email</c>.</summary>
    public static string Key(string header) => string.Concat(header.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    // First as it is written, only then without case and signs: a file may have both "Input" and "input".
    private int PlaceOf(string column) =>
        _exact.TryGetValue(column, out var at) || _places.TryGetValue(Key(column), out at) ? at : -1;

    private async ValueTask<bool> NextAsync(CancellationToken ct)
    {
        try
        {
            return await _reader.ReadAsync(ct);
        }
        catch (CsvFormatException e)
        {
            TooLong(e);
            (RowCount, BadRows) = (RowCount + 1, BadRows + 1);
            return false;
        }
    }

    private void TooLong(CsvFormatException e) => _wrong(new((int)e.LineNumber, null,
        $"The row passes {_wanted.MaxRowBytes / 1024} KB; look for a quote that is never closed."));

    private void Malformed(CsvMalformedRecord record)
    {
        (RowCount, BadRows) = (RowCount + 1, BadRows + 1);
        _wrong(new((int)record.LineNumber, null, record.Reason switch
        {
            CsvMalformedReason.UnterminatedQuote => "A quoted field is never closed.",
            _ => "There is a quote inside a field; put the whole field in quotes and double those inside it.",
        }));
    }

    private bool IsWellFormed()
    {
        if (_reader.FieldCount != _reader.Headers.Count)
        {
            _wrong(new(Line, null, $"The row has {_reader.FieldCount} fields, the header {_reader.Headers.Count}."));
            return false;
        }

        for (var i = 0; i < _reader.FieldCount; i++)
        {
            var cell = _reader.GetString(i);
            var fault = cell.Contains('\uFFFD', StringComparison.Ordinal)
                ? "is not UTF-8 text; save the file as UTF-8." : InputText.Fault(cell);
            if (fault is null) continue;

            _wrong(new(Line, _reader.Headers[i].Trim(), fault));
            return false;
        }

        return true;
    }

    private async Task ReadHeaderAsync(CancellationToken ct)
    {
        try
        {
            await _reader.ReadHeaderAsync(ct);
        }
        catch (CsvFormatException e)
        {
            TooLong(e);
            return;
        }

        var known = _wanted.Optional is { } optional
            ? _wanted.Required.Concat(optional).Select(Key).ToHashSet(StringComparer.Ordinal) : null;
        var (unknown, twice) = (new List<string>(), new List<string>());
        for (var i = 0; i < _reader.Headers.Count; i++)
        {
            var name = _reader.Headers[i].Trim();
            _exact.TryAdd(name, i);
            if (known?.Contains(Key(name)) is false) unknown.Add(name);
            else if (!_places.TryAdd(Key(name), i) && known is not null) twice.Add(name);
        }

        var missing = _wanted.Required.Where(name => !Has(name)).ToList();
        IsUsable = missing.Count + unknown.Count + twice.Count == 0;
        if (!IsUsable) _wrong(HeaderError(missing, unknown, twice));
    }

    // One error for all of it, since whoever saved the file with other columns need only hear it once.
    private RowError HeaderError(List<string> missing, List<string> unknown, List<string> twice)
    {
        if (_reader.Headers.Count == 0 || _reader.Headers.All(string.IsNullOrWhiteSpace))
            return new(1, null, $"The file is empty; a {_wanted.What} begins with a line of column names: "
                + $"{string.Join(", ", _wanted.Required)}.");

        var parts = new List<string>();
        if (missing.Count > 0) parts.Add($"lacks {string.Join(", ", missing)}");
        if (unknown.Count > 0) parts.Add($"has {Some(unknown)}, which a {_wanted.What} does not have");
        if (twice.Count > 0) parts.Add($"has {Some(twice)} twice");
        var only = (missing.Count, unknown.Count, twice.Count) switch
        {
            (1, 0, 0) => missing[0],
            (0, 1, 0) => unknown[0],
            (0, 0, 1) => twice[0],
            _ => null,
        };
        var columns = _wanted.Optional is { Count: > 0 } optional
            ? $"{string.Join(", ", _wanted.Required)}; and where there are any {string.Join(", ", optional)}"
            : string.Join(", ", _wanted.Required);
        var has = _wanted.Optional is null ? $" It has: {Some([.. _reader.Headers.Select(h => h.Trim())])}."
            : $" The columns are {columns}.";
        return new(1, only, $"The header {string.Join(", and ", parts)}. It was read as {ReadAs}.{has}");
    }

    private static string Some(List<string> names) => string.Join(", ", names.Take(20).Select(n =>
        n.Length > 60 ? n[..60] + "…" : n)) + (names.Count > 20 ? $" and {names.Count - 20} more" : "");
}

/// <summary>How a CSV file is written, as its first line shows.</summary>
/// <param name="Separator">Null where an Excel hint (<c>sep=;</c>) says it.</param>
/// <param name="Encoding">Null: UTF-8, or what a byte order mark says.</param>
/// <param name="Words">For the answer.</param>
internal sealed record CsvShape(char? Separator, Encoding? Encoding, string Words)
{
    private const int Look = 65_536;

    private static readonly (char Sign, string Name)[] Separators =
        [(',', "commas"), (';', "semicolons"), ('\t', "tabs"), ('|', "vertical bars")];

    public override string ToString() => Words;

    /// <summary>Looks at the beginning of a file.</summary>
    /// <returns>Its format, and the whole of it to read.</returns>
    public static async Task<(CsvShape Shape, Stream Whole)> LookAsync(Stream stream, CancellationToken ct)
    {
        var buffer = new byte[Look];
        var length = await stream.ReadAtLeastAsync(buffer, Look, throwOnEndOfStream: false, ct);
        var head = buffer.AsMemory(0, length);
        return (Of(head.Span), new BegunStream(head, stream));
    }

    private static CsvShape Of(ReadOnlySpan<byte> head)
    {
        var (encoding, name, isMarked) = EncodingOf(head);
        var line = FirstLine(encoding.GetString(head).TrimStart('\uFEFF'));
        var hint = line is ['s' or 'S', 'e' or 'E', 'p' or 'P', '=', var told] ? told : (char?)null;
        var counted = Separators.Select(s => (s.Sign, s.Name, Count: CountOutsideQuotes(line, s.Sign))).ToList();
        var sign = hint ?? counted.MaxBy(s => s.Count).Sign; // the first of equals: a comma
        var words = Separators.FirstOrDefault(s => s.Sign == sign).Name ?? $"'{sign}'";
        return new(hint is null ? sign : null, isMarked ? null : encoding, $"separated by {words}, {name}");
    }

    private static (Encoding Encoding, string Name, bool IsMarked) EncodingOf(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xFE, ..] => (Encoding.Unicode, "UTF-16", true),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, "UTF-16", true),
        [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, "UTF-8", true),
        [not 0, 0, not 0, 0, ..] => (Encoding.Unicode, "UTF-16", false),
        [0, not 0, 0, not 0, ..] => (Encoding.BigEndianUnicode, "UTF-16", false),
        _ => (Encoding.UTF8, "UTF-8", true),
    };

    private static string FirstLine(string text)
    {
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"') isQuoted = !isQuoted;
            else if (!isQuoted && text[i] is '\r' or '\n' && text[..i].Trim().Length > 0) return text[..i].Trim(' ');
        }

        return text;
    }

    private static int CountOutsideQuotes(string line, char sign)
    {
        var (count, isQuoted) = (0, false);
        foreach (var c in line)
        {
            if (c == '"') isQuoted = !isQuoted;
            else if (c == sign && !isQuoted) count++;
        }

        return count;
    }
}
