namespace Guerdon.Kernel;

/// <summary>Cells of a CSV file (RFC 4180), whose lines end with CR LF.</summary>
public static class Csv
{
    /// <summary>A free text as a quoted cell. One that begins like a formula would be run by a spreadsheet: it gets an
    /// apostrophe in front.</summary>
    public static string Text(string cell)
    {
        if (cell is ['=' or '+' or '-' or '@' or '\t' or '\r', ..]) cell = "'" + cell;
        return $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
