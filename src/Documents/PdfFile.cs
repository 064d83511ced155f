using PdfSharp.Drawing;
using PdfSharp.Pdf;
using PdfSharp.Pdf.Advanced;
using PdfSharp.UniversalAccessibility;

namespace Guerdon.Documents;

/// <summary>A colour, each part 0 to 255.</summary>
internal readonly record struct PdfColour(byte Red, byte Green, byte Blue);

/// <summary>A weight at a size in points.</summary>
internal readonly record struct PdfFont(bool IsBold, double Size);

/// <summary>
/// A PDF 1.7 (ISO 32000-1) by PDFsharp, written from the first page to the last: text and lines, tagged with what they
/// are, with the fonts inside as far as they are used, so that it looks the same everywhere, and with the letters of
/// each glyph, so that it can be searched, copied and read aloud. The same calls make the same bytes.
/// </summary>
internal sealed class PdfFile : IDisposable
{
    private readonly PdfDocument _document = new();
    private readonly StructureBuilder _tags;
    private readonly PdfFonts _fonts;
    private readonly PdfFontParts _parts = new();
    private readonly Dictionary<(PdfFace Face, bool IsBold, double Size), XFont> _faces = [];
    private readonly double _width, _height;
    private XGraphics? _page;
    private bool _isArtifact;

    public PdfFile(PdfFonts fonts, double width, double height, string language)
    {
        (_fonts, _width, _height) = (fonts, width, height);
        _document.Options.NoCompression = true; // what stays in the file is packed by PdfFontParts
        _document.Options.CompressContentStreams = false;
        var manager = UAManager.ForDocument(_document);
        manager.SetDocumentLanguage(language);
        _tags = manager.StructureBuilder;
    }

    public void AddPage()
    {
        _tags.EndMarkedContentsWithId();
        _page?.Dispose();
        var added = _document.AddPage();
        (added.Width, added.Height) = (XUnit.FromPoint(_width), XUnit.FromPoint(_height));
        _page = XGraphics.FromPdfPage(added);
    }

    /// <summary>Begins what holds other elements: <c>Table</c>, <c>TR</c>.</summary>
    public void BeginGroup(string tag) => _tags.BeginGroupingElement(tag);

    /// <summary>Begins what holds text: <c>H1</c>, <c>P</c>, <c>TD</c>. A cell of a header says for what it is one:
    /// <c>Row</c> or <c>Column</c>.</summary>
    public void Begin(string tag, string? scope = null)
    {
        _tags.BeginBlockLevelElement(tag);
        if (scope is null) return;
        _tags.CurrentStructureElement.TableAttributes.Elements.SetName("/Scope", "/" + scope);
    }

    /// <summary>Begins what is for the eye alone: rules, a header's repeats, the foot of a page. Nothing begins in it.
    /// </summary>
    public void BeginArtifact()
    {
        _isArtifact = true;
        _tags.BeginArtifact();
    }

    public void End()
    {
        _isArtifact = false;
        _tags.End();
    }

    /// <summary>Draws a text; lengths are points from the page's upper left corner to the text's base line.</summary>
    public void Text(PdfFont font, PdfColour colour, (double X, double Y) at, string text)
    {
        var brush = new XSolidBrush(XColor.FromArgb(colour.Red, colour.Green, colour.Blue));
        foreach (var run in _fonts.Split(text, font.IsBold))
        {
            _parts.Note(run);
            var meant = _isArtifact ? null : run.Meant; // an artifact is not read aloud
            if (meant is not null)
            {
                _tags.BeginElement(PdfInlineLevelElementTag.Span);
                _tags.CurrentStructureElement.Elements.SetString("/ActualText", meant);
            }

            _page!.DrawString(run.Text, FontOf(run, font.Size), brush, at.X, at.Y);
            if (meant is not null) _tags.End();
            at.X += run.Face.WidthOf(run.Text) * font.Size / 1_000;
        }
    }

    /// <summary>Draws a level line.</summary>
    public void Line(PdfColour colour, double thick, (double From, double To) x, double y) => _page!.DrawLine(
        new XPen(XColor.FromArgb(colour.Red, colour.Green, colour.Blue), thick), x.From, y, x.To, y);

    /// <summary>The whole file. Once.</summary>
    /// <param name="title">Shown by readers in place of the file's name.</param>
    /// <param name="made">When what it says was settled.</param>
    public byte[] ToArray(string title, DateTimeOffset made)
    {
        _page?.Dispose();
        _document.Info.Title = title;
        _document.Info.Creator = "Guerdon";
        _document.Info.CreationDate = made.UtcDateTime;
        _parts.Embed(_document);
        foreach (var written in _document.Pages.Cast<PdfPage>())
            foreach (var content in written.Contents.Elements.OfType<PdfReference>())
                PdfFontParts.Pack((PdfDictionary)content.Value);
        using var stream = new MemoryStream();
        _document.Save(stream);
        return PdfTail.Rewrite(stream.GetBuffer(), _document, title, made);
    }

    public void Dispose()
    {
        _page?.Dispose();
        _document.Dispose();
    }

    private XFont FontOf(PdfRun run, double size)
    {
        if (_faces.TryGetValue((run.Face, run.IsBold, size), out var font)) return font;
        return _faces[(run.Face, run.IsBold, size)] = run.Face.Open(size, run.IsBold);
    }
}
