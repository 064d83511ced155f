namespace Guerdon.Terminal.Tables;

/// <summary>A table of text: columns first, then rows.</summary>
public sealed class TextTable
{
    private readonly List<TableColumn> _columns = [];
    private readonly List<string[]> _rows = [];

    /// <summary>Rows so far.</summary>
    public int Count => _rows.Count;

    /// <summary>Adds a column of words.</summary>
    public TextTable Left(string header) => Column(header, isNumber: false);

    /// <summary>Adds a column of numbers.</summary>
    public TextTable Right(string header) => Column(header, isNumber: true);

    /// <exception cref="ArgumentException">There are more or fewer cells than columns: a bug.</exception>
    public TextTable Row(params string[] cells)
    {
        if (cells.Length != _columns.Count)
            throw new ArgumentException($"{cells.Length} cells for {_columns.Count} columns.");
        _rows.Add([.. cells.Select(Clean.Cell)]);
        return this;
    }

    /// <summary>
    /// The lines to write: columns where they fit, with long texts wrapped between words; else each row as a block of
    /// its own. Words are never broken, and nothing is cut.
    /// </summary>
    /// <param name="width">Of the terminal, in cells; null: there is none, and a row is one line of any length.</param>
    /// <param name="bold">Makes a header stand out.</param>
    internal IEnumerable<string> Lines(int? width, Func<string, string> bold) =>
        TableWidths.Fitting(_columns, _rows, width) is { } widths
            ? TableLines.Of(_columns, _rows, widths, bold)
            : TableBlocks.Of(_columns, _rows, width!.Value, bold);

    private TextTable Column(string header, bool isNumber)
    {
        _columns.Add(new(Clean.Cell(header), isNumber));
        return this;
    }
}

/// <param name="Header">What stands above it; empty: its cells speak for themselves.</param>
/// <param name="IsNumber">To the right, and never wrapped.</param>
internal sealed record TableColumn(string Header, bool IsNumber);
