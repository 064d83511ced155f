using Guerdon.Kernel;

namespace Guerdon.People.Employees;

/// <summary>
/// A CSV of people, read and checked in full: every error is collected, none stops the reading. No database: what only
/// that knows (a login that is somebody else's) is found when the rows are saved.
/// </summary>
internal sealed class PeopleFile
{
    private readonly List<PersonRow> _rows = [];
    private readonly Dictionary<(string Column, string Value), int> _firstLine = [];

    private readonly IReadOnlyList<IdentityKind> _kinds;

    private PeopleFile(IReadOnlyList<IdentityKind> kinds) => _kinds = kinds;

    public IReadOnlyList<PersonRow> Rows => _rows;

    public RowErrors Errors { get; } = new();

    /// <summary>How many rows the file has, wrong ones included.</summary>
    public int RowCount { get; private set; }

    /// <summary>How the file was read, for the answer.</summary>
    public string ReadAs { get; private set; } = "";

    /// <summary>Reads a file whose identities are of the kinds that every installation has.</summary>
    public static Task<PeopleFile> ReadAsync(Stream csv, CancellationToken ct) =>
        ReadAsync(csv, IdentityKind.BuiltIn, ct);

    /// <summary>Reads a file.</summary>
    /// <param name="csv">With a header.</param>
    /// <param name="kinds">The kinds of identity that are declared.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<PeopleFile> ReadAsync(Stream csv, IReadOnlyList<IdentityKind> kinds, CancellationToken ct)
    {
        var file = new PeopleFile(kinds);
        await using var rows = await CsvFile.OpenAsync(csv, PersonColumns.OfFile(kinds), file.Errors.Add, ct);
        var cells = new Cells(rows, file.Errors);
        while (await rows.ReadAsync(ct)) file._rows.Add(file.Row(cells));
        (file.RowCount, file.ReadAs) = (rows.RowCount, rows.ReadAs);
        return file;
    }

    private PersonRow Row(Cells cells)
    {
        var currency = cells.Code(PersonColumns.Currency, Codes.IsCurrency, "ISO 4217 (three letters, such as EUR)");
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
            cells.Optional(PersonColumns.ProviderUserId))
        {
            Id = cells.Person(PersonColumns.PersonId), Others = Others(cells), Dated = DatedCells.Read(cells, _kinds),
        };
        row = row with { Finding = Finding(row) };
        if (row.LeftOn < row.HiredOn)
            cells.Wrong(PersonColumns.LeftOn,
                $"{row.LeftOn:yyyy-MM-dd} is before hired_on; it is the last day of employment.");
        if (row.TotalPayCents < row.BasePayCents)
            cells.Wrong(PersonColumns.TotalPay, "is less than base_pay; total pay includes base pay.");
        if (row.Dated.From < row.HiredOn)
            cells.Wrong(DatedCells.EffectiveOn, $"{row.Dated.From:yyyy-MM-dd} is before hired_on; name a later day.");
        if (row.Dated.LeaveFirst < row.HiredOn)
            cells.Wrong(DatedCells.LeaveFrom, $"{row.Dated.LeaveFirst:yyyy-MM-dd} is before hired_on.");
        OnlyOnce(cells, PersonColumns.Email, row.Email);
        foreach (var identity in row.Identities) OnlyOnce(cells, identity.Kind, identity.Value);
        return row;
    }

    private Identity[] Others(Cells cells)
    {
        List<Identity>? others = null;
        foreach (var (kind, _) in _kinds)
            if (kind is not (PersonColumns.GithubLogin or PersonColumns.ProviderUserId)
                && cells.Optional(kind) is { } value) (others ??= []).Add(new(kind, value));
        return others?.ToArray() ?? [];
    }

    private Identity[] Finding(PersonRow row)
    {
        List<Identity>? finding = null;
        foreach (var identity in row.Identities)
            if (_kinds.Any(kind => kind.FindsPerson && kind.Kind == identity.Kind)) (finding ??= []).Add(identity);
        return finding?.ToArray() ?? [];
    }

    private void OnlyOnce(Cells cells, string column, string? value)
    {
        if (string.IsNullOrEmpty(value) || _firstLine.TryAdd((column, value), cells.Line)) return;

        cells.Wrong(column, $"'{value}' stands on line {_firstLine[(column, value)]} already.");
    }
}
