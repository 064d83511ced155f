using Stipend.Kernel;

namespace Stipend.People;

/// <summary>
/// A CSV of people, read and checked in full: every error is collected, none stops the reading. No database: what only
/// that knows (a login that is somebody else's) is found when the rows are saved.
/// </summary>
internal sealed class PeopleFile
{
    private readonly List<PersonRow> rows = [];
    private readonly Dictionary<(string Column, string Value), int> firstLine = [];

    private PeopleFile()
    {
    }

    public IReadOnlyList<PersonRow> Rows => rows;

    public RowErrors Errors { get; } = new();

    /// <summary>How many rows the file has, wrong ones included.</summary>
    public int RowCount { get; private set; }

    /// <summary>How the file was read, for the answer.</summary>
    public string ReadAs { get; private set; } = "";

    public static async Task<PeopleFile> ReadAsync(Stream csv, CancellationToken ct)
    {
        var file = new PeopleFile();
        await using var rows = await CsvFile.OpenAsync(csv, PersonColumns.OfFile, file.Errors.Add, ct);
        var cells = new Cells(rows, file.Errors);
        while (await rows.ReadAsync(ct)) file.rows.Add(file.Row(cells));
        (file.RowCount, file.ReadAs) = (rows.RowCount, rows.ReadAs);
        return file;
    }

    private PersonRow Row(Cells cells)
    {
        var currency = cells.Code(
            PersonColumns.Currency, Codes.IsCurrency, "ISO 4217 (three letters, such as EUR)");
        var row = new PersonRow(
            cells.Line, cells.Email(PersonColumns.Email), cells.Text(PersonColumns.Name),
            cells.Team(PersonColumns.Team),
            cells.Text(PersonColumns.Role), cells.Level(PersonColumns.Level),
            cells.Code(PersonColumns.Country, Codes.IsCountry, "ISO 3166-1 (two letters, such as DE)"),
            cells.Text(PersonColumns.CostCentre),
            cells.Date(PersonColumns.HiredOn, required: true) ?? default,
            cells.Date(PersonColumns.LeftOn, required: false),
            cells.Pay(PersonColumns.BasePay, currency) ?? 0,
            cells.Pay(PersonColumns.TotalPay, currency) ?? long.MaxValue, currency,
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
