using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Guerdon.Kernel;

namespace Guerdon.Metering.UsageImports;

/// <summary>One row of a usage file. Its key is what it is known by: a second import of it books nothing.</summary>
internal sealed record UsageRow(
    int Line, byte[] Key, DateTime Time, long Input, long Cached, long Output, string? Person, string? Model);

/// <summary>A CSV of usage, read and checked in full. No database.</summary>
/// <param name="map">Which columns say what.</param>
/// <param name="now">The present: nothing was used after tomorrow.</param>
internal sealed class UsageFile(UsageMap map, DateTimeOffset now)
{
    private const int MaxErrors = 10_000;
    private const long MostTokens = 1_000_000_000; // in one cell
    private const int MaxTextLength = 200;

    private readonly List<UsageRow> _rows = [];
    private readonly List<RowError> _errors = [];
    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);
    private int _badRows;

    public IReadOnlyList<UsageRow> Rows => _rows;

    /// <summary>The first ten thousand, in the order of the file.</summary>
    public IReadOnlyList<RowError> Errors => _errors;

    public int RowCount { get; private set; }

    /// <summary>Rows that cannot be read; those of <see cref="Errors"/> and any beyond.</summary>
    public int BadRows { get; private set; }

    /// <summary>True where no row can be read at all.</summary>
    public bool HasNoHeader { get; private set; }

    /// <summary>How the file was read, for the answer.</summary>
    public string ReadAs { get; private set; } = "";

    public static async Task<UsageFile> ReadAsync(Stream csv, UsageMap map, DateTimeOffset now, CancellationToken ct)
    {
        var file = new UsageFile(map, now);
        var columns = new CsvColumns("file of usage", [.. map.Columns], Optional: null);
        await using var csvFile = await CsvFile.OpenAsync(csv, columns, file.Note, ct);
        while (await csvFile.ReadAsync(ct)) file.Add(csvFile);
        file.HasNoHeader = !csvFile.IsUsable;
        (file.RowCount, file.BadRows) = (csvFile.RowCount, csvFile.BadRows + file._badRows);
        file.ReadAs = csvFile.ReadAs;
        return file;
    }

    private void Add(CsvFile row)
    {
        var (line, faults) = (row.Line, 0);
        var time = Time(row[map.Time]);
        var input = Count(map.Input, row[map.Input]);
        var output = Count(map.Output, row[map.Output]);
        var cached = map.Cached is not null && row[map.Cached] is { Length: > 0 } text ? Count(map.Cached, text) : 0;
        if (cached > input) Wrong(map.Cached, $"is {cached}, more than the {input} input tokens it is a part of.");
        var (person, model) = (Cell(map.Person), Cell(map.Model));
        foreach (var (column, value) in new[] { (map.Person, person), (map.Model, model) })
            if (column is not null && value is null or { Length: 0 or > MaxTextLength })
                Wrong(column, $"must have 1 to {MaxTextLength} characters.");
        var rowId = Cell(map.RowId);
        if (map.RowId is not null && string.IsNullOrEmpty(rowId))
            Wrong(map.RowId, "is empty, but rows are known by it.");

        var key = faults > 0 ? null : KeyOf(rowId, time, input, cached, output, person, model);
        if (faults == 0 && key is null) Wrong(map.RowId, $"'{rowId}' is in this file already.");
        if (key is null) _badRows++;
        else _rows.Add(new(line, key, time, input, cached, output, person, model));

        string? Cell(string? column) => column is null ? null : row[column];

        void Wrong(string? column, string reason)
        {
            faults++;
            Note(new(line, column, reason));
        }

        DateTime Time(string text)
        {
            if (TimeFault(text, out var at) is { } fault) Wrong(map.Time, fault);
            return at;
        }

        long Count(string column, string text)
        {
            if (CountOf(text) is { } count) return count;
            Wrong(column, $"'{text}' is not a whole number of tokens from 0 to {MostTokens:N0}.");
            return 0;
        }
    }

    private string? TimeFault(string text, out DateTime time)
    {
        time = default;
        if (UsageTimes.Read(text) is not { } at) return $"'{text}' is not {UsageTimes.Wanted}.";
        if (!Days.CanHaveHappened(at, now)) return $"{text} {Days.NotHappened(now)}.";
        time = at.UtcDateTime.ToMicros();
        return null;
    }

    private static long? CountOf(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= MostTokens
            ? count : null;

    // Two equal rows are two requests, so the text of a row is not enough: its key also
    // counts which of equal rows it is.
    private byte[]? KeyOf(string? rowId, DateTime time, long input, long cached, long output, string? person,
        string? model)
    {
        var text = rowId is not null
            ? $"id\u001f{rowId}"
            : string.Create(CultureInfo.InvariantCulture,
                $"row\u001f{time:O}\u001f{input}\u001f{cached}\u001f{output}\u001f{person}\u001f{model}");
        var times = _seen[text] = _seen.GetValueOrDefault(text) + 1;
        return rowId is not null && times > 1 ? null : SHA256.HashData(Encoding.UTF8.GetBytes($"{text}\u001f{times}"));
    }

    private void Note(RowError error)
    {
        if (_errors.Count < MaxErrors) _errors.Add(error);
    }
}
