using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.Playwright;

namespace Guerdon.Browser;

/// <summary>From the form to the candidate's screen, and back to nothing once the link is revoked.</summary>
public sealed class OfferTests(Site site)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Offer_MadeComparedSharedAndRevoked_WorksFromTheFormToTheCandidate()
    {
        await using var window = await site.OpenAsync(Company.Admin, "/admin/offers/new");
        await FillAsync(window.Page, "browser-ours", "Analytical Engines", "100000", "lots");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Save offer" }).PressAsync("Enter");
        var problem = window.Page.GetByRole(AriaRole.Alert);
        await problem.WaitForAsync();
        Assert.Contains(
            "usability is 'lots', not a percentage", await problem.InnerTextAsync(), StringComparison.Ordinal);
        await window.PictureAsync("offer-form");
        Assert.Equal("100000", await window.Page.GetByLabel("Base pay a year").InputValueAsync());

        await window.Page.GetByLabel("How much is used").FillAsync("70%");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Save offer" }).ClickAsync();
        await window.ArriveAsync("**/admin/offers/ofr_*");
        Assert.Equal("125,000.00", await window.Page.Locator("tfoot td").First.InnerTextAsync());

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Make link" }).ClickAsync();
        var url = await window.Page.GetByLabel("Link", new() { Exact = true }).First.InnerTextAsync();
        await LookAsync(window, "offer");
        await CandidateReadsAsync(url);

        await window.Page.GotoAsync("/admin/offers/new");
        await FillAsync(window.Page, "browser-theirs", "Difference Ltd", "110000", "50%");
        await window.Page.GetByLabel("A competitor's, to compare with").CheckAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Save offer" }).ClickAsync();
        await window.ArriveAsync("**/admin/offers/ofr_*");
        Assert.Equal(0, await window.Page.GetByRole(AriaRole.Button, new() { Name = "Make link" }).CountAsync());
        await window.Page.GotoAsync("/admin/offers");
        await LookAsync(window, "offers");
        await window.Page.GetByLabel("Compare browser-ours").First.CheckAsync();
        await window.Page.GetByLabel("Compare browser-theirs").First.CheckAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Compare those ticked" }).ClickAsync();
        await window.Page.Locator("#compared-label").WaitForAsync();
        Assert.Contains("117,500.00", await window.Page.Locator("tfoot").InnerTextAsync(), StringComparison.Ordinal);
        await LookAsync(window, "offers-compared");

        await window.Page.GotoAsync("/admin/offers/browser-ours");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Revoke the link" }).ClickAsync();
        await window.Page.Locator(".badge", new() { HasText = "revoked" }).WaitForAsync();
        using var client = site.Client();
        using var revoked = await client.GetAsync(new Uri(url), Ct);
        using var wrong = await client.GetAsync(new Uri("/offer/wrong", UriKind.Relative), Ct);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (revoked.StatusCode, wrong.StatusCode));
        Assert.Equal(await revoked.Content.ReadAsStringAsync(Ct), await wrong.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task Employee_OfferPages_AreClosed()
    {
        await using var window = await site.OpenAsync(Company.Anna.Email);
        string[] closed = ["/admin/offers", "/admin/offers/new", "/admin/offers/compare", "/admin/offers/x"];
        foreach (var address in closed)
            Assert.Equal(403, (await window.Page.GotoAsync(address))!.Status);
    }

    private async Task CandidateReadsAsync(string url)
    {
        var token = url[(url.LastIndexOf('/') + 1)..];
        var traced = new ConcurrentBag<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Microsoft.AspNetCore" or "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
                ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a => traced.Add(
                $"{a.DisplayName} {string.Join(' ', a.TagObjects.Select(t => $"{t.Key}={t.Value}"))}"),
        };
        ActivitySource.AddActivityListener(listener);
        await using var stranger = await site.OpenAsync(email: null, url);
        Assert.Equal("Offer to Ada Lovelace", await stranger.Page.Locator("h1").InnerTextAsync());
        await LookAsync(stranger, "offer-candidate");

        using var client = site.Client();
        using var page = await client.GetAsync(new Uri(url), Ct);
        Assert.True(page.Headers.CacheControl?.NoStore);
        Assert.Equal("no-referrer", page.Headers.GetValues("Referrer-Policy").Single());
        Assert.StartsWith("noindex", page.Headers.GetValues("X-Robots-Tag").Single(), StringComparison.Ordinal);
        var pdf = await client.GetByteArrayAsync(new Uri(url + "/offer.pdf"), Ct);
        Assert.Equal("%PDF-1.7"u8, pdf.AsSpan(0, 8));
        Assert.NotEmpty(traced);
        Assert.DoesNotContain(traced, t => t.Contains(token, StringComparison.Ordinal));
    }

    private static async Task FillAsync(IPage page, string name, string employer, string pay, string usability)
    {
        foreach (var (label, value) in new[]
        {
            ("Name of the offer", name), ("Candidate", "Ada Lovelace"), ("Employer", employer), ("Role", "Engineer"),
            ("Country", "DE"), ("Town", "Berlin"), ("First day", "2199-02-01"), ("Valid until", "2199-12-31"),
            ("Currency", "EUR"), ("Base pay a year", pay), ("Allowance a year", "25%"), ("How much is used", usability),
        })
        {
            await page.GetByLabel(label).FillAsync(value);
        }
    }

    private static Task LookAsync(Window window, string name) => LookTests.LookAsync(window, name);
}
