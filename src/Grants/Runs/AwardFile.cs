using Guerdon.Kernel;

namespace Guerdon.Grants.Runs;

/// <summary>A CSV of awards: <c>person,award,amount_usd,reason</c>. Every error is collected. No I/O but the
/// stream.</summary>
internal sealed class AwardFile
{
    private const int MaxRows = 10_000;
    private const int MaxErrors = 10_000;

    internal static readonly CsvColumns Columns =
        new("list of awards", ["person", "award", "amount_usd", "reason"], []) { MaxRowBytes = 16_384 };

    private readonly List<AwardAsked> asked = [];
    private readonly List<int> lines = [];
    private readonly List<RowError> errors = [];

    public IReadOnlyList<AwardAsked> Asked => asked;

    /// <summary>The line of each that is asked for.</summary>
    public IReadOnlyList<int> Lines => lines;

    public List<RowError> Errors => errors;

    /// <summary>How the file was read, for the answer.</summary>
    public string ReadAs { get; private set; } = "";

    public static async Task<AwardFile> ReadAsync(Stream csv, CancellationToken ct)
    {
        var file = new AwardFile();
        await using var rows = await CsvFile.OpenAsync(csv, Columns, file.errors.Add, ct);
        file.ReadAs = rows.ReadAs;
        while (file.errors.Count < MaxErrors && await rows.ReadAsync(ct))
        {
            if (file.asked.Count == MaxRows)
            {
                file.errors.Add(new(rows.Line, null, $"There are more than {MaxRows} rows; split the file."));
                return file;
            }

            file.Add(rows);
        }

        if (file.errors.Count == 0 && file.asked.Count == 0) file.errors.Add(new(0, null, "There are no rows."));
        return file;
    }

    private void Add(CsvFile row)
    {
        var (amount, nanos) = (row["amount_usd"], 0L);
        if (amount.Length > 0 && (!Decimals.TryParse(amount, 9, out nanos) || nanos <= 0))
            errors.Add(new(row.Line, "amount_usd", $"is '{amount}', not an amount such as 250 or 250.50."));
        asked.Add(new AwardAsked(row["person"], row["award"], amount.Length == 0 ? null : nanos, row["reason"]));
        lines.Add(row.Line);
    }
}
