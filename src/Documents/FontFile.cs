using System.Buffers.Binary;
using System.Text;

namespace Guerdon.Documents;

/// <summary>
/// One face of a TrueType or OpenType file, or of a collection of them: which glyph a letter has, how wide it is, and
/// the files that a document needs. PDFsharp reads neither collections nor outlines in CFF, and leaves out the parts of
/// a letter whose parts have parts (š and ё in DejaVu), so it is given <see cref="Metrics"/>, and documents get
/// <see cref="Subset"/>. Tables are those of the OpenType specification.
/// </summary>
internal sealed class FontFile
{
    // Only what drawing needs: letters are found by glyph numbers, so the table of letters stays out.
    private static readonly string[] Drawn = ["cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep"];

    // All that PDFsharp reads. Outlines and hints stay out, since documents get those of their subset instead.
    private static readonly string[] Measured =
        ["OS/2", "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "post"];

    private readonly byte[] _file;
    private readonly Dictionary<string, (int At, int Length)> _tables = [];
    private readonly Dictionary<int, ushort> _glyphs = [];
    private readonly CffOutlines? _cff;
    private readonly int _count, _unitsPerEm, _widths;

    /// <param name="file">The bytes, used as they are.</param>
    /// <param name="face">Which of a collection.</param>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public FontFile(byte[] file, int face)
    {
        _file = file;
        try
        {
            ReadTables(TagAt(0) == "ttcf" ? S32(12 + 4 * face) : 0);
            _count = U16(_tables["maxp"].At + 4);
            _unitsPerEm = U16(_tables["head"].At + 18);
            _widths = U16(_tables["hhea"].At + 34);
            ReadLetters();
            if (_tables.TryGetValue("CFF ", out var outlines))
                _cff = new CffOutlines(file.AsMemory(outlines.At, outlines.Length));
            Check();
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or KeyNotFoundException
            or InvalidOperationException or FormatException or OverflowException)
        {
            throw new InvalidDataException("The font cannot be read.", e);
        }
    }

    /// <summary>The glyph of a letter; 0, an empty box, where there is none.</summary>
    public ushort GlyphOf(Rune letter) => _glyphs.GetValueOrDefault(letter.Value);

    /// <summary>Thousandths of the font's size.</summary>
    public int WidthOf(ushort glyph) => U16(Advance(glyph)) * 1_000 / _unitsPerEm;

    /// <summary>A font file with letters and widths, without outlines, under a name of its own.</summary>
    public byte[] Metrics(string name) => Assemble(Measured, [], name);

    /// <summary>A TrueType file with the outlines of these glyphs alone, under their own numbers.</summary>
    public byte[] Subset(IEnumerable<ushort> used)
    {
        var kept = new SortedSet<int> { 0 };
        foreach (var glyph in used) Keep(glyph, kept);
        return Assemble(Drawn, kept, "");
    }

    private byte[] Assemble(string[] tags, SortedSet<int> kept, string name)
    {
        var (outlines, places) = (new MemoryStream(), new byte[4 * (_count + 1)]);
        for (var glyph = 0; glyph <= _count; glyph++)
        {
            BinaryPrimitives.WriteInt32BigEndian(places.AsSpan(4 * glyph), (int)outlines.Length);
            if (!kept.Contains(glyph)) continue;
            outlines.Write(Outline(glyph));
            while (outlines.Length % 4 != 0) outlines.WriteByte(0);
        }

        return Assemble([.. tags.Where(t => t is "glyf" or "loca" or "name" || _tables.ContainsKey(t))
            .Select(tag => (tag, tag switch
            {
                "glyf" => outlines.ToArray(),
                "loca" => places,
                "head" => Head(),
                "hmtx" when name.Length == 0 => WidthsOf(kept),
                "maxp" when _cff is not null => Limits(),
                "name" => Names(name),
                _ => Table(tag).ToArray(),
            }))]);
    }

    private byte[] Head()
    {
        var head = Table("head").ToArray();
        head.AsSpan(8, 4).Clear(); // the sum over the whole file, which nobody checks in a document
        BinaryPrimitives.WriteInt16BigEndian(head.AsSpan(50), 1); // places in four bytes each
        return head;
    }

    // Those of other glyphs are zero, so that they pack to nothing.
    private byte[] WidthsOf(SortedSet<int> kept)
    {
        var table = Table("hmtx").ToArray();
        for (var glyph = 0; glyph < _widths - 1; glyph++)
            if (!kept.Contains(glyph)) table.AsSpan(4 * glyph, 4).Clear();
        table.AsSpan(4 * _widths).Clear();
        return table;
    }

    // A font in CFF states no limits, so these are set above what its outlines come to.
    private byte[] Limits()
    {
        var maxp = new byte[32];
        BinaryPrimitives.WriteInt32BigEndian(maxp, 0x00010000);
        BinaryPrimitives.WriteUInt16BigEndian(maxp.AsSpan(4), (ushort)_count);
        BinaryPrimitives.WriteUInt16BigEndian(maxp.AsSpan(6), 8_192); // points
        BinaryPrimitives.WriteUInt16BigEndian(maxp.AsSpan(8), 1_024); // contours
        BinaryPrimitives.WriteUInt16BigEndian(maxp.AsSpan(14), 2); // zones
        return maxp;
    }

    // Family, style and full name only, since PDFsharp tells fonts apart by nothing else.
    private static byte[] Names(string name)
    {
        const int windows = 3, unicode = 1, english = 0x409;
        (int Id, string Words)[] entries = [(1, name), (2, "Regular"), (4, name)];
        var words = Encoding.BigEndianUnicode.GetBytes(string.Concat(entries.Select(e => e.Words)));
        var (at, begin) = (0, 6 + 12 * entries.Length);
        var table = new List<int> { 0, entries.Length, begin };
        foreach (var (id, text) in entries)
        {
            table.AddRange([windows, unicode, english, id, 2 * text.Length, at]);
            at += 2 * text.Length;
        }

        return [.. table.SelectMany(n => new[] { (byte)(n >> 8), (byte)n }), .. words];
    }

    // Letters are often put together from others, which must come along, and theirs in turn.
    private void Keep(int glyph, SortedSet<int> kept)
    {
        const int wide = 1, scaled = 8, more = 32, scaledTwice = 64, turned = 128;
        if (glyph >= _count || !kept.Add(glyph) || _cff is not null) return;
        var outline = Outline(glyph);
        if (outline.Length < 10 || BinaryPrimitives.ReadInt16BigEndian(outline) >= 0) return;
        for (int at = 10, flags = more; (flags & more) != 0 && at + 4 <= outline.Length;)
        {
            flags = BinaryPrimitives.ReadUInt16BigEndian(outline[at..]);
            Keep(BinaryPrimitives.ReadUInt16BigEndian(outline[(at + 2)..]), kept);
            at += 4 + ((flags & wide) != 0 ? 4 : 2);
            at += (flags & scaled) != 0 ? 2 : (flags & scaledTwice) != 0 ? 4 : (flags & turned) != 0 ? 8 : 0;
        }
    }

    private ReadOnlySpan<byte> Outline(int glyph)
    {
        if (_cff is not null) return _cff.Outline(glyph);
        var outlines = Table("glyf");
        var (begin, end) = (Place(glyph), Place(glyph + 1));
        return begin >= 0 && begin <= end && end <= outlines.Length ? outlines[begin..end] : [];
    }

    private int Place(int glyph)
    {
        var places = _tables["loca"].At;
        return IsLong ? S32(places + 4 * glyph) : 2 * U16(places + 2 * glyph);
    }

    private void ReadTables(int folder)
    {
        for (var i = 0; i < U16(folder + 4); i++)
        {
            var entry = folder + 12 + 16 * i;
            var (at, length) = (S32(entry + 8), S32(entry + 12));
            _ = _file.AsSpan(at, length); // all of it must be there
            _tables[TagAt(entry)] = (at, length);
        }
    }

    // So that a file that is cut off or broken is found when it is read, not when a page is drawn.
    private void Check()
    {
        foreach (var tag in Measured)
            if (_cff is null || tag is not ("glyf" or "loca")) _ = _tables[tag];
        if (_unitsPerEm == 0 || _widths == 0 || _widths > _count || _tables["hmtx"].Length < 4 * _widths
            || _tables["head"].Length < 54 || _glyphs.Values.Any(glyph => glyph >= _count)
            || (_cff is null && _tables["loca"].Length < (IsLong ? 4 : 2) * (_count + 1)))
        {
            throw new ArgumentException("Tables do not fit each other.");
        }
    }

    private void ReadLetters()
    {
        const int windows = 3, allOfUnicode = 10;
        var map = _tables["cmap"].At;
        var at = Enumerable.Range(0, U16(map + 2)).Select(i => map + 4 + 8 * i)
            .First(e => U16(e) == windows && U16(e + 2) == allOfUnicode);
        var table = map + S32(at + 4);
        for (var run = table + 16; run < table + 16 + 12 * S32(table + 12); run += 12)
        {
            var (first, last, glyph) = (S32(run), S32(run + 4), S32(run + 8));
            if (first < 0 || last > 0x10FFFF) throw new ArgumentException("Letters beyond Unicode.");
            for (var letter = first; letter <= last; letter++) _glyphs[letter] = (ushort)(glyph + letter - first);
        }
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

    private bool IsLong => S16(_tables["head"].At + 50) == 1;
    private int Advance(ushort glyph) => _tables["hmtx"].At + 4 * Math.Min(glyph, _widths - 1);
    private ReadOnlySpan<byte> Table(string tag) => _file.AsSpan(_tables[tag].At, _tables[tag].Length);
    private string TagAt(int at) => Encoding.ASCII.GetString(_file, at, 4);
    private int U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(_file.AsSpan(at));
    private int S16(int at) => BinaryPrimitives.ReadInt16BigEndian(_file.AsSpan(at));
    private int S32(int at) => BinaryPrimitives.ReadInt32BigEndian(_file.AsSpan(at));
}
