using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsvHelper;
using Stipend.Kernel;

namespace Stipend.Metering.Imports;

/// <summary>One row of a usage file. Its key is what it is known by: a second import of it books nothing.</summary>
internal sealed record UsageRow(
    int Line, byte[] Key, DateTime Time, long Input, long Cached, long Output, string? Person, string? Model);

/// <summary>A CSV of usage, read and checked in full. No database.</summary>
internal sealed class UsageFile
{
    private const int MaxRecordBytes = 65_536;
    private const int MaxErrors = 10_000;
    private const int MaxTextLength = 200;

    private static readonly string[] TimeFormats =
    [
        "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-ddTHH:mm:ss.FFFFFFF", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    private readonly List<UsageRow> rows = [];
    private readonly List<RowError> errors = [];
    private readonly Dictionary<string, int> seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> columns = new(StringComparer.Ordinal);

    private UsageFile()
    {
    }

    public IReadOnlyList<UsageRow> Rows => rows;

    /// <summary>The first ten thousand, in the order of the file.</summary>
    public IReadOnlyList<RowError> Errors => errors;

    public int RowCount { get; private set; }

    /// <summary>Rows that cannot be read; those of <see cref="Errors"/> and any beyond.</summary>
    public int BadRows { get; private set; }

    /// <summary>True where no row can be read at all.</summary>
    public bool HasNoHeader { get; private set; }

    public static async Task<UsageFile> ReadAsync(Stream csv, UsageMap map, CancellationToken ct)
    {
        var file = new UsageFile();
        var options = new CsvReaderOptions
        {
            Separator = ',', TrackLineNumbers = true, MaxRecordSize = MaxRecordBytes,
            MalformedData = CsvMalformedDataHandling.Skip,
            OnMalformedRecord = record =>
                file.Bad((int)record.LineNumber, null, "A quoted field is not closed as it must be.", row: true),
        };
        try
        {
            await using var reader = CsvReader.Create(csv, options, leaveOpen: true);
            await reader.ReadHeaderAsync(ct);
            file.ReadHeader(reader.Headers, map);
            while (!file.HasNoHeader && await reader.ReadAsync(ct)) file.ReadRow(reader, map);
        }
        catch (CsvFormatException e)
        {
            file.Bad((int)e.LineNumber, null, "The row passes 64 KB; look for a quote that is never closed.",
                row: true);
        }

        return file;
    }

    private void ReadHeader(IReadOnlyList<string> headers, UsageMap map)
    {
        for (var i = 0; i < headers.Count; i++) columns.TryAdd(headers[i].Trim(), i);
        foreach (var missing in map.Columns.Where(column => !columns.ContainsKey(column)))
        {
            errors.Add(new(1, missing, $"is no column of this file. It has: {string.Join(", ", headers)}."));
            HasNoHeader = true;
        }
    }

    private void ReadRow(CsvReader reader, UsageMap map)
    {
        RowCount++;
        var line = (int)reader.LineNumber;
        if (reader.FieldCount != reader.Headers.Count)
        {
            Bad(line, null, $"The row has {reader.FieldCount} fields, the header {reader.Headers.Count}.");
            return;
        }

        var cells = reader.Current.ToArray();
        var before = errors.Count;
        var time = Time(line, map.Time, Cell(map.Time)!);
        var input = Count(line, map.Input, Cell(map.Input)!);
        var output = Count(line, map.Output, Cell(map.Output)!);
        var cached = Cell(map.Cached) is { Length: > 0 } text ? Count(line, map.Cached!, text) : 0;
        if (cached > input) Note(line, map.Cached, $"is {cached}, more than the {input} input tokens it is a part of.");
        var (person, model) = (Cell(map.Person), Cell(map.Model));
        foreach (var (column, value) in new[] { (map.Person, person), (map.Model, model) })
            if (column is not null && value is null or { Length: 0 or > MaxTextLength })
                Note(line, column, $"must have 1 to {MaxTextLength} characters.");
        var rowId = Cell(map.RowId);
        if (map.RowId is not null && string.IsNullOrEmpty(rowId))
            Note(line, map.RowId, "is empty, but rows are known by it.");

        if (errors.Count > before) { BadRows++; return; }
        var key = KeyOf(rowId, time, input, cached, output, person, model);
        if (key is null) Bad(line, map.RowId, $"'{rowId}' stands in this file already.");
        else rows.Add(new(line, key, time, input, cached, output, person, model));

        string? Cell(string? column) => column is null ? null : cells[columns[column]].Trim();
    }

    // Two equal rows are two requests, so what a row says is not enough: it is the first, second, … to say so.
    private byte[]? KeyOf(string? rowId, DateTime time, long input, long cached, long output, string? person,
        string? model)
    {
        var text = rowId is not null
            ? $"id\u001f{rowId}"
            : string.Create(CultureInfo.InvariantCulture,
                $"row\u001f{time:O}\u001f{input}\u001f{cached}\u001f{output}\u001f{person}\u001f{model}");
        var times = seen[text] = seen.GetValueOrDefault(text) + 1;
        return rowId is not null && times > 1 ? null : SHA256.HashData(Encoding.UTF8.GetBytes($"{text}\u001f{times}"));
    }

    private DateTime Time(int line, string column, string text)
    {
        if (DateTimeOffset.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            return time.UtcDateTime.ToMicros();
        Note(line, column, $"'{text}' is no time such as 2026-11-01 09:30:00 or 2026-11-01T09:30:00Z.");
        return default;
    }

    private long Count(int line, string column, string text)
    {
        const long most = 1_000_000_000;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= most)
            return count;
        Note(line, column, $"'{text}' is no whole number of tokens from 0 to {most:N0}.");
        return 0;
    }

    private void Bad(int line, string? column, string reason, bool row = false)
    {
        if (row) RowCount++;
        BadRows++;
        Note(line, column, reason);
    }

    private void Note(int line, string? column, string reason)
    {
        if (errors.Count < MaxErrors) errors.Add(new(line, column, reason));
    }
}
