using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using PdfSharp.Pdf;
using PdfSharp.Pdf.Advanced;

namespace Guerdon.Documents;

/// <summary>
/// The end of a file that PDFsharp wrote, written again: its description in XMP, the table of places, the trailer.
/// PDFsharp's description has random ids and a title that is not escaped ("R&amp;D" is no XML), and nothing
/// can change it before it is written.
/// </summary>
internal static class PdfTail
{
    /// <param name="file">What PDFsharp saved, and perhaps more bytes after it.</param>
    /// <param name="document">What it saved it from.</param>
    /// <param name="title">As people see it.</param>
    /// <param name="made">When what it says was settled.</param>
    public static byte[] Rewrite(ReadOnlySpan<byte> file, PdfDocument document, string title, DateTimeOffset made)
    {
        var objects = document.Internals.GetAllObjects().Select(o => o.Reference!).OrderBy(r => r.ObjectNumber)
            .ToList();
        var description = document.Internals.Catalog.Elements.GetReference("/Metadata");
        if (description is null || description.Position != objects.Max(r => r.Position)
            || objects[^1].ObjectNumber != objects.Count)
        {
            throw new InvalidOperationException(
                "PDFsharp no longer writes the description last, or leaves gaps between the numbers of objects.");
        }

        var body = file[..(int)description.Position];
        var id = Convert.ToHexString(SHA256.HashData(body).AsSpan(0, 16)); // the same for the same document
        using var whole = new MemoryStream();
        whole.Write(body);
        var xmp = Encoding.UTF8.GetBytes(Xmp(title, made));
        Write($"{description.ObjectNumber} 0 obj\n<</Type/Metadata/Subtype/XML/Length {xmp.Length}>>\nstream\n");
        whole.Write(xmp);
        Write("\nendstream\nendobj\n");
        var table = whole.Length;
        Write($"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n");
        foreach (var place in objects)
            Write($"{place.Position.ToString("D10", CultureInfo.InvariantCulture)} 00000 n \n");
        Write($"trailer\n<</Size {objects.Count + 1}/Root {Number(document.Internals.Catalog)} 0 R"
            + $"/Info {Number(document.Info)} 0 R/ID[<{id}><{id}>]>>\nstartxref\n{table}\n%%EOF\n");
        return whole.ToArray();

        void Write(string text) => whole.Write(Encoding.ASCII.GetBytes(text));
    }

    private static int Number(PdfObject some) => PdfInternals.GetObjectNumber(some);

    private static string Xmp(string title, DateTimeOffset made)
    {
        XNamespace x = "adobe:ns:meta/", rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
        XNamespace dc = "http://purl.org/dc/elements/1.1/", xmp = "http://ns.adobe.com/xap/1.0/";
        var words = new XElement(rdf + "li", new XAttribute(XNamespace.Xml + "lang", "x-default"), Plain(title));
        var about = new XElement(
            rdf + "Description", new XAttribute(rdf + "about", ""), new XAttribute(XNamespace.Xmlns + "dc", dc),
            new XAttribute(XNamespace.Xmlns + "xmp", xmp),
            new XElement(dc + "title", new XElement(rdf + "Alt", words)),
            new XElement(xmp + "CreatorTool", "Guerdon"),
            new XElement(xmp + "CreateDate", made.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", null)));
        var meta = new XElement(
            x + "xmpmeta", new XAttribute(XNamespace.Xmlns + "x", x),
            new XElement(rdf + "RDF", new XAttribute(XNamespace.Xmlns + "rdf", rdf), about));
        return "<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
            + meta.ToString(SaveOptions.DisableFormatting) + "\n<?xpacket end=\"r\"?>";
    }

    // Control characters cannot stand in XML at all.
    private static string Plain(string text) => string.Concat(text.EnumerateRunes().Select(
        r => r.IsBmp && !XmlConvert.IsXmlChar((char)r.Value) ? Rune.ReplacementChar : r));
}
