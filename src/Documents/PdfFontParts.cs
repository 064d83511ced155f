using System.Globalization;
using System.IO.Compression;
using System.Text;
using PdfSharp.Pdf;

namespace Guerdon.Documents;

/// <summary>
/// What a document needs of its fonts: the outlines of the glyphs that it draws, and the letters that each stands
/// for. It puts them in the place of PDFsharp's, which lack parts of letters, write letters past U+FFFF wrongly,
/// and have random names.
/// </summary>
internal sealed class PdfFontParts
{
    private readonly Dictionary<PdfFace, SortedDictionary<ushort, Rune>> _used = [];

    /// <summary>Notes what is drawn. Where letters share a glyph, the first is the one that copying gives.</summary>
    public void Note(PdfRun run)
    {
        if (!_used.TryGetValue(run.Face, out var glyphs)) _used[run.Face] = glyphs = [];
        foreach (var letter in run.Text.EnumerateRunes()) glyphs.TryAdd(run.Face.File.GlyphOf(letter), letter);
    }

    /// <summary>Before the document is saved, and after the last text was drawn.</summary>
    public void Embed(PdfDocument document)
    {
        var embedded = new Dictionary<string, (string Name, PdfDictionary Descriptor, PdfDictionary Letters)>();
        var fonts = document.Internals.GetAllObjects().OfType<PdfDictionary>()
            .Where(d => d.Elements.GetName("/Subtype") == "/Type0").ToList();
        foreach (var font in fonts)
        {
            var inner = (PdfDictionary)font.Elements.GetArray("/DescendantFonts")!.Elements.GetObject(0)!;
            // The names have to be told apart: six letters and a plus mark a subset, and after a
            // comma comes how it is drawn.
            var face = font.Elements.GetName("/BaseFont").Split('+', ',')[1];
            if (!embedded.TryGetValue(face, out var part))
            {
                var (drawn, glyphs) = _used.Single(u => u.Key.Key == face);
                part.Name = $"/GUERD{(char)('A' + embedded.Count)}+{drawn.Name}";
                part.Letters = Stream(document, Encoding.ASCII.GetBytes(Letters(glyphs)));
                part.Descriptor = Descriptor(document, inner, part.Name, drawn.File.Subset(glyphs.Keys));
                embedded[face] = part;
            }

            font.Elements.SetName("/BaseFont", part.Name);
            font.Elements.SetReference("/ToUnicode", part.Letters);
            inner.Elements.SetName("/BaseFont", part.Name);
            inner.Elements.SetReference("/FontDescriptor", part.Descriptor);
        }
    }

    private static PdfDictionary Descriptor(PdfDocument document, PdfDictionary font, string name, byte[] outlines)
    {
        var (given, made) = (font.Elements.GetDictionary("/FontDescriptor")!, new PdfDictionary(document));
        foreach (var (key, value) in given.Elements)
            if (value is not null) made.Elements[key] = value.Clone();
        made.Elements.SetName("/FontName", name);
        var file = Stream(document, outlines);
        file.Elements.SetInteger("/Length1", outlines.Length);
        document.Internals.AddObject(made);
        made.Elements.SetReference("/FontFile2", file);
        return made;
    }

    private static PdfDictionary Stream(PdfDocument document, byte[] bytes)
    {
        var made = new PdfDictionary(document);
        document.Internals.AddObject(made);
        made.CreateStream(bytes);
        Pack(made);
        return made;
    }

    /// <summary>Packs an object's bytes. PDFsharp would leave out the checksum at their end, which some readers miss.
    /// </summary>
    public static void Pack(PdfDictionary some)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(some.Stream.Value);
        some.Stream.Value = packed.ToArray();
        some.Elements.SetInteger("/Length", some.Stream.Length);
        some.Elements.SetName("/Filter", "/FlateDecode");
    }

    private static string Letters(SortedDictionary<ushort, Rune> used)
    {
        const int most = 100; // of a block, by the specification
        var text = new StringBuilder("/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            + "/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def\n"
            + "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
            + "1 begincodespacerange <0000> <FFFF> endcodespacerange\n");
        foreach (var block in used.Chunk(most))
        {
            text.Append(CultureInfo.InvariantCulture, $"{block.Length} beginbfchar\n");
            foreach (var (glyph, letter) in block)
                text.Append(CultureInfo.InvariantCulture, $"<{glyph:X4}> <{Hex(letter)}>\n");
            text.Append("endbfchar\n");
        }

        return text.Append("endcmap CMapName currentdict /CMap defineresource pop end end\n").ToString();
    }

    private static string Hex(Rune letter) =>
        Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(letter.ToString()));
}
