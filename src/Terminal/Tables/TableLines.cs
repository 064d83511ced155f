using System.Text;

namespace Guerdon.Terminal.Tables;

/// <summary>A table as columns, two blanks apart, under their headers.</summary>
internal static class TableLines
{
    public static IEnumerable<string> Of(
        IReadOnlyList<TableColumn> columns, IReadOnlyList<string[]> rows, int[] widths, Func<string, string> bold)
    {
        var headers = columns.Select(column => column.Header).ToArray();
        if (headers.Any(header => header.Length > 0))
            foreach (var line in Row(columns, headers, widths, bold)) yield return line;
        foreach (var row in rows)
            foreach (var line in Row(columns, row, widths, text => text)) yield return line;
    }

    private static IEnumerable<string> Row(
        IReadOnlyList<TableColumn> columns, string[] cells, int[] widths, Func<string, string> style)
    {
        var wrapped = cells.Select((cell, i) => Words.Wrap(cell, widths[i]).ToArray()).ToArray();
        for (var at = 0; at < wrapped.Max(lines => lines.Length); at++)
        {
            var line = new StringBuilder();
            var isOpen = 0; // blanks that are due once more text follows: no line ends in any
            for (var i = 0; i < cells.Length; i++)
            {
                var text = at < wrapped[i].Length ? wrapped[i][at] : "";
                var free = Math.Max(0, widths[i] - Words.Width(text));
                var (before, after) = columns[i].IsNumber ? (free, 0) : (0, free);
                if (text.Length > 0)
                {
                    line.Append(' ', isOpen + before).Append(style(text));
                    isOpen = after + TableWidths.Gap;
                }
                else
                {
                    isOpen += widths[i] + TableWidths.Gap;
                }
            }

            yield return line.ToString();
        }
    }
}
