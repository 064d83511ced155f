using Guerdon.Documents;
using Guerdon.Offers;
using Guerdon.Unit.Offers;

namespace Guerdon.Unit.Documents;

public class PdfPagesTests
{
    private static readonly DateTimeOffset Made = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Write_Offer_SaysWhatItIsWorth()
    {
        var kept = new StoredOffer(
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
    public void Table_HeaderOfFiguresThatIsBroken_EndsWhereItsFiguresDo()
    {
        var pages = new PdfPages("Wide", "en", "", Made);
        pages.Table([new("Tokens that were granted", 10, IsFigure: true), new("Name", 90)], [new(["7", "x"])]);
        using var read = UglyToad.PdfPig.PdfDocument.Open(pages.ToArray());
        var ends = read.GetPage(1).Letters.GroupBy(l => l.TextSequence)
            .Select(line => line.Last(l => l.Value != " ").EndBaseLine.X).Where(x => x < 100).ToList();

        Assert.InRange(ends.Count, 3, 5); // two lines or more, and the figure
        Assert.InRange(ends.Max() - ends.Min(), 0, 0.2);
    }

    [Fact]
    public void Paragraph_WordWiderThanThePage_IsCutAndKeepsItsLetters()
    {
        var pages = new PdfPages("Wide", "en", "", Made);
        pages.Paragraph(new string('m', 400));
        Assert.Equal(400, PdfText.Pages(pages.ToArray()).Single().Count(c => c == 'm'));
    }

    [Fact]
    public void ToArray_HeadingsWordsAndTables_AreTagged()
    {
        var pages = new PdfPages("R&D <pay>", "de-CH", "foot", Made);
        pages.Title("Title");
        pages.Rows([("Key", "Value")]);
        pages.Heading("Heading");
        pages.Paragraph("One\nTwo", isSoft: true);
        pages.Table(
            [new("Name", 70), new("Figure", 30, IsFigure: true)], [new(["a", "1"]), new(["", "2"], IsTotal: true)]);
        var pdf = pages.ToArray();

        Assert.Equal(("de-CH", true), PdfText.Marks(pdf));
        Assert.Equal("R&D <pay>", PdfText.Title(pdf));
        Assert.Equal(
            [
                "Document", " H1", " Table", "  TR", "   TH Row", "   TD", " H2", " P", " P", " Table", "  TR",
                "   TH Column", "   TH Column", "  TR", "   TD", "   TD", "  TR", "   TD", "   TD",
            ],
            PdfText.Tree(pdf));
        Assert.Equal([(11, false)], PdfText.Content(pdf)); // an empty cell has nothing to read
    }

    [Fact]
    public void ToArray_TableOverPages_IsOneTableWithOneHeader()
    {
        var pages = new PdfPages("Long", "en", "foot", Made);
        pages.Table([new("Name", 1)], [.. Enumerable.Range(1, 100).Select(i => new PdfRow([$"row {i}"]))]);
        var pdf = pages.ToArray();

        Assert.Equal(1, PdfText.Tree(pdf).Count(line => line.Trim() == "Table"));
        Assert.Equal(101, PdfText.Tree(pdf).Count(line => line.Trim() == "TR"));
        Assert.Equal(101, PdfText.Content(pdf).Sum(page => page.Tagged));
        Assert.All(PdfText.Content(pdf), page => Assert.False(page.HasLoose));
    }

    [Fact]
    public void Paragraph_BrokenAtBlanks_KeepsThemForThoseWhoListen()
    {
        var pages = new PdfPages("Words", "en", "", Made);
        pages.Paragraph(string.Join(' ', Enumerable.Repeat("word", 100)));
        using var read = UglyToad.PdfPig.PdfDocument.Open(pages.ToArray());
        var spoken = string.Concat(read.GetPage(1).GetMarkedContents().Single(m => m.MarkedContentIdentifier == 0)
            .Letters.Select(l => l.Value));
        Assert.Equal(100, spoken.Split(' ').Count(w => w == "word"));
    }

    [Fact]
    public async Task ToArray_TwentyAtOnce_AreWhatOneIs()
    {
        byte[] Write(int i, PdfFonts fonts)
        {
            var pages = new PdfPages($"Title {i}", "en", "王", Made, fonts);
            pages.Title($"Škoda Ёжик Ωμέγα 王小明 {i}");
            pages.Table(
                [new("A", 1), new("B", 1, true)],
                [.. Enumerable.Range(0, 60).Select(n => new PdfRow([$"{n * i}", "김"]))]);
            return pages.ToArray();
        }

        // With faces that nobody has opened yet, so that their first use is at once too.
        var fresh = PdfFonts.With((PdfFontsTests.EastAsian, 0));
        var together = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Factory.StartNew(
            () => Write(i, fresh), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        for (var i = 0; i < together.Length; i++) Assert.Equal(Write(i, fresh), together[i]);
    }

    [Fact]
    public void ToArray_ThousandsOfRows_TakeTimeInProportion()
    {
        TimeSpan Time(int rows)
        {
            var began = TimeProvider.System.GetTimestamp();
            var pages = new PdfPages("Long", "en", "", Made);
            pages.Table(
                [new("A", 1), new("B", 1)],
                [.. Enumerable.Range(0, rows).Select(i => new PdfRow([$"{i}", new('w', 50)]))]);
            pages.ToArray();
            return TimeProvider.System.GetElapsedTime(began);
        }

        // Of several, since the machine does other things meanwhile.
        TimeSpan Fastest(int rows) => Enumerable.Range(0, 3).Min(_ => Time(rows));

        Time(100);
        Assert.InRange(Fastest(4_000) / Fastest(1_000), 0, 12); // 16 would be a square
    }
}
