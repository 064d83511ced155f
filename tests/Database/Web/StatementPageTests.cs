using Guerdon.Database.Host;

namespace Guerdon.Database.Web;

/// <summary>What the page of statements offers is there.</summary>
public sealed class StatementPageTests(RunningApp app) : IClassFixture<RunningApp>
{
    [Theory]
    [InlineData("2019-12", false)] // one may page back for ever; such a year has no total rewards
    [InlineData("2020-01", true)]
    [InlineData("2026-11", true)]
    public async Task Page_OfAnyYear_OffersRewardsWhereThereAreSome(string month, bool has)
    {
        var ct = TestContext.Current.CancellationToken;
        var page = await app.Employee.GetStringAsync($"/statement?month={month}", ct);
        Assert.Equal(has, page.Contains("/rewards?year=", StringComparison.Ordinal));

        var file = await app.Employee.GetAsync($"/api/v1/people/me/rewards?year={month[..4]}&format=pdf", ct);
        Assert.Equal(has, file.IsSuccessStatusCode);
    }
}
