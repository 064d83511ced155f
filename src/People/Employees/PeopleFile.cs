using CsvHelper;

namespace Stipend.People;

/// <summary>
/// A CSV of people, read and checked in full: every error is collected, none stops the reading. No database: what only
/// that knows (a login that is somebody else's) is found when the rows are saved.
/// </summary>
internal sealed class PeopleFile
{
    private const int MaxRecordBytes = 65_536;

    private readonly List<PersonRow> rows = [];
    private readonly Dictionary<(string Column, string Value), int> firstLine = [];

    private PeopleFile()
    {
    }

    public IReadOnlyList<PersonRow> Rows => rows;

    public RowErrors Errors { get; } = new();

    /// <summary>How many rows the file has, wrong ones included.</summary>
    public int RowCount { get; private set; }

    public static async Task<PeopleFile> ReadAsync(Stream csv, CancellationToken ct)
    {
        var file = new PeopleFile();
        var options = new CsvReaderOptions
        {
            Separator = ',',
            TrackLineNumbers = true,
            MaxRecordSize = MaxRecordBytes,
            MalformedData = CsvMalformedDataHandling.Skip,
            OnMalformedRecord = file.OnMalformed,
        };
        try
        {
            await using var reader = CsvReader.Create(csv, options, leaveOpen: true);
            await reader.ReadHeaderAsync(ct);
            if (file.Columns(reader.Headers) is { } columns) await file.ReadRowsAsync(reader, columns, ct);
        }
        catch (CsvFormatException e)
        {
            file.Errors.Add((int)e.LineNumber, null, "The row passes 64 KB; look for a quote that is never closed.");
        }

        return file;
    }

    private void OnMalformed(CsvMalformedRecord record)
    {
        RowCount++;
        Errors.Add((int)record.LineNumber, null, record.Reason switch
        {
            CsvMalformedReason.UnterminatedQuote => "A quoted field is never closed.",
            _ => "A quote stands inside a field; put the whole field in quotes and double those inside it.",
        });
    }

    // Where each column is, or null where the header is not usable.
    private Dictionary<string, int>? Columns(IReadOnlyList<string> headers)
    {
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < headers.Count; i++)
        {
            var name = headers[i].Trim();
            if (!PersonColumns.Required.Contains(name) && !PersonColumns.Optional.Contains(name))
                Errors.Add(1, name, "is no column of this file. It has: "
                    + string.Join(", ", [.. PersonColumns.Required, .. PersonColumns.Optional]) + ".");
            else if (!columns.TryAdd(name, i)) Errors.Add(1, name, "stands in the header twice.");
        }

        foreach (var missing in PersonColumns.Required.Where(name => !columns.ContainsKey(name)))
            Errors.Add(1, missing, "is missing from the header; the file is comma-separated and starts with a header.");
        return Errors.Count == 0 ? columns : null;
    }

    private async Task ReadRowsAsync(CsvReader reader, Dictionary<string, int> columns, CancellationToken ct)
    {
        var fields = reader.Headers.Count;
        var cells = new Cells(columns, Errors);
        while (await reader.ReadAsync(ct))
        {
            RowCount++;
            var line = (int)reader.LineNumber;
            if (reader.FieldCount != fields)
            {
                Errors.Add(line, null, $"The row has {reader.FieldCount} fields, the header {fields}.");
                continue;
            }

            cells.MoveTo(reader.Current.ToArray(), line);
            rows.Add(Row(cells));
        }
    }

    private PersonRow Row(Cells cells)
    {
        var row = new PersonRow(
            cells.Line, cells.Email(PersonColumns.Email), cells.Text(PersonColumns.Name),
            cells.Team(PersonColumns.Team),
            cells.Text(PersonColumns.Role), cells.Level(PersonColumns.Level),
            cells.Code(PersonColumns.Country, Codes.IsCountry, "ISO 3166-1 (two letters, such as DE)"),
            cells.Text(PersonColumns.CostCentre),
            cells.Date(PersonColumns.HiredOn, required: true) ?? default,
            cells.Date(PersonColumns.LeftOn, required: false),
            cells.Pay(PersonColumns.BasePay) ?? 0, cells.Pay(PersonColumns.TotalPay) ?? long.MaxValue,
            cells.Code(PersonColumns.Currency, Codes.IsCurrency, "ISO 4217 (three letters, such as EUR)"),
            cells.Flag(PersonColumns.IsBot),
            cells.Optional(PersonColumns.GithubLogin)?.ToLowerInvariant(),
            cells.Optional(PersonColumns.ProviderUserId));

        if (row.LeftOn < row.HiredOn)
            cells.Wrong(PersonColumns.LeftOn,
                $"{row.LeftOn:yyyy-MM-dd} is before hired_on; it is the last day of employment.");
        if (row.TotalPayCents < row.BasePayCents)
            cells.Wrong(PersonColumns.TotalPay, "is less than base_pay; total pay includes base pay.");
        OnlyOnce(cells, PersonColumns.Email, row.Email);
        OnlyOnce(cells, PersonColumns.GithubLogin, row.GithubLogin);
        OnlyOnce(cells, PersonColumns.ProviderUserId, row.ProviderUserId);
        return row;
    }

    private void OnlyOnce(Cells cells, string column, string? value)
    {
        if (string.IsNullOrEmpty(value) || firstLine.TryAdd((column, value), cells.Line)) return;

        cells.Wrong(column, $"'{value}' stands on line {firstLine[(column, value)]} already.");
    }
}
