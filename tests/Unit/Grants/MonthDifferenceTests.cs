using System.Globalization;
using Guerdon.Grants.Lines;
using Guerdon.Grants.Previews;
using Guerdon.Kernel;

namespace Guerdon.Unit.Grants;

public class MonthDifferenceTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("allowance 100", "allowance 100", "")]
    [InlineData("allowance 120000", "allowance 120100", "allowance of the month: some to about 10 tenths of it")]
    [InlineData("allowance 100", "allowance 113", "allowance of the month: some to about 11 tenths of it")]
    [InlineData("allowance 100", "allowance 500", "allowance of the month: some to about 50 tenths of it")]
    [InlineData("allowance 1", "allowance 5000", "allowance of the month: some to about 5,000 times as much")]
    [InlineData("allowance 100", "allowance 1200", "allowance of the month: some to about 12 times as much")]
    [InlineData("allowance 100", "allowance 1199", "allowance of the month: some to about 12 times as much")]
    [InlineData("allowance 100", "allowance 12000", "allowance of the month: some to about 120 times as much")]
    [InlineData("allowance 100", "allowance 13000", "allowance of the month: some to about 130 times as much")]
    [InlineData("allowance 100", "", "allowance of the month: some to ")]
    [InlineData("", "allowance 100", "allowance of the month:  to some")]
    [InlineData("", "match 1000000000", "match of the month:  to under 100 USD")]
    [InlineData("", "match 99999999999", "match of the month:  to under 100 USD")]
    [InlineData("", "match 100000000000", "match of the month:  to under 10,000 USD")]
    [InlineData("", "match 900000000000000", "match of the month:  to under 1,000,000 USD")]
    [InlineData("", "match 1000000000000000", "match of the month:  to 1,000,000 USD and more")]
    [InlineData("match 1000000000", "match 900000000000000", "match of the month: some to about 900,000 times as much")]
    // The steps: 1.0862 is 10 tenths and 1.0863 is 11.
    [InlineData("allowance 10000", "allowance 10862", "allowance of the month: some to about 10 tenths of it")]
    [InlineData("allowance 10000", "allowance 10863", "allowance of the month: some to about 11 tenths of it")]
    [InlineData("allowance 100, tier 10", "allowance 100, tier 101",
        "tier expert of the month: some to about 10 times as much")]
    [InlineData("allowance 100, tier 10", "allowance 101", "allowance of the month: some to about 10 tenths of it; "
        + "tier expert of the month: some to ")]
    public void Between_IsOfEachGrant(string was, string now, string differences) => Assert.Equal(
        differences, string.Join("; ", MonthDifference.Between(Of(was), Of(now))
            .Select(one => $"{one.Of}: {one.Was} to {one.Becomes}")));

    private static Outcome Of(string lines) => new(
        [
            .. lines.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
                .Select(line => Line(line[0], long.Parse(line[1], CultureInfo.InvariantCulture))),
        ], null, false);

    private static GrantLine Line(string kind, long nanos) => new(
        "plan", kind, kind == "tier" ? "expert/2026-11" : "2026-11", default,
        new GrantAmount(new Usd(nanos), new Tokens(nanos)), 0, "USD", 0, 0, default!, "");
}
