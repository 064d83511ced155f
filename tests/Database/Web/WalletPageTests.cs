using System.Net;
using System.Text.RegularExpressions;
using Guerdon.Database.Host;

namespace Guerdon.Database.Web;

/// <summary>The page of a wallet shows what is in it, of every asset and class.</summary>
public sealed partial class WalletPageTests(RunningApp app) : IClassFixture<RunningApp>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_WithRewardTokens_ShowsEachClassAndWhatIsFree()
    {
        Assert.DoesNotContain("Reward tokens", await TextAsync(app.Employee, "/"), StringComparison.Ordinal);
        await app.RewardAsync(250_000_000);

        var page = await TextAsync(app.Employee, "/");
        Assert.Contains("Reward tokens", page, StringComparison.Ordinal);
        Assert.Contains("$750.00 are free to convert: 750 M tokens.", page, StringComparison.Ordinal);
        foreach (var becomes in (string[])["Money", "Days off", "Equity"])
            Assert.Contains($"a test {becomes} never $250.00 250 M tokens $250.00 250 M tokens", page,
                StringComparison.Ordinal);
    }

    private static async Task<string> TextAsync(HttpClient reader, string path) => Blanks().Replace(
        WebUtility.HtmlDecode(Tags().Replace(await reader.GetStringAsync(new Uri(path, UriKind.Relative), Ct), " ")),
        " ");

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex("\\s+")]
    private static partial Regex Blanks();
}
