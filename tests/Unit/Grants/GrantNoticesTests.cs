using Guerdon.Grants.Lines;
using Guerdon.Grants.Runs;
using Guerdon.Kernel;
using Guerdon.Ledger.Accounts;
using Guerdon.Ledger.Transfers;
using Guerdon.Plans;
using Guerdon.Unit.People;

namespace Guerdon.Unit.Grants;

/// <summary>What people are told of a grant.</summary>
public class GrantNoticesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    private static readonly GrantLine Grant = new(
        "engineering", GrantKind.SigningBonus, "once", PersonTests.Ada.Id,
        new(new Usd(12_500_000_000), new Tokens(12_500_000_000)), 0, "USD", Usd.Dollar, 1_000,
        new LotTerms("taxable_compute", "plan engineering v2, signing_bonus, once", null), "");

    private static GrantLine Of(string tax) => Grant with
    {
        Asset = Asset.Reward,
        Terms = Grant.Terms with { TaxClass = tax },
    };

    public static TheoryData<string, object> Texts()
    {
        const string begins = "You were granted 12.50 USD, 12,500,000 ";
        const string why = ": Signing bonus, once, plan engineering.";
        var end = new DateTimeOffset(2027, 2, 1, 1, 30, 0, TimeSpan.FromHours(2));
        return new()
        {
            { $"{begins}compute tokens{why} They are yours now.", Grant },
            {
                $"{begins}compute tokens{why} They vest from 2027-01-15 on.",
                Grant with { VestFrom = new(2027, 1, 15) }
            },
            {
                $"{begins}compute tokens{why} They are yours now. What is left lapses at 2027-01-31 23:30 UTC.",
                Grant with { Terms = Grant.Terms with { ExpiresAt = end } }
            },
            { $"{begins}reward tokens{why} They can become money. They are yours now.", Of("convertible_cash") },
            { $"{begins}reward tokens{why} They can become days off. They are yours now.", Of("convertible_time_off") },
            { $"{begins}reward tokens{why} They can become equity. They are yours now.", Of("convertible_equity") },
            { $"{begins}reward tokens{why} They are yours now.", Of("of an earlier time") },
        };
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void TextOf_AGrant_SaysHowMuchWhyAndWhenItIsTheirs(string text, object grant) =>
        Assert.Equal(text, GrantNotices.TextOf((GrantLine)grant));

    [Theory]
    [InlineData(1_800)]
    [InlineData(1_950)]
    [InlineData(3_000)]
    public void TextOf_ALongSource_IsCutAtWhatANoticeHolds(int length)
    {
        var source = new string('x', length);
        var whole = $"You were granted 12.50 USD, 12,500,000 compute tokens: {source}. They are yours now.";
        var text = GrantNotices.TextOf(Grant with { Terms = Grant.Terms with { Source = source } });
        Assert.Equal(whole[..Math.Min(2_000, whole.Length)], text);
    }

    [Theory]
    [InlineData(GrantKind.Allowance, 0)] // it comes every period, and stands in the statement
    [InlineData(GrantKind.SigningBonus, 1)]
    [InlineData(GrantKind.Tier, 1)]
    public void Of_AChunk_TellsOfWhatIsBesideTheAllowance(string kind, int statements) => Assert.Equal(
        statements,
        GrantNotices.Of(default, [new StoredLine(1, Grant with { Kind = kind }, [])], Now).Count());
}
