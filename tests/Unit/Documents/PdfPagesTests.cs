using Guerdon.Documents;
using Guerdon.Offers;
using Guerdon.Unit.Grants;
using Guerdon.Unit.Offers;

namespace Guerdon.Unit.Documents;

public class PdfPagesTests
{
    private static readonly DateTimeOffset Made = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Write_Offer_SaysWhatItIsWorth()
    {
        var kept = new KeptOffer(
            default, "ada-lovelace", 2, "Ada Łovelace", "Engineer", "Analytical Engines", false, new(2026, 12, 31),
            "x", Made, OfferFileTests.Good.Replace("Ada Lovelace", "Ada Łovelace Ωμέγα", StringComparison.Ordinal));
        var pdf = OfferPdf.Write(kept);
        if (Environment.GetEnvironmentVariable("GUERDON_PICTURES") is { } folder)
            File.WriteAllBytes(Path.Combine(folder, "offer.pdf"), pdf);
        var text = string.Concat(PdfText.Pages(pdf));

        foreach (var words in new[]
        {
            "Offer to Ada Łovelace Ωμέγα", "Berlin, DE, or remote", "161,600.00", "141,800.00", "Compute tokens",
            "offer ada-lovelace, version 2",
        })
        {
            Assert.Contains(words, text, StringComparison.Ordinal);
        }

        Assert.Equal("Offer: Senior engineer, Analytical Engines", PdfText.Title(pdf));
        Assert.Equal(pdf, OfferPdf.Write(kept));
        Assert.InRange(pdf.Length, 10_000, 100_000); // only the letters it needs
    }

    [Fact]
    public void Table_LongerThanAPage_RepeatsItsHeaderAndLosesNoRow()
    {
        var pages = new PdfPages("Long", "en", "foot", Made);
        pages.Table(
            [new("Name", 70), new("Figure", 30, IsFigure: true)],
            [.. Enumerable.Range(1, 150).Select(i => new PdfRow([$"row {i} " + new string('w', i), $"{i}.00"]))]);
        var texts = PdfText.Pages(pages.ToArray());

        Assert.InRange(texts.Count, 3, 10);
        for (var i = 0; i < texts.Count; i++)
        {
            Assert.StartsWith("Name\nFigure\n", texts[i], StringComparison.Ordinal);
            Assert.Contains($"Page {i + 1} of {texts.Count}", texts[i], StringComparison.Ordinal);
        }

        var figures = texts.SelectMany(t => t.Split('\n')).Where(l => l.EndsWith(".00", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(1, 150).Select(i => $"{i}.00"), figures);
    }

    [Fact]
    public void Paragraph_WordWiderThanThePage_IsCutAndKeepsItsLetters()
    {
        var pages = new PdfPages("Wide", "en", "", Made);
        pages.Paragraph(new string('m', 400));
        Assert.Equal(400, PdfText.Pages(pages.ToArray()).Single().Count(c => c == 'm'));
    }
}
