using System.Globalization;
using System.Text.RegularExpressions;
using Guerdon.Kernel;
using Guerdon.Metering.UsageImports;
using Guerdon.People;
using Guerdon.Unit.Architecture;

namespace Guerdon.Unit.Kernel;

/// <summary>Times, texts and amounts that come in: one rule each, at the edges of their types.</summary>
public sealed partial class InputTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 22, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("1900-01-01", true)]
    [InlineData("2199-12-31", true)]
    [InlineData("1899-12-31", false)]
    [InlineData("2200-01-01", false)]
    [InlineData("9999-12-31", false)]
    [InlineData("0001-01-01", false)]
    [InlineData("2026-02-30", false)]
    [InlineData("2026-2-3", false)]
    [InlineData(" 2026-02-03", false)]
    [InlineData("infinity", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Day_AtItsEdges_IsTakenOrNot(string? text, bool isTaken) =>
        Assert.Equal(isTaken, Days.TryParse(text, out _));

    [Theory]
    [InlineData("2000-01-01T00:00:00Z", true)]
    [InlineData("1999-12-31T23:59:59Z", false)]
    [InlineData("2026-11-29T23:59:59Z", true)]
    [InlineData("2026-11-30T00:00:00Z", false)]
    [InlineData("9999-12-31T23:59:59Z", false)]
    public void Happened_UntilTomorrow_IsTaken(string at, bool isTaken) => Assert.Equal(
        isTaken, Days.CanHaveHappened(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), Now));

    [Theory]
    [InlineData("99999999999999999999")]
    [InlineData("1e9")]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("2026-11-01T09:30")]
    [InlineData("2026-13-01T09:30:00Z")]
    [InlineData("2026-11-01T25:30:00Z")]
    [InlineData("2026-11-01T09:30:00+25:00")]
    public void UsageTime_ThatIsNone_IsNotRead(string text) => Assert.Null(UsageTimes.Read(text));

    [Theory]
    [InlineData("plain", null)]
    [InlineData("two\nlines\tand a tab", null)]
    [InlineData("\U0001F600", null)]
    [InlineData("a\0b", "NUL character at 2")]
    public void Text_ThatNothingCanHold_IsNamed(string text, string? says)
    {
        var fault = InputText.Fault(text);
        if (says is null) Assert.Null(fault);
        else Assert.Contains(says, fault, StringComparison.Ordinal);
    }

    [Fact] // as an attribute's argument it would be mended
    public void Text_HalfACharacter_IsNamed()
    {
        Assert.Contains("lone surrogate) at 1", InputText.Fault("\ud800"), StringComparison.Ordinal);
        Assert.Contains("lone surrogate) at 2", InputText.Fault("x\udc00y"), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_LongerThanItsField_IsNamed() => Assert.Equal(
        "has 20,001 characters; 20,000 are the most.", InputText.Fault(new string('x', 20_001)));

    [Theory]
    [InlineData("JPY", 0, "1250", "1,250")]
    [InlineData("KRW", 0, "1250", "1,250")]
    [InlineData("ISK", 0, "1250", "1,250")]
    [InlineData("EUR", 2, "1250.5", "1,250.50")]
    [InlineData("USD", 2, "0.07", "0.07")]
    [InlineData("KWD", 3, "1250.505", "1,250.505")]
    [InlineData("BHD", 3, "0.001", "0.001")]
    public void Amount_OfACurrency_HasItsOwnDecimals(string currency, int decimals, string text, string shown)
    {
        Assert.Equal(decimals, Currencies.DecimalsOf(currency));
        Assert.True(Currencies.TryParse(text, currency, out var minor));
        Assert.Equal(shown, Currencies.Format(minor, currency));
        Assert.False(Currencies.TryParse(text.Contains('.', StringComparison.Ordinal)
            ? text.PadRight(text.IndexOf('.', StringComparison.Ordinal) + decimals + 1, '0') + "1" : text + ".5",
            currency, out _));
    }

    [Fact]
    public void Currencies_WithoutTwoDecimals_AreThoseOfTheStandard()
    {
        var letters = Enumerable.Range('A', 26).Select(c => (char)c).ToArray();
        var odd = (from a in letters from b in letters from c in letters select new string([a, b, c]))
            .Where(code => Codes.IsCurrency(code) && Currencies.DecimalsOf(code) != 2);
        Assert.Equal("BHD BIF CLP DJF GNF IQD ISK JOD JPY KMF KRW KWD LYD OMR PYG RWF TND UGX VND VUV XAF XOF XPF",
            string.Join(' ', odd));
    }

    // A day read elsewhere would be read without the bounds. What is left reads no input, or bounds it itself.
    [Fact]
    public void Days_AreReadInOnePlace()
    {
        string[] fine =
        [
            "Kernel/Days.cs", "Host/Inputs/InputFilter.cs", "Terminal/Parsing/Values.cs",
            "Metering/UsageImports/UsageTimes.cs",
            "Metering/Reconciliation/ReportFields.cs", // both bounded by Days there
            "Scim/Filters/FilterParser.cs", // bounded by Days there
            "People/Employees/Cells.cs", // only to say why a day is none
            "Pricing/Book/PriceSnapshot.cs", // the end of a model's name
            "Grants/Vesting/VestingStep.cs", // what the database holds
        ];
        var found = Repository.Files("src", ".cs").Concat(Repository.Files("src", ".razor"))
            .Where(f => !f.Contains("/Sandbox/", StringComparison.Ordinal) && !fine.Any(f.EndsWith))
            .Where(f => Reads().IsMatch(Repository.Read(f)));
        Assert.Empty(found);
    }

    [GeneratedRegex(@"Date(Only|Time|TimeOffset)\.(Try)?Parse|FromUnixTime")]
    private static partial Regex Reads();
}
