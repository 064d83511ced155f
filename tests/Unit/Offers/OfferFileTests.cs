using Guerdon.Offers;
using Guerdon.Plans;
using Guerdon.Unit.Architecture;

namespace Guerdon.Unit.Offers;

public class OfferFileTests
{
    internal static readonly string Good = Repository.Read("examples/offer.yaml");

    [Fact]
    public void Read_ShippedExample_IsExact()
    {
        var (offer, errors) = OfferFile.Read(Good);

        Assert.Empty(errors);
        Assert.Equal(("ada-lovelace", "Analytical Engines", "Ada Lovelace", false),
            (offer!.Name, offer.Employer, offer.Candidate, offer.IsCompetitors));
        Assert.Equal(("Senior engineer", "L5", "DE", "Berlin", true),
            (offer.Post.Role, offer.Post.Level, offer.Post.Country, offer.Post.Location, offer.Post.IsRemote));
        Assert.Equal(("EUR", new DateOnly(2027, 2, 1), new DateOnly(2026, 12, 31), 4),
            (offer.Currency, offer.Start, offer.ValidUntil, offer.HorizonYears));
        Assert.Equal(
            new OfferedPay(10_000_000, new BonusTerms(0, 100_000, 800_000), new SigningTerms(1_200_000, 12)),
            offer.Pay);
        Assert.Equal(new EquityTerms(8_000_000, 4, 12, 500_000), offer.Equity);
        Assert.Equal(new OfferedTokens(0, new ShareOfPay(250_000, PayBasis.Base, ShareMode.OnTop), 3,
            false, 700_000), offer.Tokens);
        Assert.Equal([new("Pension", 300_000, 1_000_000), new("Gym", 60_000, 500_000)], offer.Benefits);
    }

    [Theory]
    [InlineData("base_pay: 100000", "base_pay: -1", 16, 11, "is '-1', not an amount from 0")]
    [InlineData("base_pay: 100000", "base_pay: 100000.005", 16, 11, "at most two decimals")]
    [InlineData("base_pay: 100000", "base_pay: 1e5", 16, 11, "is '1e5'")]
    [InlineData("base_pay: 100000", "base_pay: 100,000", 16, 11, "is '100,000'")]
    [InlineData("base_pay: 100000", "base_pay: 1000000000.01", 16, 11, "from 0 to 1000000000")]
    [InlineData("2027-02-01", "2027-02-29", 13, 8, "not a day that exists")]
    [InlineData("2027-02-01", "01.02.2027", 13, 8, "such as 2027-02-01")]
    [InlineData("currency: EUR", "currency: EURO", 12, 11, "ISO 4217")]
    [InlineData("country: DE", "country: Germany", 7, 10, "ISO 3166-1")]
    [InlineData("offer: ada-lovelace", "offer: Ada", 2, 8, "lower-case")]
    [InlineData("horizon_years: 4", "horizon_years: 11", 15, 16, "whole number from 1 to 10")]
    [InlineData("target: 10%", "target: 110%", 18, 11, "percentage from 0% to 100%")]
    [InlineData("target: 10%", "target: lots", 18, 11, "percentage from 0% to 100% with at most four decimals")]
    [InlineData("clawback_months: 12", "clawback_months: 61", 22, 20, "0 to 60")]
    [InlineData("cliff_months: 12", "cliff_months: 49", 26, 17, "longer than the 4 years")]
    [InlineData("probability: 50%", "probability: 0.5", 27, 16, "such as 80%")]
    [InlineData("mode: on-top", "mode: beside", 31, 9, "on-top or carve-out")]
    [InlineData("share: 25%", "yearly: 25000", 30, 10, "of a share, and there is none")]
    [InlineData("share: 25%", "share: 25%\n  yearly: 5", 30, 11, "one or the other")]
    [InlineData("convertible: false", "convertible: true", 34, 14, "counts in full: leave it out")]
    [InlineData("convertible: false", "convertible: maybe", 33, 16, "true or false")]
    [InlineData("expires_after: P3M", "expires_after: soon", 32, 18, "or never")]
    [InlineData("  - name: Gym", "  - name: Pension", 38, 11, "there twice")]
    [InlineData("    yearly: 3000", "    yearly: 3000\n    kind: x", 38, 5, "is unknown here")]
    [InlineData("candidate: Ada Lovelace", "candidate: \"Ada\\nLovelace\"", 4, 12, "line breaks")]
    [InlineData("candidate: Ada Lovelace", "candidate: \" \"", 4, 12, "blank")]
    [InlineData("location: Berlin\nremote: true\n", "", 1, 1, "name a town, or say remote: true")]
    public void Read_Wrong_NamesLineColumnAndWhatIsRight(string good, string bad, int line, int column, string reason)
    {
        Assert.Contains(good, Good, StringComparison.Ordinal);
        var (offer, errors) = OfferFile.Read(Good.Replace(good, bad, StringComparison.Ordinal));

        Assert.Null(offer);
        Assert.Contains(errors, e => e.Reason.Contains(reason, StringComparison.Ordinal));
        if (line > 1)
            Assert.Contains(errors, e => (e.Line, e.Column) == (line, column)
                && e.Reason.Contains(reason, StringComparison.Ordinal));
    }

    // Each bound is good itself, and one more is not.
    [Theory]
    [InlineData("horizon_years: 4", "horizon_years: 1", "horizon_years: 0")]
    [InlineData("horizon_years: 4", "horizon_years: 10", "horizon_years: 11")]
    [InlineData("clawback_months: 12", "clawback_months: 0", "clawback_months: -1")]
    [InlineData("clawback_months: 12", "clawback_months: 60", "clawback_months: 61")]
    [InlineData("cliff_months: 12", "cliff_months: 48", "cliff_months: 49")]
    [InlineData("cliff_months: 12", "cliff_months: 0", "cliff_months: -1")]
    [InlineData("vesting_years: 4", "vesting_years: 1", "vesting_years: 0")] // twelve months of cliff
    [InlineData("vesting_years: 4", "vesting_years: 10", "vesting_years: 11")]
    [InlineData("base_pay: 100000", "base_pay: 0", "base_pay: -0.01")]
    [InlineData("base_pay: 100000", "base_pay: 1000000000", "base_pay: 1000000000.01")]
    [InlineData("target: 10%", "target: 100%", "target: 100.0001%")]
    [InlineData("target: 10%", "target: 0%", "target: -1%")]
    [InlineData("level: L5", "level: 0123456789012345678901234567890123456789",
        "level: 01234567890123456789012345678901234567890")]
    [InlineData("2027-02-01", "2020-01-01", "2019-12-31")]
    [InlineData("candidate: Ada Lovelace", "candidate: \"Ada \\U0001F600\"", "candidate: \"Ada \\uD83D\"")]
    public void Read_Bounds_AreGoodAndBeyondThemIsNot(string example, string good, string bad)
    {
        Assert.Contains(example, Good, StringComparison.Ordinal);
        Assert.Empty(OfferFile.Read(Good.Replace(example, good, StringComparison.Ordinal)).Errors);
        Assert.NotEmpty(OfferFile.Read(Good.Replace(example, bad, StringComparison.Ordinal)).Errors);
    }

    [Theory]
    [InlineData("basis: base")]
    [InlineData("mode: on-top")]
    public void Read_AFixedAllowance_HasNoTermsOfAShare(string term)
    {
        var other = term[0] == 'b' ? "mode: on-top" : "basis: base";
        var text = Good.Replace("share: 25%", "yearly: 25000", StringComparison.Ordinal);
        Assert.Equal(2, OfferFile.Read(text).Errors.Count); // both are too many
        var one = string.Join('\n', text.Split('\n').Where(line => line.Trim() != other));
        Assert.Contains("there is none", Assert.Single(OfferFile.Read(one).Errors).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CarveOutOfEverything_IsRefused()
    {
        var all = Good.Replace("share: 25%", "share: 100%", StringComparison.Ordinal);
        Assert.Empty(OfferFile.Read(all).Errors);
        var errors = OfferFile.Read(all.Replace("on-top", "carve-out", StringComparison.Ordinal)).Errors;
        Assert.Contains("below 100%", Assert.Single(errors).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EveryErrorAtOnce_InTheFilesOrder()
    {
        var bad = Good.Replace("EUR", "XXX", StringComparison.Ordinal).Replace("80%", "80", StringComparison.Ordinal)
            .Replace("yearly: 600", "yearly: -600", StringComparison.Ordinal);
        Assert.Equal(["currency", "bonus.probability", "benefits[2].yearly"],
            OfferFile.Read(bad).Errors.Select(e => e.Key));
    }
}
