using System.Buffers.Binary;
using System.Reflection;
using System.Text;

namespace Guerdon.Documents;

/// <summary>
/// A font that Guerdon carries (Documents/Fonts), so that a machine without any writes the same page: which glyph a
/// letter has, how wide it is, and the part of the file that a document needs. Reads the tables of the OpenType
/// specification that this takes, and trusts them: the files are our own.
/// </summary>
internal sealed class TrueTypeFont
{
    /// <summary>For words.</summary>
    public static readonly TrueTypeFont Regular = Load("DejaVuSansCondensed");

    /// <summary>For headings and totals.</summary>
    public static readonly TrueTypeFont Bold = Load("DejaVuSansCondensed-Bold");

    // What drawing needs; letters are found by glyph numbers, so the table of letters stays out.
    private static readonly string[] Drawn =
        ["cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep"];

    private readonly byte[] file;
    private readonly Dictionary<string, (int At, int Length)> tables = [];
    private readonly Dictionary<int, ushort> glyphs = [];
    private readonly int unitsPerEm, widths;

    private TrueTypeFont(string name, byte[] file)
    {
        (Name, this.file) = (name, file);
        for (var i = 0; i < U16(4); i++)
        {
            var entry = 12 + 16 * i;
            tables[Encoding.ASCII.GetString(file, entry, 4)] = (S32(entry + 8), S32(entry + 12));
        }

        unitsPerEm = U16(tables["head"].At + 18);
        widths = U16(tables["hhea"].At + 34);
        Ascent = Thousandths(S16(tables["hhea"].At + 4));
        Descent = Thousandths(S16(tables["hhea"].At + 6));
        Box = [.. Enumerable.Range(0, 4).Select(i => Thousandths(S16(tables["head"].At + 36 + 2 * i)))];
        ReadLetters();
    }

    /// <summary>As PostScript has it.</summary>
    public string Name { get; }

    /// <summary>Thousandths of the font's size, as are all lengths here.</summary>
    public int Ascent { get; }

    public int Descent { get; }

    /// <summary>Left, bottom, right and top of all glyphs together.</summary>
    public IReadOnlyList<int> Box { get; }

    /// <summary>The glyph of a letter; 0, an empty box, where there is none.</summary>
    public ushort GlyphOf(Rune letter) => glyphs.GetValueOrDefault(letter.Value);

    public int WidthOf(ushort glyph) =>
        Thousandths(U16(tables["hmtx"].At + 4 * Math.Min(glyph, widths - 1)));

    /// <summary>Thousandths of the size that a text is wide.</summary>
    public int WidthOf(string text) => text.EnumerateRunes().Sum(letter => WidthOf(GlyphOf(letter)));

    /// <summary>A font file with the outlines of these glyphs alone, under their own numbers.</summary>
    public byte[] Subset(IEnumerable<ushort> used)
    {
        var kept = new SortedSet<int> { 0 };
        foreach (var glyph in used) Keep(glyph, kept);
        var count = U16(tables["maxp"].At + 4);
        var (outlines, places) = (new MemoryStream(), new byte[4 * (count + 1)]);
        for (var glyph = 0; glyph <= count; glyph++)
        {
            BinaryPrimitives.WriteInt32BigEndian(places.AsSpan(4 * glyph), (int)outlines.Length);
            if (glyph == count || !kept.Contains(glyph)) continue;
            outlines.Write(Outline(glyph));
            while (outlines.Length % 4 != 0) outlines.WriteByte(0);
        }

        var head = Table("head").ToArray();
        head.AsSpan(8, 4).Clear(); // the sum over the whole file, which nobody checks in a document
        BinaryPrimitives.WriteInt16BigEndian(head.AsSpan(50), 1); // places in four bytes each
        return Assemble([.. Drawn.Where(tables.ContainsKey).Select(tag => (tag, tag switch
        {
            "glyf" => outlines.ToArray(),
            "loca" => places,
            "head" => head,
            _ => Table(tag).ToArray(),
        }))]);
    }

    // An accented letter is often made of others.
    private void Keep(int glyph, SortedSet<int> kept)
    {
        const int wordArguments = 1, oneScale = 8, more = 32, twoScales = 64, fourScales = 128;
        if (!kept.Add(glyph)) return;
        var outline = Outline(glyph);
        if (outline.Length == 0 || BinaryPrimitives.ReadInt16BigEndian(outline) >= 0) return;
        for (var (at, flags) = (10, more); (flags & more) != 0;)
        {
            flags = BinaryPrimitives.ReadUInt16BigEndian(outline[at..]);
            Keep(BinaryPrimitives.ReadUInt16BigEndian(outline[(at + 2)..]), kept);
            at += 4 + ((flags & wordArguments) != 0 ? 4 : 2)
                + ((flags & oneScale) != 0 ? 2 : (flags & twoScales) != 0 ? 4 : (flags & fourScales) != 0 ? 8 : 0);
        }
    }

    private ReadOnlySpan<byte> Outline(int glyph)
    {
        var isLong = U16(tables["head"].At + 50) == 1;
        int Place(int g) => isLong ? S32(tables["loca"].At + 4 * g) : 2 * U16(tables["loca"].At + 2 * g);
        return file.AsSpan(tables["glyf"].At + Place(glyph), Place(glyph + 1) - Place(glyph));
    }

    // Format 12 of the character map: runs of letters with runs of glyphs.
    private void ReadLetters()
    {
        const int windows = 3, allOfUnicode = 10;
        var map = tables["cmap"].At;
        var at = Enumerable.Range(0, U16(map + 2)).Select(i => map + 4 + 8 * i)
            .First(e => U16(e) == windows && U16(e + 2) == allOfUnicode);
        var table = map + S32(at + 4);
        for (var run = table + 16; run < table + 16 + 12 * S32(table + 12); run += 12)
            for (var letter = S32(run); letter <= S32(run + 4); letter++)
                glyphs[letter] = (ushort)(S32(run + 8) + letter - S32(run));
    }

    private static byte[] Assemble(IReadOnlyList<(string Tag, byte[] Bytes)> parts)
    {
        var folder = 12 + 16 * parts.Count;
        var made = new byte[folder + parts.Sum(p => (p.Bytes.Length + 3) / 4 * 4)];
        BinaryPrimitives.WriteInt32BigEndian(made, 0x00010000);
        BinaryPrimitives.WriteInt16BigEndian(made.AsSpan(4), (short)parts.Count);
        var at = folder;
        for (var i = 0; i < parts.Count; i++)
        {
            var entry = made.AsSpan(12 + 16 * i, 16);
            Encoding.ASCII.GetBytes(parts[i].Tag, entry);
            BinaryPrimitives.WriteInt32BigEndian(entry[8..], at);
            BinaryPrimitives.WriteInt32BigEndian(entry[12..], parts[i].Bytes.Length);
            parts[i].Bytes.CopyTo(made, at);
            at += (parts[i].Bytes.Length + 3) / 4 * 4;
        }

        return made;
    }

    private static TrueTypeFont Load(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"fonts/{name}.ttf")
            ?? throw new FileNotFoundException($"No embedded font {name}.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new TrueTypeFont(name, bytes);
    }

    private ReadOnlySpan<byte> Table(string tag) => file.AsSpan(tables[tag].At, tables[tag].Length);
    private int Thousandths(int units) => units * 1_000 / unitsPerEm;
    private int U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at));
    private int S16(int at) => BinaryPrimitives.ReadInt16BigEndian(file.AsSpan(at));
    private int S32(int at) => BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
}
