using System.Text;
using Guerdon.Documents;
using Guerdon.Unit.Architecture;

namespace Guerdon.Unit.Documents;

/// <summary>Letters of many scripts, with and without a font for Chinese, Japanese and Korean.</summary>
public class PdfFontsTests
{
    // A collection of two faces in CFF, cut from Debian's NotoSansCJK-Regular.ttc down to Names and a few more letters.
    internal static readonly string EastAsian =
        Path.Combine(Repository.Root, Repository.Files("tests/Unit", "EastAsian.ttc").Single());

    private const string Names = "王小明 田中さくら 김민수 𠮷田";

    private static readonly DateTimeOffset Made = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Text_EastAsianFontAtHand_DrawsAndCopiesNames(int face)
    {
        var fonts = PdfFonts.With((EastAsian, face));
        var pdf = Pages(fonts, Names);
        Picture("east-asian.pdf", pdf);
        var text = string.Concat(PdfText.Pages(pdf));

        Assert.Contains(Names, text.Replace("\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', text);
        Assert.InRange(pdf.Length, 5_000, 60_000); // the letters drawn, not the font
    }

    [Fact]
    public void Text_NoEastAsianFont_ShowsMarksAndSaysTheNames()
    {
        var pdf = Pages(PdfFonts.With(("/no/such.ttc", 0)), Names);
        var text = string.Concat(PdfText.Pages(pdf));

        Assert.Contains("\uFFFD stands for a letter", text, StringComparison.Ordinal);
        foreach (var name in Names.Split(' ')) Assert.Contains($"  Span: {name}", PdfText.Tree(pdf));
    }

    [Fact]
    public void Split_BoldEastAsianName_IsDrawnThickerFromTheOneFace()
    {
        var runs = PdfFonts.With((EastAsian, 1)).Split("To 王小明", isBold: true);
        Assert.Equal([("To ", false), ("王小明", true)], runs.Select(run => (run.Text, run.IsBold)));
    }

    // Most documents have none of its letters, and a font is 20 MB.
    [Fact]
    public void Split_LatinText_DoesNotReadTheEastAsianFont()
    {
        var copy = Path.GetTempFileName();
        var fonts = PdfFonts.With((copy, 0));
        foreach (var isBold in new[] { false, true }) Assert.Single(fonts.Split("Škoda Ωμέγα Ёжик", isBold));
        File.Copy(EastAsian, copy, overwrite: true); // what was empty until now is a font when it is first needed
        try
        {
            Assert.Equal(Path.GetFileNameWithoutExtension(copy), fonts.Split("王", isBold: false).Single().Face.Name);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    // No font at all, and one whose table of letters is marked as something else, on which PDFsharp throws.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Text_FontFileThatIsBroken_IsPassedOver(bool isAlmostOne)
    {
        var broken = Path.GetTempFileName();
        var bytes = Encoding.ASCII.GetBytes("ttcf" + new string('x', 500));
        if (isAlmostOne) (bytes = File.ReadAllBytes(EastAsian))[4_209] = 0xff;
        File.WriteAllBytes(broken, bytes);
        try
        {
            var text = string.Concat(PdfText.Pages(Pages(PdfFonts.With((broken, 0), (EastAsian, 1)), "王")));
            Assert.Contains('王', text);
        }
        finally
        {
            File.Delete(broken);
        }
    }

    [Fact]
    public void Text_SignsThatNoFontDraws_AreLeftOutOrMarked()
    {
        var pdf = Pages(PdfFonts.With(("/no/such.ttc", 0)), "a\U000E0100b\tc\u0001d\U0001F9FE");
        var text = string.Concat(PdfText.Pages(pdf)).Replace("\n", "", StringComparison.Ordinal);
        Assert.Contains("ab c\uFFFDd\uFFFD", text, StringComparison.Ordinal);
    }

    private static byte[] Pages(PdfFonts fonts, string words)
    {
        var pages = new PdfPages(words, "en", words, Made, fonts);
        pages.Title(words);
        pages.Paragraph(words);
        return pages.ToArray();
    }

    private static void Picture(string name, byte[] pdf)
    {
        if (Environment.GetEnvironmentVariable("GUERDON_PICTURES") is { } folder)
            File.WriteAllBytes(Path.Combine(folder, name), pdf);
    }
}
