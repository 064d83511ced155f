using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text;
using PdfSharp.Drawing;
using PdfSharp.Fonts;

namespace Guerdon.Documents;

/// <summary>A font file.</summary>
/// <param name="Key">What PDFsharp knows it by.</param>
/// <param name="Name">What documents call it.</param>
/// <param name="File">Itself.</param>
internal sealed record PdfFace(string Key, string Name, FontFile File)
{
    // PDFsharp looks some of its font tables up without the lock that it fills them under, so
    // all opening is locked here.
    private static readonly Lock Opening = new();

    /// <summary>The face as PDFsharp draws it.</summary>
    public XFont Open(double size, bool isBold)
    {
        var style = isBold ? XFontStyleEx.Bold : XFontStyleEx.Regular;
        lock (Opening) return new XFont(Key, size, style, XPdfFontOptions.UnicodeDefault);
    }

    /// <summary>Thousandths of the size that a text is wide.</summary>
    public int WidthOf(string text) => text.EnumerateRunes().Sum(letter => File.WidthOf(File.GlyphOf(letter)));
}

/// <summary>A part of a text that one face draws.</summary>
/// <param name="Face">Which.</param>
/// <param name="IsBold">Drawn with thicker strokes, since the face has no bold file.</param>
/// <param name="Text">What is drawn.</param>
/// <param name="Meant">What the text says, where no face has its letters and marks stand in for them.</param>
internal sealed record PdfRun(PdfFace Face, bool IsBold, string Text, string? Meant);

/// <summary>
/// The fonts of documents. Latin, Greek and Cyrillic letters are drawn by DejaVu Sans Condensed, which Guerdon carries
/// (Documents/Fonts), so that a machine without fonts writes the same page; Chinese, Japanese and Korean ones by a font
/// of the system's, where there is one. A letter that none has is drawn as �, and said in full to screen readers.
/// </summary>
internal sealed class PdfFonts
{
    // Debian's packages fonts-noto-cjk, fonts-wqy-zenhei, fonts-wqy-microhei. Noto's third face is the one for
    // simplified Chinese; any would do, since all its faces have the letters of all three languages.
    private static readonly (string Path, int Face)[] Known =
    [
        ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
        ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
        ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ];

    private static readonly Resolver Faces = new();
    private static readonly PdfFace Regular = Carried("DejaVuSansCondensed");
    private static readonly PdfFace Strong = Carried("DejaVuSansCondensed-Bold");

    private readonly Lazy<PdfFace?> _eastAsian;

    static PdfFonts() => GlobalFontSettings.FontResolver = Faces;

    private PdfFonts(Lazy<PdfFace?> eastAsian) => _eastAsian = eastAsian;

    /// <summary>With what this machine has; it is read when a letter first needs it, and stays in memory.</summary>
    public static PdfFonts Installed { get; } = With(Known);

    /// <summary>With the first of these files that can be read.</summary>
    public static PdfFonts With(params (string Path, int Face)[] files) => new(new(() => FirstOf(files)));

    /// <summary>Thousandths of the size that a text is wide.</summary>
    public int WidthOf(string text, bool isBold)
    {
        var width = 0;
        foreach (var letter in text.EnumerateRunes())
            if (Choose(letter, isBold) is { } next) width += next.Face.File.WidthOf(next.Face.File.GlyphOf(next.Drawn));
        return width;
    }

    /// <summary>The text, part by part as faces draw it.</summary>
    public IReadOnlyList<PdfRun> Split(string text, bool isBold)
    {
        var runs = new List<PdfRun>();
        var (drawn, meant) = (new StringBuilder(), new StringBuilder());
        (PdfFace Face, bool IsReplaced)? current = null;
        foreach (var letter in text.EnumerateRunes())
        {
            if (Choose(letter, isBold) is not { } next) continue;
            if (current is { } before && before != (next.Face, next.IsReplaced)) End(before);
            current = (next.Face, next.IsReplaced);
            drawn.Append(next.Drawn);
            meant.Append(letter);
        }

        if (current is { } last) End(last);
        return runs;

        void End((PdfFace Face, bool IsReplaced) run)
        {
            runs.Add(new(
                run.Face, isBold && run.Face != Strong, drawn.ToString(), run.IsReplaced ? meant.ToString() : null));
            drawn.Clear();
            meant.Clear();
        }
    }

    private (PdfFace Face, Rune Drawn, bool IsReplaced)? Choose(Rune letter, bool isBold)
    {
        var own = isBold ? Strong : Regular;
        if (own.File.GlyphOf(letter) != 0) return (own, letter, false);
        if (Rune.IsWhiteSpace(letter)) return (own, new Rune(' '), false);
        if (_eastAsian.Value is { } other && other.File.GlyphOf(letter) != 0) return (other, letter, false);
        return IsUnseen(letter) ? null : (own, Rune.ReplacementChar, true);
    }

    // Directions, joiners, choices among a letter's forms: they must not be drawn as missing, since they
    // draw nothing themselves.
    private static bool IsUnseen(Rune letter) =>
        Rune.GetUnicodeCategory(letter) == UnicodeCategory.Format || letter.Value is >= 0xFE00 and <= 0xFE0F
            or >= 0xE0100 and <= 0xE01EF;

    private static PdfFace Carried(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"fonts/{name}.ttf")
            ?? throw new FileNotFoundException($"No embedded font {name}.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Faces.Add(name, new FontFile(bytes, 0));
    }

    // What is missing or broken is passed over, since a page with marks in place of a name is better than none. On a
    // broken font PDFsharp throws whatever it runs into, null references too.
    private static PdfFace? FirstOf((string Path, int Face)[] files)
    {
        foreach (var (path, face) in files)
        {
            try
            {
                if (!File.Exists(path)) continue;
                var name = Path.GetFileNameWithoutExtension(path);
                var found = Faces.Add(name, new FontFile(File.ReadAllBytes(path), face));
                _ = found.Open(10, isBold: false);
                return found;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
            }
        }

        return null;
    }

    // PDFsharp asks only one object per process, and keeps its answers for good. It asks under its own lock.
    private sealed class Resolver : IFontResolver
    {
        private readonly ConcurrentDictionary<string, PdfFace> _faces = [];
        private int _count;

        public PdfFace Add(string name, FontFile file)
        {
            var face = new PdfFace($"Face{Interlocked.Increment(ref _count)}", name, file);
            return _faces[face.Key] = face;
        }

        public FontResolverInfo? ResolveTypeface(string familyName, bool bold, bool italic) =>
            _faces.ContainsKey(familyName) ? new(familyName, mustSimulateBold: bold, mustSimulateItalic: false) : null;

        public byte[]? GetFont(string faceName) =>
            _faces.TryGetValue(faceName, out var face) ? face.File.Metrics(faceName) : null;
    }
}
