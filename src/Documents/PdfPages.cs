using System.Globalization;
using System.Text;

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
/// Each is tagged as what it is, for those who listen. A4; lengths are points (1/72 inch).
/// </summary>
public sealed class PdfPages
{
    private const double Width = 595, Height = 842, Margin = 52, Foot = 40;
    private const double Content = Width - 2 * Margin;
    private const double CellGap = 10, RowGap = 6, LineGap = 1.32;

    private const string Lacking = "\uFFFD stands for a letter that the machine which wrote this has no font for.";

    private static readonly PdfFont Largest = new(IsBold: true, 19), Large = new(IsBold: true, 11.5);
    private static readonly PdfFont Words = new(IsBold: false, 9.2), Strong = new(IsBold: true, 9.2);
    private static readonly PdfFont Small = new(IsBold: false, 8);
    private static readonly PdfColour Ink = new(0x17, 0x21, 0x1d), Soft = new(0x56, 0x62, 0x5c);
    private static readonly PdfColour Pale = new(0xdd, 0xdc, 0xd3);

    // Drawn only at the end, when the number of pages is known, since that is on each of them.
    private readonly List<Action<PdfFile>> _steps = [];
    private readonly PdfFonts _fonts;
    private readonly string _title, _language, _foot;
    private readonly DateTimeOffset _made;
    private int _pageCount;
    private double _y;
    private bool _lacksLetters;

    /// <param name="title">The document's title, for readers and for those who cannot see.</param>
    /// <param name="language">As RFC 5646 has it, such as <c>en</c>.</param>
    /// <param name="foot">At the foot of every page, beside its number.</param>
    /// <param name="made">When what it says was settled, so that the same document is the same file.</param>
    public PdfPages(string title, string language, string foot, DateTimeOffset made)
        : this(title, language, foot, made, PdfFonts.Installed)
    {
    }

    internal PdfPages(string title, string language, string foot, DateTimeOffset made, PdfFonts fonts)
    {
        (_title, _language, _foot, _made, _fonts) = (title, language, foot, made, fonts);
        Turn();
    }

    public void Title(string words) => Lines("H1", words, Largest, Ink, after: 6);

    /// <summary>A heading; it is not left alone at a page's end.</summary>
    public void Heading(string words)
    {
        _y += 12;
        Need(70);
        Lines("H2", words, Large, Ink, after: 5);
    }

    /// <summary>Words, broken at the margin; line breaks in them stay.</summary>
    public void Paragraph(string words, bool isSoft = false)
    {
        foreach (var part in words.Split('\n')) Lines("P", part, Words, isSoft ? Soft : Ink, after: 4);
    }

    /// <summary>Keys in a column, values beside them.</summary>
    public void Rows(IReadOnlyList<(string Key, string Value)> rows)
    {
        const double keys = 120;
        _steps.Add(file => file.BeginGroup("Table"));
        foreach (var (key, value) in rows)
        {
            var lines = Wrap(value, Words, Content - keys);
            Need(lines.Count * Step(Words) + 2);
            _steps.Add(file => file.BeginGroup("TR"));
            _steps.Add(file => file.Begin("TH", "Row"));
            Draw(key, Words, Soft, (Margin, _y + Words.Size));
            _steps.Add(file => file.End());
            _steps.Add(file => file.Begin("TD"));
            foreach (var line in lines) Write(line, Words, Ink, Margin + keys);
            _steps.Add(file => file.End());
            _steps.Add(file => file.End());
            _y += 2;
        }

        _steps.Add(file => file.End());
    }

    /// <summary>A table; its header is repeated on every page.</summary>
    /// <exception cref="ArgumentException">A row has more or fewer cells than there are columns: a bug.</exception>
    public void Table(IReadOnlyList<PdfColumn> columns, IReadOnlyList<PdfRow> rows)
    {
        if (rows.Any(row => row.Cells.Count != columns.Count)) throw new ArgumentException("A row has other cells.");
        Need(60);
        _steps.Add(file => file.BeginGroup("Table"));
        Header(columns, isRepeat: false);
        foreach (var row in rows)
        {
            var font = row.IsTotal ? Strong : Words;
            var cells = row.Cells.Select((cell, i) => columns[i].IsFigure
                ? [cell] : Wrap(cell, font, WidthOf(columns, i) - CellGap)).ToList();
            var height = cells.Max(c => c.Count) * Step(font) + RowGap;
            if (_y + height > Height - Margin - Foot)
            {
                Turn();
                Header(columns, isRepeat: true);
            }

            Rule(row.IsTotal ? Ink : Pale);
            _steps.Add(file => file.BeginGroup("TR"));
            Cells(columns, cells, font, Ink, isHeader: false);
            _steps.Add(file => file.End());
            _y += height;
        }

        _steps.Add(file => file.End());
        _y += 4;
    }

    /// <summary>The document, with its pages numbered. Once.</summary>
    public byte[] ToArray()
    {
        using var file = new PdfFile(_fonts, Width, Height, _language);
        if (_lacksLetters) Paragraph(Lacking, isSoft: true);
        EndPage();
        foreach (var step in _steps) step(file);
        return file.ToArray(_title, _made);
    }

    // Its repeats must not be read aloud: whoever listens has already heard it.
    private void Header(IReadOnlyList<PdfColumn> columns, bool isRepeat)
    {
        var cells = columns.Select((c, i) => Wrap(c.Header, Small, WidthOf(columns, i) - CellGap)).ToList();
        _steps.Add(file =>
        {
            if (isRepeat) file.BeginArtifact();
            else file.BeginGroup("TR");
        });
        Cells(columns, cells, Small, Soft, isHeader: !isRepeat, isArtifact: isRepeat);
        _steps.Add(file => file.End());
        _y += cells.Max(c => c.Count) * Step(Small) + RowGap;
    }

    private void Cells(
        IReadOnlyList<PdfColumn> columns, List<List<string>> cells, PdfFont font, PdfColour colour, bool isHeader,
        bool isArtifact = false)
    {
        var left = Margin;
        for (var i = 0; i < columns.Count; i++)
        {
            var width = WidthOf(columns, i);
            if (!isArtifact) _steps.Add(file => file.Begin(isHeader ? "TH" : "TD", isHeader ? "Column" : null));
            for (var n = 0; n < cells[i].Count; n++)
            {
                var wide = Measure(cells[i][n].TrimEnd(' '), font); // a line that was broken ends in a blank
                var at = columns[i].IsFigure ? left + width - GapAfter(columns, i) - wide : left;
                Draw(cells[i][n], font, colour, (at, _y + 3 + font.Size + n * Step(font)));
            }

            if (!isArtifact) _steps.Add(file => file.End());
            left += width;
        }
    }

    private void Lines(string tag, string words, PdfFont font, PdfColour colour, double after)
    {
        var lines = Wrap(words, font, Content);
        Need(Step(font));
        _steps.Add(file => file.Begin(tag));
        foreach (var line in lines)
        {
            Need(Step(font));
            Write(line, font, colour, Margin);
        }

        _steps.Add(file => file.End());
        _y += after;
    }

    private void Write(string line, PdfFont font, PdfColour colour, double left)
    {
        Draw(line, font, colour, (left, _y + font.Size));
        _y += Step(font);
    }

    private void Draw(string text, PdfFont font, PdfColour colour, (double X, double Y) at)
    {
        _lacksLetters |= _fonts.Split(text, font.IsBold).Any(run => run.Meant is not null);
        _steps.Add(file => file.Text(font, colour, at, text));
    }

    private void Need(double height)
    {
        if (_y + height > Height - Margin - Foot) Turn();
    }

    private void Turn()
    {
        if (_pageCount > 0) EndPage();
        _pageCount++;
        _steps.Add(file => file.AddPage());
        _y = Margin;
    }

    private void EndPage()
    {
        var page = _pageCount;
        _steps.Add(file =>
        {
            var number = string.Create(CultureInfo.InvariantCulture, $"Page {page} of {_pageCount}");
            file.BeginArtifact();
            file.Line(Pale, 0.7, (Margin, Width - Margin), Height - Margin - 14);
            file.Text(Small, Soft, (Margin, Height - Margin), _foot);
            file.Text(Small, Soft, (Width - Margin - Measure(number, Small), Height - Margin), number);
            file.End();
        });
    }

    private void Rule(PdfColour colour)
    {
        var at = _y;
        _steps.Add(file =>
        {
            file.BeginArtifact();
            file.Line(colour, 0.7, (Margin, Width - Margin), at);
            file.End();
        });
    }

    // At blanks, which stay at the line's end, since those who listen hear no line break; a word that is wider than
    // the line is cut where it must be.
    private List<string> Wrap(string words, PdfFont font, double width)
    {
        var (lines, line, room) = (new List<string>(), new StringBuilder(), width);
        foreach (var word in words.Split(' '))
        {
            var wide = Measure(line.Length == 0 ? word : " " + word, font);
            if (line.Length > 0 && wide > room)
            {
                lines.Add(line.Append(' ').ToString());
                line.Clear();
                (room, wide) = (width, Measure(word, font));
            }

            if (line.Length > 0) line.Append(' ');
            var rest = wide > room ? Cut(word, font, width, lines) : word;
            line.Append(rest);
            room -= rest == word ? wide : Measure(rest, font);
        }

        lines.Add(line.ToString());
        return lines;
    }

    private string Cut(string word, PdfFont font, double width, List<string> lines)
    {
        var (line, room) = (new StringBuilder(), width);
        foreach (var letter in word.EnumerateRunes())
        {
            var wide = Measure(letter.ToString(), font);
            if (line.Length > 0 && wide > room)
            {
                lines.Add(line.ToString());
                line.Clear();
                room = width;
            }

            line.Append(letter);
            room -= wide;
        }

        return line.ToString();
    }

    private double Measure(string text, PdfFont font) => _fonts.WidthOf(text, font.IsBold) * font.Size / 1_000;

    private static double WidthOf(IReadOnlyList<PdfColumn> columns, int i) =>
        Content * columns[i].Share / columns.Sum(c => c.Share);

    private static double GapAfter(IReadOnlyList<PdfColumn> columns, int i) =>
        i + 1 < columns.Count && !columns[i + 1].IsFigure ? CellGap : 0;

    private static double Step(PdfFont font) => font.Size * LineGap;
}
