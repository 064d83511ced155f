using Guerdon.Offers;
using Guerdon.Plans;

namespace Guerdon.Unit.Offers;

/// <summary>What a candidate reads of each figure, with and without the terms that may be missing.</summary>
public class OfferWordsTests
{
    private static readonly OfferWords Words = new("EUR", 4);

    [Theory]
    [InlineData(null, false, "remote, DE")]
    [InlineData(null, true, "remote, DE")]
    [InlineData("Berlin", true, "Berlin, DE, or remote")]
    [InlineData("Berlin", false, "Berlin, DE")]
    public void Place_SaysWhereTheWorkIsDone(string? town, bool isRemote, string place) =>
        Assert.Equal(place, OfferWords.Place(new("Engineer", null, "DE", town, isRemote, default, null)));

    [Theory]
    [InlineData(100_000, "A target of 10% of base pay, EUR 1,000.00 a year for 4 years; counted at 80%,")]
    [InlineData(0, "A target of EUR 1,000.00 a year for 4 years; counted at 80%,")]
    public void Bonus_IsAShareOrFixed(int share, string words) =>
        Assert.StartsWith(words, Words.Bonus(new(0, share, 800_000), 100_000), StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 500_000, "EUR 5,000.00, paid once; nothing is paid back.")]
    [InlineData(1, 500_000, "EUR 5,000.00, paid once; who leaves within 1 month pays back the months that are missing, "
        + "so each month earns its part.")]
    [InlineData(60, 400_000, "EUR 5,000.00, paid once; who leaves within 60 months pays back the months that are "
        + "missing, so each month earns its part. EUR 4,000.00 of it is earned for good within 4 years.")]
    public void Signing_SaysWhatIsPaidBack(int months, long kept, string words) =>
        Assert.Equal(words, Words.Signing(new(500_000, months), kept));

    [Theory]
    [InlineData(12, ", nothing before 12 months:")]
    [InlineData(1, ", nothing before 1 month:")]
    [InlineData(0, "over 4 years:")]
    public void Equity_SaysItsCliffWhereThereIsOne(int cliff, string words)
    {
        var said = Words.Equity(new(1_000_000, 4, cliff, 500_000), 250_000);
        Assert.Contains(words, said, StringComparison.Ordinal);
        Assert.Contains("EUR 2,500.00 of it within 4 years; counted at 50%.", said, StringComparison.Ordinal);
        Assert.Equal(cliff > 0, said.Contains("nothing before", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(PayBasis.Base, ShareMode.OnTop, "25% of base pay, on top of it: EUR 1,000.00 a year")]
    [InlineData(PayBasis.Base, ShareMode.CarveOut, "25% of the new total of base pay and tokens: EUR 1,000.00 a year")]
    [InlineData(PayBasis.Total, ShareMode.OnTop, "25% of base pay and target bonus, on top of it: EUR 1,000.00 a year")]
    [InlineData(null, null, "EUR 1,000.00 a year")]
    public void Tokens_SayWhatTheyAreAShareOf(PayBasis? basis, ShareMode? mode, string words)
    {
        var share = basis is null ? null : new ShareOfPay(250_000, basis.Value, mode!.Value);
        Assert.StartsWith(words, Words.Tokens(new(0, share, 3, false, 700_000), 100_000), StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_SayHowLongTheyLastAndWhatBecomesOfThem()
    {
        var spent = Words.Tokens(new(0, null, 3, false, 700_000), 1);
        Assert.Contains("a month's tokens last 3 months; counted at 70%", spent, StringComparison.Ordinal);
        var paid = Words.Tokens(new(0, null, null, true, 700_000), 1);
        Assert.Contains("they never expire; what is not used can become pay", paid, StringComparison.Ordinal);
        Assert.DoesNotContain("70%", paid, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_000_000, "EUR 10.00 a year for 4 years.")]
    [InlineData(999_900, "EUR 10.00 a year for 4 years; counted at 99.99%, how much of it can be expected to be used.")]
    public void Benefit_SaysItsUseWhereItIsNotWhole(int use, string words) =>
        Assert.Equal(words, Words.Benefit(new("Lunch", 1_000, use)));
}
