using System.Globalization;

namespace Guerdon.Documents;

/// <summary>A column of a table.</summary>
/// <param name="Header">Repeated on every page that the table reaches.</param>
/// <param name="Share">Its part of the width, beside the other columns'.</param>
/// <param name="IsFigure">Set to the right, and never broken.</param>
public sealed record PdfColumn(string Header, int Share, bool IsFigure = false);

/// <param name="Cells">One a column.</param>
/// <param name="IsTotal">Bold, below a rule.</param>
public sealed record PdfRow(IReadOnlyList<string> Cells, bool IsTotal = false);

/// <summary>
/// Pages for people, from top to bottom: words, rows of keys and values, tables. What does not fit goes on overleaf.
/// A4; lengths are points (1/72 inch).
/// </summary>
public sealed class PdfPages
{
    private const double Width = 595, Height = 842, Margin = 52, Foot = 40;
    private const double Content = Width - 2 * Margin;
    private const double CellGap = 10, RowGap = 6, LineGap = 1.32;

    private static readonly PdfFont Largest = new(TrueTypeFont.Bold, 19), Large = new(TrueTypeFont.Bold, 11.5);
    private static readonly PdfFont Words = new(TrueTypeFont.Regular, 9.2), Strong = new(TrueTypeFont.Bold, 9.2);
    private static readonly PdfFont Small = new(TrueTypeFont.Regular, 8);
    private static readonly PdfColour Ink = new(0x17, 0x21, 0x1d), Soft = new(0x56, 0x62, 0x5c);
    private static readonly PdfColour Pale = new(0xdd, 0xdc, 0xd3);

    private readonly PdfFile file = new(Width, Height);
    private readonly string title, language, foot;
    private readonly DateTimeOffset made;
    private double y;

    /// <param name="title">The document's title, for readers and for those who cannot see.</param>
    /// <param name="language">As RFC 5646 has it, such as <c>en</c>.</param>
    /// <param name="foot">At the foot of every page, beside its number.</param>
    /// <param name="made">When what it says was settled, so that the same document is the same file.</param>
    public PdfPages(string title, string language, string foot, DateTimeOffset made)
    {
        (this.title, this.language, this.foot, this.made) = (title, language, foot, made);
        Turn();
    }

    public void Title(string words) => Lines(words, Largest, Ink, after: 6);

    /// <summary>A heading; it is not left alone at a page's end.</summary>
    public void Heading(string words)
    {
        y += 12;
        Need(70);
        Lines(words, Large, Ink, after: 5);
    }

    /// <summary>Words, broken at the margin; line breaks in them are kept.</summary>
    public void Paragraph(string words, bool isSoft = false)
    {
        foreach (var part in words.Split('\n')) Lines(part, Words, isSoft ? Soft : Ink, after: 4);
    }

    /// <summary>Keys in a column, values beside them.</summary>
    public void Rows(IReadOnlyList<(string Key, string Value)> rows)
    {
        const double keys = 120;
        foreach (var (key, value) in rows)
        {
            var lines = Wrap(value, Words, Content - keys);
            Need(lines.Count * Step(Words) + 2);
            file.Text(file.PageCount - 1, Words, Soft, (Margin, y + Words.Size), key);
            foreach (var line in lines) Write(line, Words, Ink, Margin + keys);
            y += 2;
        }
    }

    /// <summary>A table; its header is repeated on every page.</summary>
    /// <exception cref="ArgumentException">A row has more or fewer cells than there are columns: a bug.</exception>
    public void Table(IReadOnlyList<PdfColumn> columns, IReadOnlyList<PdfRow> rows)
    {
        if (rows.Any(row => row.Cells.Count != columns.Count)) throw new ArgumentException("A row has other cells.");
        Header(columns);
        foreach (var row in rows)
        {
            var font = row.IsTotal ? Strong : Words;
            var cells = row.Cells.Select((cell, i) => columns[i].IsFigure
                ? [cell] : Wrap(cell, font, WidthOf(columns, i) - CellGap)).ToList();
            var height = cells.Max(c => c.Count) * Step(font) + RowGap;
            if (y + height > Height - Margin - Foot)
            {
                Turn();
                Header(columns);
            }

            Rule(file.PageCount - 1, row.IsTotal ? Ink : Pale, y);
            Cells(columns, cells, font, Ink);
            y += height;
        }

        y += 4;
    }

    /// <summary>The document, with its pages numbered. Once.</summary>
    public byte[] ToArray()
    {
        for (var page = 0; page < file.PageCount; page++)
        {
            var number = string.Create(CultureInfo.InvariantCulture, $"Page {page + 1} of {file.PageCount}");
            Rule(page, Pale, Height - Margin - 14);
            file.Text(page, Small, Soft, (Margin, Height - Margin), foot);
            file.Text(page, Small, Soft, (Width - Margin - Small.WidthOf(number), Height - Margin), number);
        }

        return file.ToArray(title, language, made);
    }

    private void Header(IReadOnlyList<PdfColumn> columns)
    {
        Need(60);
        var cells = columns.Select((c, i) => Wrap(c.Header, Small, WidthOf(columns, i) - CellGap)).ToList();
        Cells(columns, cells, Small, Soft);
        y += cells.Max(c => c.Count) * Step(Small) + RowGap;
    }

    private void Cells(IReadOnlyList<PdfColumn> columns, List<List<string>> cells, PdfFont font, PdfColour colour)
    {
        var left = Margin;
        for (var i = 0; i < columns.Count; i++)
        {
            var width = WidthOf(columns, i);
            for (var n = 0; n < cells[i].Count; n++)
            {
                var at = columns[i].IsFigure
                    ? left + width - font.WidthOf(cells[i][n]) : left;
                file.Text(
                    file.PageCount - 1, font, colour, (at, y + 3 + font.Size + n * Step(font)), cells[i][n]);
            }

            left += width;
        }
    }

    private void Lines(string words, PdfFont font, PdfColour colour, double after)
    {
        foreach (var line in Wrap(words, font, Content))
        {
            Need(Step(font));
            Write(line, font, colour, Margin);
        }

        y += after;
    }

    private void Write(string line, PdfFont font, PdfColour colour, double left)
    {
        file.Text(file.PageCount - 1, font, colour, (left, y + font.Size), line);
        y += Step(font);
    }

    private void Need(double height)
    {
        if (y + height > Height - Margin - Foot) Turn();
    }

    private void Turn()
    {
        file.AddPage();
        y = Margin;
    }

    private void Rule(int page, PdfColour colour, double at) =>
        file.Line(page, colour, 0.7, (Margin, Width - Margin), at);

    // At blanks; a word that is wider than the line is cut where it must be.
    private static List<string> Wrap(string words, PdfFont font, double width)
    {
        var (lines, line) = (new List<string>(), "");
        foreach (var word in words.Split(' '))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (Fits(longer))
            {
                line = longer;
                continue;
            }

            if (line.Length > 0) lines.Add(line);
            line = word;
            while (!Fits(line))
            {
                var cut = LongestOf(line);
                lines.Add(line[..cut]);
                line = line[cut..];
            }
        }

        lines.Add(line);
        return lines;

        int LongestOf(string some)
        {
            var cut = some.Length - 1;
            while (cut > 1 && !Fits(some[..cut])) cut--;
            return cut > 1 && char.IsHighSurrogate(some[cut - 1]) ? cut - 1 : cut;
        }

        bool Fits(string some) => some.Length <= 1 || font.WidthOf(some) <= width;
    }

    private static double WidthOf(IReadOnlyList<PdfColumn> columns, int i) =>
        Content * columns[i].Share / columns.Sum(c => c.Share);

    private static double Step(PdfFont font) => font.Size * LineGap;
}
