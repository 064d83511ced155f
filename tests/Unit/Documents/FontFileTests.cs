using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Guerdon.Documents;

namespace Guerdon.Unit.Documents;

/// <summary>What a document gets of a font, against what others read in the same font.</summary>
public class FontFileTests
{
    // Areas as fontTools 4.38 gives them for the outlines in CFF.
    [Theory]
    [InlineData("王", 223_826)]
    [InlineData("小", 162_716)]
    [InlineData("明", 329_340)]
    [InlineData("さ", 164_137)]
    [InlineData("く", 98_675)]
    [InlineData("ら", 160_707)]
    [InlineData("김", 223_556)]
    [InlineData("𠮷", 262_268)]
    public void Subset_OutlineInCff_KeepsItsArea(string letter, double area)
    {
        var file = new FontFile(File.ReadAllBytes(PdfFontsTests.EastAsian), 1);
        var glyph = file.GlyphOf(letter.EnumerateRunes().Single());
        var drawn = new TrueTypeGlyphs(file.Subset([glyph]));

        Assert.Equal([0, glyph], drawn.Drawn);
        Assert.InRange(drawn.AreaOf(glyph), area * 0.997, area * 1.003);
    }

    // DejaVu puts many letters together from parts that have parts; PDFsharp's own subset lacks the inner ones.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Subset_LetterOfParts_HasThemAll(bool isBold)
    {
        const string letters = "šёїўΌǘАБВабвÅ";
        var face = PdfFonts.Installed.Split(letters, isBold).Single().Face;
        var glyphs = new TrueTypeGlyphs(face.File.Subset(letters.EnumerateRunes().Select(face.File.GlyphOf)));
        var parts = glyphs.Drawn.SelectMany(glyphs.PartsOf).ToList();

        Assert.Contains(parts, part => glyphs.PartsOf(part).Any());
        Assert.Empty(parts.Except(glyphs.Drawn));
    }

    // A square of 100 units, its sides drawn by one operator after another; a curve whose points lie on a line is one.
    [Theory]
    [InlineData("0 0 rmoveto 100 0 0 100 -100 0 rlineto endchar")]
    [InlineData("7 0 rmoveto 100 100 -100 hlineto endchar")]
    [InlineData("0 0 rmoveto 100 100 -100 vlineto endchar")]
    [InlineData("50 hmoveto 40 0 30 0 30 0 0 30 0 40 0 30 -30 0 -40 0 -30 0 rrcurveto endchar")]
    [InlineData("50 vmoveto 100 0 0 100 -30 0 -40 0 -30 0 rlinecurve endchar")]
    [InlineData("0 vmoveto 40 0 30 0 30 0 0 100 rcurveline -100 hlineto endchar")]
    [InlineData("0 vmoveto 30 40 0 30 hhcurveto 30 0 40 30 vvcurveto -100 hlineto endchar")]
    [InlineData("0 vmoveto 0 30 40 0 30 hhcurveto 0 30 0 40 30 vvcurveto -100 hlineto endchar")]
    [InlineData("0 vmoveto 100 0 100 0 hvcurveto -100 hlineto endchar")]
    [InlineData("0 vmoveto 50 0 100 0 50 hvcurveto -100 hlineto endchar")]
    [InlineData("0 vmoveto 100 100 0 0 vhcurveto -100 vlineto endchar")]
    [InlineData("0 vmoveto 50 100 0 0 50 vhcurveto -100 vlineto endchar")]
    [InlineData("0 vmoveto 10 20 0 20 20 20 10 hflex 100 vlineto -100 hlineto endchar")]
    [InlineData("0 vmoveto 10 0 20 0 20 0 20 0 20 0 10 0 50 flex 100 vlineto -100 hlineto endchar")]
    [InlineData("0 vmoveto 10 0 20 0 20 20 20 0 10 hflex1 100 vlineto -100 hlineto endchar")]
    [InlineData("0 vmoveto 10 0 20 0 20 0 20 0 20 0 10 flex1 100 vlineto -100 hlineto endchar")]
    [InlineData("0 9 hstemhm 0 9 hintmask 1 0 vmoveto 100 100 -100 hlineto endchar")]
    public void Run_EachOperator_DrawsTheSquare(string program)
    {
        var code = Code(program);
        var pen = new CffPen(code, default, default);
        Assert.True(pen.Run(..code.Length));
        var glyph = pen.ToGlyph();
        var box = Enumerable.Range(1, 4).Select(i => BinaryPrimitives.ReadInt16BigEndian(glyph.AsSpan(2 * i))).ToList();

        Assert.InRange(box[2] - box[0], 100, 101); // points beside a curve may lie a unit outside
        Assert.InRange(box[3] - box[1], 100, 101);
    }

    [Theory]
    [InlineData("0 callsubr")]
    [InlineData("1 2 rlineto")]
    [InlineData("9")]
    public void Run_ProgramThatIsNone_IsRefusedWithoutHarm(string program)
    {
        var code = Code(program);
        var pen = new CffPen(code, default, default);
        try
        {
            Assert.False(pen.Run(..code.Length));
            Assert.Empty(pen.ToGlyph());
        }
        catch (ArgumentException)
        {
            Assert.NotEqual("9", program);
        }
    }

    [Fact]
    public void Read_BytesThatAreNoFont_AreInvalidData()
    {
        foreach (var text in new[] { "", "ttcf", "OTTO" + new string('\xff', 200), new string('\0', 300) })
            Assert.Throws<InvalidDataException>(() => new FontFile(Encoding.Latin1.GetBytes(text), 2));
    }

    // A disk that fails, a copy that was cut off: any one byte may be another, and the end may be missing.
    [Fact]
    public void Read_FilesThatAreBroken_AreRefusedOrDrawn()
    {
        var random = new Random(2026);
        var (whole, refused) = (File.ReadAllBytes(PdfFontsTests.EastAsian), 0);
        for (var i = 0; i < 2_000; i++)
        {
            byte[] broken = i % 20 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            if (i % 20 != 0) broken[random.Next(broken.Length)] = (byte)random.Next(256);
            try
            {
                var font = new FontFile(broken, i % 2);
                var glyphs = "王小明田中".EnumerateRunes().Select(font.GlyphOf).ToList();
                Assert.NotEmpty(font.Metrics("Broken"));
                Assert.NotEmpty(font.Subset(glyphs));
                Assert.All(glyphs, glyph => Assert.InRange(font.WidthOf(glyph), 0, 70_000_000));
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 100, 1_900);
    }

    // A test's own assembler: numbers in three bytes each, operators by name; after a mask comes one byte of bits.
    private static byte[] Code(string program)
    {
        var operators = new Dictionary<string, byte[]>
        {
            ["vmoveto"] = [4], ["rlineto"] = [5], ["hlineto"] = [6], ["vlineto"] = [7], ["rrcurveto"] = [8],
            ["callsubr"] = [10], ["endchar"] = [14], ["hstemhm"] = [18], ["hintmask"] = [19, 0x80], ["rmoveto"] = [21],
            ["hmoveto"] = [22], ["rcurveline"] = [24], ["rlinecurve"] = [25], ["vvcurveto"] = [26],
            ["hhcurveto"] = [27], ["vhcurveto"] = [30], ["hvcurveto"] = [31], ["hflex"] = [12, 34],
            ["flex"] = [12, 35], ["hflex1"] = [12, 36], ["flex1"] = [12, 37],
        };
        return
        [
            .. program.Split(' ').SelectMany(word => operators.TryGetValue(word, out var op) ? op : Number(word)),
        ];
    }

    private static byte[] Number(string word)
    {
        var number = short.Parse(word, CultureInfo.InvariantCulture);
        return [28, (byte)(number >> 8), (byte)number];
    }
}
