using Spectre.Console;

namespace Stipend.Cli;

/// <summary>A table of text: columns first, then rows.</summary>
public sealed class TextTable
{
    private static readonly Padding Gap = new(0, 0, 2, 0);
    private readonly List<(string Header, bool IsNumber)> columns = [];
    private readonly List<string[]> rows = [];

    /// <summary>Rows so far.</summary>
    public int Count => rows.Count;

    /// <summary>Adds a column of words.</summary>
    public TextTable Left(string header) => Column(header, isNumber: false);

    /// <summary>Adds a column of numbers.</summary>
    public TextTable Right(string header) => Column(header, isNumber: true);

    /// <exception cref="ArgumentException">There are more or fewer cells than columns: a bug.</exception>
    public TextTable Row(params string[] cells)
    {
        if (cells.Length != columns.Count)
            throw new ArgumentException($"{cells.Length} cells for {columns.Count} columns.");
        rows.Add(cells);
        return this;
    }

    internal Table ToSpectre()
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = columns.Any(c => c.Header.Length > 0) };
        foreach (var (header, isNumber) in columns)
        {
            table.AddColumn(new TableColumn(new Text(header, new Style(decoration: Decoration.Bold)))
            {
                Alignment = isNumber ? Justify.Right : Justify.Left, NoWrap = isNumber, Padding = Gap,
            });
        }

        // Text, not markup: a bracket in somebody's name is only a bracket.
        foreach (var row in rows) table.AddRow(row.Select(cell => new Text(Clean.Line(cell))));
        return table;
    }

    private TextTable Column(string header, bool isNumber)
    {
        columns.Add((Clean.Line(header), isNumber));
        return this;
    }
}
