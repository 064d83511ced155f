using Guerdon.Payroll.Terms;

namespace Guerdon.Unit.Payroll;

/// <summary>Terms that were applied before rates were compared with a token's value are named while they hold.
/// </summary>
public sealed class TermsDoubtsTests
{
    private static readonly RateBook Book = new(1_000, null); // a token is worth 0.000001 USD
    private static readonly DateOnly Today = new(2026, 11, 29);

    // 0.001 USD for a token: a thousand times its value.
    private static string Terms(string rate, string more = "") => $$"""
        effective_from: 2026-01-01
        notice_days: 14
        lock: 72h
        approval: required
        windows:
          - { name: autumn, from: 2026-11-01, to: 2027-01-31 }
        cash:
          rates: { USD: {{rate}} }
        {{more}}
        """;

    [Theory]
    [InlineData("0.001", "", true)]
    [InlineData("0.000002", "", false)]
    [InlineData("0.000003", "", true)]
    [InlineData("0.0000004", "", true)]
    [InlineData("0.001", "  reason: Agreed with the works council.", false)]
    public void Of_TermsInEffect_SaysWhatIsBeyondTheLimitsOfNewOnes(string rate, string more, bool isDoubtful)
    {
        var doubts = TermsDoubts.Of([Applied(1, new(2026, 1, 1), Terms(rate, more))], Book, Today);
        Assert.Equal(isDoubtful, doubts.Count == 1);
        if (rate == "0.001" && isDoubtful)
            Assert.Equal("cash.rates.USD pays 1,000.00 USD for a million tokens, which are worth 1.00 USD. "
                + "Correct the rate, or say under 'reason' why it is so.", Assert.Single(doubts[0].Reasons));
    }

    [Fact]
    public void Of_SeveralVersions_NamesThoseThatCountNowOrLater()
    {
        var far = Terms("0.001");
        var doubts = TermsDoubts.Of(
        [
            Applied(5, new(2027, 1, 1), far), Applied(4, new(2026, 6, 1), Terms("0.000001")),
            Applied(3, new(2027, 6, 1), far), // version 4 came after it, and holds on its day too
            Applied(2, new(2026, 3, 1), far), Applied(1, new(2026, 1, 1), far),
        ], Book, Today);
        Assert.Equal([(5, new DateOnly(2027, 1, 1))], doubts.Select(d => (d.Version, d.EffectiveFrom)));
        Assert.Empty(TermsDoubts.Of([], Book, Today));
    }

    private static AppliedTerms Applied(int version, DateOnly from, string yaml) =>
        new(new TermsId(Guid.CreateVersion7()), version, from, "ann@example.com", DateTimeOffset.UnixEpoch, yaml);
}
