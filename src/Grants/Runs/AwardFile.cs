using Guerdon.Kernel;

namespace Guerdon.Grants.Runs;

/// <summary>A CSV of awards: <c>person,award,amount_usd,reason</c>. Every error is collected. No I/O
/// but the stream.</summary>
internal sealed class AwardFile
{
    private const int MaxRows = 10_000;
    private const int MaxErrors = 10_000;

    internal static readonly CsvColumns Columns =
        new("list of awards", ["person", "award", "amount_usd", "reason"], []) { MaxRowBytes = 16_384 };

    private readonly List<AwardAsked> _asked = [];
    private readonly List<int> _lines = [];
    private readonly List<RowError> _errors = [];

    public IReadOnlyList<AwardAsked> Asked => _asked;

    /// <summary>The line of each that is asked for.</summary>
    public IReadOnlyList<int> Lines => _lines;

    public List<RowError> Errors => _errors;

    /// <summary>How the file was read, for the answer.</summary>
    public string ReadAs { get; private set; } = "";

    public static async Task<AwardFile> ReadAsync(Stream csv, CancellationToken ct)
    {
        var file = new AwardFile();
        await using var rows = await CsvFile.OpenAsync(csv, Columns, file._errors.Add, ct);
        file.ReadAs = rows.ReadAs;
        while (file._errors.Count < MaxErrors && await rows.ReadAsync(ct))
        {
            if (file._asked.Count == MaxRows)
            {
                file._errors.Add(new(rows.Line, null, $"There are more than {MaxRows} rows; split the file."));
                return file;
            }

            file.Add(rows);
        }

        if (file._errors.Count == 0 && file._asked.Count == 0) file._errors.Add(new(0, null, "There are no rows."));
        return file;
    }

    private void Add(CsvFile row)
    {
        var (amount, nanos) = (row["amount_usd"], 0L);
        if (amount.Length > 0 && (!Decimals.TryParse(amount, 9, out nanos) || nanos <= 0))
            _errors.Add(new(row.Line, "amount_usd", $"is '{amount}', not an amount such as 250 or 250.50."));
        _asked.Add(new AwardAsked(row["person"], row["award"], amount.Length == 0 ? null : nanos, row["reason"]));
        _lines.Add(row.Line);
    }
}
