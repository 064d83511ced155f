using Guerdon.Grants.Lines;

namespace Guerdon.Unit.Grants;

public sealed class GrantSourceTests
{
    [Theory]
    [InlineData("plan allowance v1, allowance, 2026-11", "Allowance, November 2026")]
    [InlineData("plan engineering v12, allowance, 2026-Q4", "Allowance, fourth quarter of 2026, plan engineering")]
    [InlineData("plan engineering v2, signing_bonus, 2026-11", "Signing bonus, November 2026, plan engineering")]
    [InlineData("plan match v2, match, 2027-01", "Match, January 2027")]
    [InlineData("plan e v2, performance, launch/2026-11", "launch (performance), November 2026, plan e")]
    [InlineData("plan allowance v1, tier, silver/2026-11", "Tier silver, November 2026, plan allowance")]
    [InlineData("plan allowance-2026, this month", "plan allowance-2026, this month")]
    [InlineData("", "")]
    public void InWords_OfASource_IsForPeople(string source, string words) =>
        Assert.Equal(words, GrantSource.InWords(source));
}
