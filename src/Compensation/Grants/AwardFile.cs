using CsvHelper;
using Stipend.Kernel;

namespace Stipend.Compensation;

/// <summary>A CSV of awards: <c>person,award,amount_usd,reason</c>. Every error is collected. No I/O but the
/// stream.</summary>
internal sealed class AwardFile
{
    private const int MaxRecordBytes = 16_384;
    private const int MaxRows = 10_000;
    private static readonly string[] Names = ["person", "award", "amount_usd", "reason"];

    private readonly List<AwardAsked> asked = [];
    private readonly List<int> lines = [];
    private readonly List<RowError> errors = [];

    public IReadOnlyList<AwardAsked> Asked => asked;

    /// <summary>The line of each that is asked for.</summary>
    public IReadOnlyList<int> Lines => lines;

    public List<RowError> Errors => errors;

    public static async Task<AwardFile> ReadAsync(Stream csv, CancellationToken ct)
    {
        var file = new AwardFile();
        var options = new CsvReaderOptions
        {
            Separator = ',', TrackLineNumbers = true, MaxRecordSize = MaxRecordBytes,
            MalformedData = CsvMalformedDataHandling.Skip,
            OnMalformedRecord = r => file.errors.Add(new((int)r.LineNumber, null,
                "A quote is not closed or not doubled.")),
        };
        try
        {
            await using var reader = CsvReader.Create(csv, options, leaveOpen: true);
            await reader.ReadHeaderAsync(ct);
            if (file.Columns(reader.Headers) is { } columns) await file.ReadRowsAsync(reader, columns, ct);
        }
        catch (CsvFormatException e)
        {
            file.errors.Add(new((int)e.LineNumber, null,
                "The row passes 16 KB; look for a quote that is never closed."));
        }

        if (file.errors.Count == 0 && file.asked.Count == 0) file.errors.Add(new(0, null, "There are no rows."));
        return file;
    }

    private int[]? Columns(IReadOnlyList<string> headers)
    {
        string[] found = [.. headers.Select(h => h.Trim())];
        foreach (var name in Names.Where(n => found.Count(f => f == n) != 1))
            errors.Add(new(1, name, "must stand in the header once; it is person,award,amount_usd,reason."));
        return errors.Count > 0 ? null : [.. Names.Select(n => Array.IndexOf(found, n))];
    }

    private async Task ReadRowsAsync(CsvReader reader, int[] columns, CancellationToken ct)
    {
        while (await reader.ReadAsync(ct))
        {
            if (asked.Count == MaxRows)
            {
                errors.Add(new((int)reader.LineNumber, null, $"There are more than {MaxRows} rows; split the file."));
                return;
            }

            string[] cells = [.. reader.Current.ToArray()];
            string Cell(int column) => columns[column] < cells.Length ? cells[columns[column]].Trim() : "";
            var (line, amount) = ((int)reader.LineNumber, Cell(2));
            var nanos = 0L;
            if (amount.Length > 0 && (!Decimals.TryParse(amount, 9, out nanos) || nanos <= 0))
                errors.Add(new(line, Names[2], $"is '{amount}', not an amount such as 250 or 250.50."));
            asked.Add(new AwardAsked(Cell(0), Cell(1), amount.Length == 0 ? null : nanos, Cell(3)));
            lines.Add(line);
        }
    }
}
