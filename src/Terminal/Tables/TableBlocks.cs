namespace Guerdon.Terminal.Tables;

/// <summary>
/// A table on a terminal that is too narrow for its columns: each row a block of lines, a cell after its header, and a
/// blank line between two rows.
/// </summary>
internal static class TableBlocks
{
    private const int Indent = 2;

    public static IEnumerable<string> Of(
        IReadOnlyList<TableColumn> columns, IReadOnlyList<string[]> rows, int width, Func<string, string> bold)
    {
        // Its first column serves for labels, since a table without headers has no others.
        var isList = columns.All(column => column.Header.Length == 0);
        var labels = isList ? rows.Select(row => row[0]) : columns.Select(column => column.Header);
        var wide = Math.Min(labels.Select(Words.Width).DefaultIfEmpty().Max(), width / 2);
        for (var i = 0; i < rows.Count; i++)
        {
            if (i > 0 && !isList) yield return "";
            foreach (var line in isList ? Field(rows[i][0], rows[i][1], wide, width, bold)
                : Row(columns, rows[i], wide, width, bold)) yield return line;
        }
    }

    private static IEnumerable<string> Row(
        IReadOnlyList<TableColumn> columns, string[] cells, int wide, int width, Func<string, string> bold)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (cells[i].Length == 0) continue;
            foreach (var line in columns[i].Header.Length == 0 ? Words.Wrap(cells[i], width).Select(bold)
                : Field(columns[i].Header, cells[i], wide, width, bold)) yield return line;
        }
    }

    // The value stands beside its label only where its words fit there; otherwise under it.
    private static IEnumerable<string> Field(string label, string value, int wide, int width, Func<string, string> bold)
    {
        var beside = width - wide - TableWidths.Gap;
        if (Words.Width(label) <= wide && Words.Longest(value) <= beside)
        {
            var lead = bold(label) + new string(' ', wide - Words.Width(label) + TableWidths.Gap);
            foreach (var line in Words.Wrap(value, beside))
            {
                yield return lead + line;
                lead = new string(' ', wide + TableWidths.Gap);
            }

            yield break;
        }

        foreach (var line in Words.Wrap(label, width)) yield return bold(line);
        foreach (var line in Words.Wrap(value, width - Indent))
            yield return Words.Width(line) <= width - Indent ? new string(' ', Indent) + line : line;
    }
}
