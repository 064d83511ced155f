namespace Guerdon.Terminal.Tables;

/// <summary>How wide each column of a table is.</summary>
internal static class TableWidths
{
    /// <summary>Blanks between two columns.</summary>
    public const int Gap = 2;

    // No column of words gets narrower, because nobody could read it.
    private const int LeastProse = 20;

    /// <returns>A width for each column; null where columns cannot be read at this width.</returns>
    public static int[]? Fitting(IReadOnlyList<TableColumn> columns, IReadOnlyList<string[]> rows, int? width)
    {
        var widths = Natural(columns, rows);
        if (width is not { } most) return widths;
        var over = widths.Sum() + (Gap * (columns.Count - 1)) - most;
        if (over <= 0) return widths;

        var least = Least(columns, rows, widths);
        // The widest gives way first, so that short columns stay as they are.
        for (; over > 0; over--)
        {
            var widest = -1;
            for (var i = 0; i < widths.Length; i++)
                if (widths[i] > least[i] && (widest < 0 || widths[i] > widths[widest])) widest = i;
            if (widest < 0) return null;
            widths[widest]--;
        }

        return widths;
    }

    private static int[] Natural(IReadOnlyList<TableColumn> columns, IReadOnlyList<string[]> rows) =>
        [.. columns.Select((column, i) =>
            rows.Select(row => Words.Width(row[i])).Append(Words.Width(column.Header)).Max())];

    private static int[] Least(IReadOnlyList<TableColumn> columns, IReadOnlyList<string[]> rows, int[] natural) =>
        [.. columns.Select((column, i) => column.IsNumber
            ? natural[i]
            : Math.Max(
                Math.Min(natural[i], LeastProse),
                rows.Select(row => Words.Longest(row[i])).Append(Words.Longest(column.Header)).Max()))];
}
