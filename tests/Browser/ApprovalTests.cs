using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Guerdon.Browser;

/// <summary>The inbox as a page: what waits for me, and what I asked for.</summary>
[Collection(FullSite.Name)]
public sealed partial class ApprovalTests(FullSite full)
{
    private const string Row = "Put the price list approvals.csv into the book: 1 new model, 0 changed";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PriceList_WaitsForTheOther_IsShownToWhoAsked_AndGoneOnceDecided()
    {
        var id = await ImportAsync();
        await using var other = await full.Site.OpenAsync(FullSite.Second, "/approvals");
        var before = await ForYouAsync(other);
        var row = other.Page.Locator("#for-you").GetByRole(AriaRole.Row, new() { Name = Row });
        await Assertions.Expect(row).ToContainTextAsync(Company.Admin);

        await using var asker = await full.Site.OpenAsync(Company.Admin, "/approvals");
        var own = asker.Page.Locator("#asked").GetByRole(AriaRole.Row, new() { Name = Row });
        await Assertions.Expect(own).ToContainTextAsync(
            $"an administrator other than {Company.Admin}, who imported it");

        await row.GetByRole(AriaRole.Link, new() { Name = $"Review: {Row}" }).ClickAsync();
        await other.ArriveAsync("**/admin/prices");
        await full.ApiOf(FullSite.Second).PostAsync($"prices/proposals/{id}/decline", new { }, Ct);
        await other.Page.GotoAsync("/approvals");
        await Assertions.Expect(row).ToHaveCountAsync(0);
        Assert.Equal(before - 1, await ForYouAsync(other));
        await asker.Page.ReloadAsync();
        await Assertions.Expect(own).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Person_SeesWhatTheyAskedFor_AndNothingToDecide()
    {
        await using var window = await full.Site.OpenAsync(FullSite.Employee, "/approvals");
        await Assertions.Expect(window.Page.Locator("main h1")).ToHaveTextAsync("Approvals");
        await Assertions.Expect(window.Page.Locator("#for-you")).ToHaveCountAsync(0);
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Navigation).GetByText("Approvals")).ToHaveCountAsync(0);
    }

    private async Task<string> ImportAsync()
    {
        const string List = "model,provider,input,output,context_tokens\napprovals-model,openai,1,2,1000\n";
        JsonElement reply = await full.ApiOf(Company.Admin).FileAsync(
            "prices/proposals?format=csv&name=approvals.csv", List, "text/csv", Ct);
        return reply.GetProperty("proposal").GetProperty("id").GetString()!;
    }

    // What the navigation says, which is what the page says.
    private static async Task<int> ForYouAsync(Window window)
    {
        var link = window.Page.GetByRole(AriaRole.Navigation)
            .GetByRole(AriaRole.Link, new() { NameRegex = InNavigation() });
        var badge = int.Parse(
            await link.Locator(".badge").InnerTextAsync(), CultureInfo.InvariantCulture);
        await Assertions.Expect(window.Page.Locator("#for-you-label .badge")).ToHaveTextAsync($"{badge}");
        return badge;
    }

    [GeneratedRegex("^Approvals")]
    private static partial Regex InNavigation();
}
