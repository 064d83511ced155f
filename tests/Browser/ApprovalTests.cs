using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Guerdon.Simulation;
using Microsoft.Playwright;

namespace Guerdon.Browser;

/// <summary>The inbox as a page: what waits for me, who asked for what and since when, and what I asked for. What is
/// decided is gone from it, and is decided once.</summary>
[Collection(FullSite.Name)]
public sealed partial class ApprovalTests(FullSite full)
{
    private const string Row = "Put the price list approvals.csv into the book: 1 new model, 0 changed";
    private const string Bo = "bo@example.com", Vendor = "Inbox Limited";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PriceList_WaitsForTheOther_IsShownToWhoAsked_AndGoneOnceDecided()
    {
        var id = await ImportAsync();
        await using var other = await full.Site.OpenAsync(FullSite.Second, "/approvals");
        var before = await ForYouAsync(other);
        var row = other.Page.Locator("#for-you").GetByRole(AriaRole.Row, new() { Name = Row });
        await ReadsAsync(row, await SinceAsync(FullSite.Second, id), Row, Company.Admin, "Review");

        await using var asker = await full.Site.OpenAsync(Company.Admin, "/approvals");
        var own = asker.Page.Locator("#asked").GetByRole(AriaRole.Row, new() { Name = Row });
        await Assertions.Expect(own.GetByRole(AriaRole.Cell)).ToHaveTextAsync(
        [
            await SinceAsync(Company.Admin, id),
            $"someone with the finance role other than {Company.Admin}, who imported it",
            "Look",
        ]);
        await Assertions.Expect(asker.Page.Locator("#for-you").GetByText(Row)).ToHaveCountAsync(0);

        await row.GetByRole(AriaRole.Link, new() { Name = $"Review: {Row}" }).ClickAsync();
        await other.ArriveAsync("**/admin/prices");
        await full.ApiOf(FullSite.Second).PostAsync($"prices/proposals/{id}/decline", new { }, Ct);
        await other.Page.GotoAsync("/approvals");
        await Assertions.Expect(row).ToHaveCountAsync(0);
        Assert.Equal(before - 1, await ForYouAsync(other));
        await asker.Page.ReloadAsync();
        await Assertions.Expect(own).ToHaveCountAsync(0);
        await RefusedAsync(Company.Admin, $"prices/proposals/{id}/decline", new { }, FullSite.Second);
    }

    [Fact]
    public async Task Claims_SayWhoAsksForWhat_TheOldestFirst_AndAreDecidedOnce()
    {
        string[] ids =
        [
            await full.FileClaimAsync(Bo, Vendor, "31.50"), await full.FileClaimAsync(Bo, Vendor, "32.75"),
        ];
        string[] subjects = [.. new[] { "31.50", "32.75" }.Select(pays =>
            $"{pays} EUR to {Bo}, for ChatGPT Plus of {Vendor}")];
        await using var second = await full.Site.OpenAsync(FullSite.Second, "/approvals");
        await using var first = await full.Site.OpenAsync(Company.Admin, "/approvals");
        foreach (var (window, reader) in new[] { (second, FullSite.Second), (first, Company.Admin) })
        {
            var rows = Rows(window, "for-you");
            await Assertions.Expect(rows.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync(subjects);
            for (var i = 0; i < 2; i++)
                await ReadsAsync(rows.Nth(i), await SinceAsync(reader, ids[i]), subjects[i], Bo, "Review");
            await AreInOrderAsync(window);
        }

        await using var asker = await full.Site.OpenAsync(Bo, "/approvals");
        await Assertions.Expect(Rows(asker, "asked").GetByRole(AriaRole.Rowheader)).ToHaveTextAsync(subjects);
        await Assertions.Expect(Rows(asker, "asked").First).ToContainTextAsync(
            $"someone with the finance role other than {Bo}, who filed it");

        // Both look at the same form; one sends it first.
        var before = await ForYouAsync(second);
        await using var late = await full.Site.OpenAsync(Company.Admin, "/admin/claims");
        await Rows(second, "for-you").First.GetByRole(AriaRole.Link).ClickAsync();
        await second.ArriveAsync("**/admin/claims");
        await DeclineAsync(second, ids[0], "Not ours.");
        await DeclineAsync(late, ids[0], "Too late.");
        await Assertions.Expect(late.Page.Locator("main [role=alert], #form-notice").First).ToBeVisibleAsync();
        await RefusedAsync(Company.Admin, $"claims/{ids[0]}/approve", new { }, FullSite.Second);
        await Assertions.Expect(late.Page.GetByText("Not ours.").First).ToBeVisibleAsync(); // in its row, and why
        await Assertions.Expect(late.Page.GetByText("Too late.")).ToHaveCountAsync(0);

        foreach (var window in new[] { second, first, asker })
        {
            await window.Page.GotoAsync("/approvals");
            await Assertions.Expect(Rows(window, window == asker ? "asked" : "for-you")
                .GetByRole(AriaRole.Rowheader)).ToHaveTextAsync([subjects[1]]);
        }

        Assert.Equal(before - 1, await ForYouAsync(second));
        await full.ApiOf(FullSite.Second).PostAsync($"claims/{ids[1]}/decline", new { reason = "Not ours." }, Ct);
    }

    [Fact]
    public async Task Person_SeesWhatTheyAskedFor_AndNothingToDecide()
    {
        await using var window = await full.Site.OpenAsync(FullSite.Employee, "/approvals");
        await Assertions.Expect(window.Page.Locator("main h1")).ToHaveTextAsync("Approvals");
        await Assertions.Expect(window.Page.Locator("#for-you")).ToHaveCountAsync(0);
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Navigation).GetByText("Approvals")).ToHaveCountAsync(0);
    }

    private static ILocator Rows(Window window, string section) =>
        window.Page.Locator($"#{section} tbody tr", new() { HasText = Vendor });

    private static Task ReadsAsync(ILocator row, string since, string subject, string askedBy, string link) =>
        Assertions.Expect(row.Locator("th, td")).ToHaveTextAsync([subject, askedBy, since, link]);

    // What waits for whoever reads has the oldest on top.
    private static async Task AreInOrderAsync(Window window)
    {
        var texts = await window.Page.Locator("#for-you td[data-label=Since]").AllInnerTextsAsync();
        var times = texts.Select(text => DateTime.Parse(text, CultureInfo.InvariantCulture)).ToList();
        Assert.True(times.Count > 2, string.Join('\n', texts));
        Assert.Equal(times.Order(), times);
    }

    private static async Task DeclineAsync(Window window, string id, string why)
    {
        var form = window.Page.Locator($"form:has(input[name='_handler'][value='decline {id}'])");
        await window.Page.Locator("details", new() { Has = form }).Locator("summary").ClickAsync();
        await form.Locator("[name=Answer]").FillAsync(why);
        await form.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(form).ToHaveCountAsync(0); // its row says what became of it
    }

    // Whoever decides again is told who did.
    private async Task RefusedAsync(string who, string path, object body, string decider)
    {
        var refused = await Assert.ThrowsAsync<SimulationException>(() => full.ApiOf(who).PostAsync(path, body, Ct));
        Assert.True(refused.IsRefusal, refused.Message);
        Assert.Contains("answered 409", refused.Message, StringComparison.Ordinal);
        Assert.Contains(decider, refused.Message, StringComparison.Ordinal);
    }

    // When it was asked for, in the form of pages, as the API tells it.
    private async Task<string> SinceAsync(string reader, string id)
    {
        var inbox = await full.ApiOf(reader).GetAsync("approvals?limit=1000", Ct);
        var at = inbox.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("id").GetString() == id)
            .GetProperty("askedAt").GetDateTimeOffset();
        return at.UtcDateTime.ToString("d MMM yyyy, HH:mm:ss", CultureInfo.InvariantCulture);
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
