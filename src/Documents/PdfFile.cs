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
    private readonly PdfDocument document = new();
    private readonly StructureBuilder tags;
    private readonly PdfFonts fonts;
    private readonly PdfFontParts parts = new();
    private readonly Dictionary<(PdfFace Face, bool IsBold, double Size), XFont> faces = [];
    private readonly double width, height;
    private XGraphics? page;
    private bool isArtifact;

    public PdfFile(PdfFonts fonts, double width, double height, string language)
    {
        (this.fonts, this.width, this.height) = (fonts, width, height);
        document.Options.NoCompression = true; // what stays in the file is packed by PdfFontParts
        document.Options.CompressContentStreams = false;
        var manager = UAManager.ForDocument(document);
        manager.SetDocumentLanguage(language);
        tags = manager.StructureBuilder;
    }

    public void AddPage()
    {
        tags.EndMarkedContentsWithId();
        page?.Dispose();
        var added = document.AddPage();
        (added.Width, added.Height) = (XUnit.FromPoint(width), XUnit.FromPoint(height));
        page = XGraphics.FromPdfPage(added);
    }

    /// <summary>Begins what holds other elements: <c>Table</c>, <c>TR</c>.</summary>
    public void BeginGroup(string tag) => tags.BeginGroupingElement(tag);

    /// <summary>Begins what holds text: <c>H1</c>, <c>P</c>, <c>TD</c>. A cell of a header says for what it is one:
    /// <c>Row</c> or <c>Column</c>.</summary>
    public void Begin(string tag, string? scope = null)
    {
        tags.BeginBlockLevelElement(tag);
        if (scope is null) return;
        tags.CurrentStructureElement.TableAttributes.Elements.SetName("/Scope", "/" + scope);
    }

    /// <summary>Begins what is for the eye alone: rules, a header's repeats, the foot of a page. Nothing begins in it.
    /// </summary>
    public void BeginArtifact()
    {
        isArtifact = true;
        tags.BeginArtifact();
    }

    public void End()
    {
        isArtifact = false;
        tags.End();
    }

    /// <summary>Draws a text; lengths are points from the page's upper left corner to the text's base line.</summary>
    public void Text(PdfFont font, PdfColour colour, (double X, double Y) at, string text)
    {
        var brush = new XSolidBrush(XColor.FromArgb(colour.Red, colour.Green, colour.Blue));
        foreach (var run in fonts.Split(text, font.IsBold))
        {
            parts.Note(run);
            var meant = isArtifact ? null : run.Meant; // an artifact is not read aloud
            if (meant is not null)
            {
                tags.BeginElement(PdfInlineLevelElementTag.Span);
                tags.CurrentStructureElement.Elements.SetString("/ActualText", meant);
            }

            page!.DrawString(run.Text, FontOf(run, font.Size), brush, at.X, at.Y);
            if (meant is not null) tags.End();
            at.X += run.Face.WidthOf(run.Text) * font.Size / 1_000;
        }
    }

    /// <summary>Draws a level line.</summary>
    public void Line(PdfColour colour, double thick, (double From, double To) x, double y) => page!.DrawLine(
        new XPen(XColor.FromArgb(colour.Red, colour.Green, colour.Blue), thick), x.From, y, x.To, y);

    /// <summary>The whole file. Once.</summary>
    /// <param name="title">Shown by readers in place of the file's name.</param>
    /// <param name="made">When what it says was settled.</param>
    public byte[] ToArray(string title, DateTimeOffset made)
    {
        page?.Dispose();
        document.Info.Title = title;
        document.Info.Creator = "Guerdon";
        document.Info.CreationDate = made.UtcDateTime;
        parts.Embed(document);
        foreach (var written in document.Pages.Cast<PdfPage>())
            foreach (var content in written.Contents.Elements.OfType<PdfReference>())
                PdfFontParts.Pack((PdfDictionary)content.Value);
        using var stream = new MemoryStream();
        document.Save(stream);
        return PdfTail.Rewrite(stream.GetBuffer(), document, title, made);
    }

    public void Dispose()
    {
        page?.Dispose();
        document.Dispose();
    }

    private XFont FontOf(PdfRun run, double size)
    {
        if (faces.TryGetValue((run.Face, run.IsBold, size), out var font)) return font;
        return faces[(run.Face, run.IsBold, size)] = run.Face.Open(size, run.IsBold);
    }
}
