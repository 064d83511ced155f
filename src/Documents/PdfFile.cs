using System.Globalization;
using System.Text;

namespace Guerdon.Documents;

/// <summary>A colour, each part 0 to 255.</summary>
internal readonly record struct PdfColour(byte Red, byte Green, byte Blue);

/// <summary>A typeface at a size in points.</summary>
internal readonly record struct PdfFont(TrueTypeFont Face, double Size)
{
    /// <summary>Points that a text is wide.</summary>
    public double WidthOf(string text) => Face.WidthOf(text) * Size / 1_000;
}

/// <summary>
/// Writes PDF 1.7 (ISO 32000-1): pages of text and lines, with the fonts inside as far as they are used, so that it
/// looks the same everywhere, and with the letters of each glyph, so that it can be searched, copied and read aloud.
/// The same calls make the same bytes.
/// </summary>
internal sealed class PdfFile(double width, double height)
{
    private const int Catalog = 1, PageTree = 2, Info = 3, FirstFont = 4, ObjectsPerFont = 5;

    private readonly List<StringBuilder> pages = [];
    private readonly List<(TrueTypeFont Face, SortedDictionary<ushort, Rune> Used)> fonts = [];

    public int PageCount => pages.Count;

    public void AddPage() => pages.Add(new StringBuilder());

    /// <summary>Draws a text; lengths are points from the page's upper left corner to the text's base line.</summary>
    public void Text(int page, PdfFont font, PdfColour colour, (double X, double Y) at, string text)
    {
        var number = fonts.FindIndex(f => f.Face == font.Face);
        if (number < 0)
        {
            number = fonts.Count;
            fonts.Add((font.Face, []));
        }

        var glyphs = new StringBuilder();
        foreach (var letter in text.EnumerateRunes())
        {
            var glyph = font.Face.GlyphOf(letter);
            fonts[number].Used.TryAdd(glyph, glyph == 0 ? Rune.ReplacementChar : letter);
            glyphs.Append(CultureInfo.InvariantCulture, $"{glyph:X4}");
        }

        pages[page].Append(CultureInfo.InvariantCulture,
            $"BT {Fill(colour)} rg /F{number} {N(font.Size)} Tf {N(at.X)} {N(height - at.Y)} Td <{glyphs}> Tj ET\n");
    }

    /// <summary>Draws a level line.</summary>
    public void Line(int page, PdfColour colour, double thick, (double From, double To) x, double y) =>
        pages[page].Append(CultureInfo.InvariantCulture,
            $"{Fill(colour)} RG {N(thick)} w {N(x.From)} {N(height - y)} m {N(x.To)} {N(height - y)} l S\n");

    /// <summary>The whole file.</summary>
    /// <param name="title">Shown by readers in place of the file's name.</param>
    /// <param name="language">As RFC 5646 has it.</param>
    /// <param name="made">When what it says was settled.</param>
    public byte[] ToArray(string title, string language, DateTimeOffset made)
    {
        using var file = new PdfObjects();
        var firstPage = FirstFont + ObjectsPerFont * fonts.Count;
        file.Object(Catalog, $"<</Type/Catalog/Pages {PageTree} 0 R/Lang({language})"
            + "/ViewerPreferences<</DisplayDocTitle true>>>>");
        var kids = string.Join(' ', pages.Select((_, i) => $"{firstPage + 2 * i} 0 R"));
        file.Object(PageTree, $"<</Type/Pages/Count {pages.Count}/Kids[{kids}]>>");
        file.Object(Info, string.Create(CultureInfo.InvariantCulture,
            $"<</Title {Words(title)}/Creator(Guerdon)/CreationDate(D:{made.UtcDateTime:yyyyMMddHHmmss}Z)>>"));
        for (var i = 0; i < fonts.Count; i++) Font(file, FirstFont + ObjectsPerFont * i, fonts[i].Face, fonts[i].Used);
        var faces = string.Concat(fonts.Select((_, i) => $"/F{i} {FirstFont + ObjectsPerFont * i} 0 R"));
        for (var i = 0; i < pages.Count; i++)
        {
            file.Object(firstPage + 2 * i, $"<</Type/Page/Parent {PageTree} 0 R/MediaBox[0 0 {N(width)} {N(height)}]"
                + $"/Resources<</Font<<{faces}>>>>/Contents {firstPage + 2 * i + 1} 0 R>>");
            file.Stream(firstPage + 2 * i + 1, "", Encoding.ASCII.GetBytes(pages[i].ToString()));
        }

        return file.ToArray(Catalog, Info);
    }

    // Glyphs by their own numbers, two bytes each; the last object tells the letters they stand for.
    private static void Font(PdfObjects file, int first, TrueTypeFont face, SortedDictionary<ushort, Rune> used)
    {
        var name = "STPEND+" + face.Name; // six letters and a plus mark a font that is there in part
        file.Object(first, $"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
            + $"/DescendantFonts[{first + 1} 0 R]/ToUnicode {first + 4} 0 R>>");
        var widths = string.Concat(used.Keys.Select(glyph => $"{glyph}[{face.WidthOf(glyph)}]"));
        file.Object(first + 1, $"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDToGIDMap/Identity"
            + $"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor {first + 2} 0 R"
            + $"/W[{widths}]>>");
        file.Object(first + 2, $"<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[{string.Join(' ', face.Box)}]"
            + $"/ItalicAngle 0/Ascent {face.Ascent}/Descent {face.Descent}/CapHeight {face.Ascent}/StemV 80"
            + $"/FontFile2 {first + 3} 0 R>>");
        var outlines = face.Subset(used.Keys);
        file.Stream(first + 3, $"/Length1 {outlines.Length}", outlines);
        file.Stream(first + 4, "", Encoding.ASCII.GetBytes(Letters(used)));
    }

    private static string Letters(SortedDictionary<ushort, Rune> used)
    {
        const int most = 100; // of a block, by the specification
        var text = new StringBuilder("/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            + "/CMapName /Letters def /CMapType 2 def\n1 begincodespacerange <0000> <FFFF> endcodespacerange\n");
        foreach (var block in used.Chunk(most))
        {
            text.Append(CultureInfo.InvariantCulture, $"{block.Length} beginbfchar\n");
            foreach (var (glyph, letter) in block)
                text.Append(CultureInfo.InvariantCulture, $"<{glyph:X4}> <{Hex(letter.ToString())}>\n");
            text.Append("endbfchar\n");
        }

        return text.Append("endcmap CMapName currentdict /CMap defineresource pop end end\n").ToString();
    }

    private static string Hex(string text) => Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text));

    private static string Words(string text) => $"<FEFF{Hex(text)}>";

    private static string Fill(PdfColour c) => $"{N(c.Red / 255.0)} {N(c.Green / 255.0)} {N(c.Blue / 255.0)}";

    private static string N(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}
