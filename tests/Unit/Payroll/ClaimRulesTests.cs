using Guerdon.Payroll.Claims;
using Guerdon.Payroll.Terms;

namespace Guerdon.Unit.Payroll;

public class ClaimRulesTests
{
    private static readonly ClaimTerms Terms = new(["ChatGPT Plus", "Claude Pro"], 90);
    private static readonly DateOnly Today = new(2026, 11, 21);
    private static readonly ClaimForm Good = new("OpenAI", "chatgpt plus", "2026-11-02", "20.00", "eur", "Drafts");

    [Fact]
    public void Read_Good_IsExact()
    {
        var (claim, errors) = ClaimRules.Read(Good, Terms, Today);

        Assert.Empty(errors);
        Assert.Equal(
            new NewClaim("OpenAI", "ChatGPT Plus", new(2026, 11, 2), 2_000, "EUR", "Drafts"), claim);
    }

    [Fact]
    public void Read_AllWrong_NamesEachField()
    {
        var (claim, errors) = ClaimRules.Read(
            new(" ", "Netflix", "2026-08-22", "0.001", "EUX", "two\nlines"), Terms, Today);

        Assert.Null(claim);
        Assert.Equal(["vendor", "purpose", "service", "spentOn", "amount", "currency"], errors.Select(e => e.Column));
        Assert.Contains("not one of ChatGPT Plus, Claude Pro", errors[2].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-08-23", true)]
    [InlineData("2026-11-21", true)]
    [InlineData("2026-11-22", false)]
    public void Read_Day_IsOfTheLastDays(string day, bool good) =>
        Assert.Equal(good, ClaimRules.Read(Good with { SpentOn = day }, Terms, Today).Claim is not null);

    [Theory]
    [InlineData("0.01", "EUR", true)]
    [InlineData("0", "EUR", false)]
    [InlineData("-1", "EUR", false)]
    [InlineData("10000000", "EUR", true)]
    [InlineData("10000000.01", "EUR", false)]
    [InlineData("1", "JPY", true)]
    [InlineData("0.5", "JPY", false)]
    public void Read_Amount_IsAboveNothing(string amount, string currency, bool good) => Assert.Equal(
        good, ClaimRules.Read(Good with { Amount = amount, Currency = currency }, Terms, Today).Claim is not null);

    [Theory]
    [InlineData(100, 500, true)]
    [InlineData(101, 500, false)]
    [InlineData(100, 501, false)]
    [InlineData(0, 500, false)]
    public void Read_Texts_AreBounded(int vendor, int purpose, bool good) => Assert.Equal(good, ClaimRules.Read(
        Good with { Vendor = new('x', vendor), Purpose = new('x', purpose) }, Terms, Today).Claim is not null);

    [Fact]
    public void TypeOf_FirstBytes_DecideWhateverTheName()
    {
        Assert.Equal("application/pdf", Receipt.TypeOf("%PDF-1.7"u8));
        Assert.Equal("image/png", Receipt.TypeOf([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]));
        Assert.Equal("image/jpeg", Receipt.TypeOf([0xFF, 0xD8, 0xFF, 0xE0]));
        Assert.Null(Receipt.TypeOf("<svg onload=alert(1)>"u8));
        Assert.Null(Receipt.TypeOf([]));
    }
}
