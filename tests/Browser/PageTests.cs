using Guerdon.Ledger;
using Guerdon.Ledger.Transfers;
using Guerdon.Metering.Requests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Guerdon.Browser;

public sealed class PageTests(Site site)
{
    private static readonly string Anna = Company.Anna.Email;

    [Fact]
    public async Task SignIn_WrongPasswordThenRight_SaysSoAndWorksByKeyboardAlone()
    {
        await using var window = await site.OpenAsync(email: null, "/statement?month=2026-01");
        var keys = window.Page.Keyboard;
        await window.ArriveAsync("**/sign-in?ReturnUrl=**");

        await Assertions.Expect(window.Page.GetByLabel("E-mail")).ToBeFocusedAsync();
        await keys.TypeAsync(Anna);
        await keys.PressAsync("Tab");
        await keys.TypeAsync("not the password");
        await keys.PressAsync("Enter");
        var problem = window.Page.GetByRole(AriaRole.Alert);
        await problem.WaitForAsync();
        Assert.Contains("do not belong together", await problem.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(Anna, await window.Page.GetByLabel("E-mail").InputValueAsync());
        await window.PictureAsync("sign-in-wrong");

        await Assertions.Expect(window.Page.GetByLabel("Password")).ToBeFocusedAsync();
        await keys.TypeAsync(Company.Password);
        await keys.PressAsync("Enter");
        await window.ArriveAsync("**/statement?month=2026-01");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).PressAsync("Enter");
        await window.ArriveAsync("**/sign-in");
        await window.Page.GetByLabel("E-mail").WaitForAsync();
        await window.Page.GotoAsync("/");
        Assert.Contains("/sign-in", window.Page.Url, StringComparison.Ordinal);
    }

    // The script writes its cookie under the name that the page says, and the server reads it.
    [Fact]
    public async Task Theme_ThatIsChosen_StaysWhenThePageIsLoadedAgain()
    {
        await using var window = await site.OpenAsync("bo@example.com");
        var (toggle, page) = (window.Page.Locator("[data-theme-toggle]"), window.Page.Locator("html"));
        foreach (var _ in (string[])["first", "second"])
        {
            await toggle.ClickAsync();
            var chosen = await page.GetAttributeAsync("data-theme");
            Assert.Contains(chosen, (string[])["light", "dark"]);
            await window.Page.ReloadAsync();
            Assert.Equal(chosen, await page.GetAttributeAsync("data-theme"));
        }
    }

    [Fact]
    public async Task Wallet_Balance_IsTheSumOfItsLots()
    {
        await using var window = await site.OpenAsync("bo@example.com");

        var balance = await window.AmountAsync("#tokens");
        var lots = await window.Page.Locator("#lots [data-left]").EvaluateAllAsync<long[]>(
            "cells => cells.map(c => Number(c.dataset.left))");

        Assert.True(balance > 0);
        Assert.Equal(balance, lots.Sum() / 1_000m);
        Assert.Equal(balance, await window.AmountAsync("#available") + await window.AmountAsync("#escrow"));
    }

    [Fact]
    public async Task Wallet_RequestSettled_ShowsWithoutReload()
    {
        await using var window = await site.OpenAsync("dev@example.com");
        await window.Page.Locator("[data-live-mark]").WaitForAsync();
        var before = await window.AmountAsync("#tokens");
        var rows = await window.Page.Locator("#requests tbody tr").CountAsync();
        await window.Page.EvaluateAsync("window.untouched = true");

        var charged = await site.Company.UseAsync(
            site.Services.GetRequiredService<LedgerWriter>(), site.Services.GetRequiredService<RequestJournal>(),
            new WalletId(site.Company.Ids["dev@example.com"]));

        var after = before - charged.Milli / 1_000m;
        var wanted = FormattableString.Invariant($"#tokens data[value='{after:#,0.###}']");
        await window.Page.Locator(wanted).WaitForAsync();
        Assert.True(await window.Page.EvaluateAsync<bool>("window.untouched"));
        Assert.True(rows <= await window.Page.Locator("#requests tbody tr").CountAsync());
        await Assertions.Expect(window.Page.Locator("[data-live-said]")).ToContainTextAsync("Balance");
    }

    [Fact]
    public async Task Statement_Month_ReAddsAndDrillsDownToItsRequests()
    {
        await using var window = await site.OpenAsync("cara@example.com", "/statement");
        if (await window.Page.Locator("tbody a").CountAsync() == 0) // the first days of a month have no working day yet
            await window.Page.Locator("a[rel=prev]").ClickAsync();

        var amounts = await window.Page.Locator("tbody tr:not(.total) td.tokens").AllInnerTextsAsync();
        var opening = await window.TextAmountAsync("#opening");
        var closing = await window.TextAmountAsync("#closing");
        Assert.NotEmpty(amounts);
        Assert.Equal(closing, opening + amounts.Sum(Window.Number));

        var row = window.Page.Locator("tbody tr:has(a)").First;
        var booked = Window.Number(await row.Locator("td.tokens").InnerTextAsync());
        await row.Locator("a").ClickAsync();
        Assert.Equal(-booked, await window.TextAmountAsync(".sum strong"));
    }

    [Fact]
    public async Task Keys_MadeAndRevoked_IsShownOnceAndThenMarked()
    {
        await using var window = await site.OpenAsync("ece@example.com", "/keys");
        await window.Page.GetByLabel("Name").FillAsync("laptop");
        await window.Page.GetByLabel("Limit in tokens").FillAsync("250000");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Make key" }).ClickAsync();

        var key = await window.Page.GetByLabel("Key", new() { Exact = true }).First.InnerTextAsync();
        Assert.StartsWith("sk-guerdon-", key, StringComparison.Ordinal);
        Assert.Contains(key, await window.Page.ContentAsync(), StringComparison.Ordinal);
        await window.PictureAsync("keys-made");

        await window.Page.GotoAsync("/keys");
        Assert.DoesNotContain(key, await window.Page.ContentAsync(), StringComparison.Ordinal);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Revoke laptop" }).ClickAsync();
        await window.Page.Locator(".badge", new() { HasText = "revoked" }).WaitForAsync();
    }

    [Fact]
    public async Task Admin_Employee_IsSentAway()
    {
        await using var window = await site.OpenAsync(Anna);
        var other = $"/admin/people/prs_{site.Company.Ids["bo@example.com"]:N}";

        string[] closed =
            ["/admin", "/admin/grants", "/admin/accounts", "/admin/prices", "/admin/verify", other];
        foreach (var address in closed)
        {
            var response = await window.Page.GotoAsync(address);
            Assert.Equal(403, response!.Status);
            Assert.DoesNotContain("Bo Chen", await window.Page.ContentAsync(), StringComparison.Ordinal);
        }

        // Of people they see themselves alone.
        Assert.Equal(200, (await window.Page.GotoAsync("/admin/people?q=chen"))!.Status);
        Assert.DoesNotContain("Bo Chen", await window.Page.ContentAsync(), StringComparison.Ordinal);

        Assert.Equal(404, (await window.Page.APIRequest.GetAsync($"/statement.csv?person={other[^36..]}")).Status);
        Assert.Equal(404, (await window.Page.APIRequest.GetAsync($"/live/wallets/wal_{other[^32..]}")).Status);
    }

    [Fact]
    public async Task Admin_Overview_SumsPeopleAndRanksNobody()
    {
        await using var window = await site.OpenAsync(Company.Admin, "/admin");
        // What waits for a decision says whom it is for; another test may have asked for something meanwhile.
        var sections = window.Page.Locator("main section:not(:has(#waiting-label))");
        var text = string.Join('\n', await sections.AllInnerTextsAsync());
        Assert.Contains("Where the granted tokens are", text, StringComparison.Ordinal);

        foreach (var (name, email, _) in Company.People)
        {
            Assert.DoesNotContain(name, text, StringComparison.Ordinal);
            Assert.DoesNotContain(email, text, StringComparison.Ordinal);
        }

        var teams = await window.Page.Locator("section:has(#teams-label) tbody th").AllInnerTextsAsync();
        Assert.Equal(["Engineering/Platform", "Smaller teams"], teams);

        await window.Page.GotoAsync("/admin/people");
        var names = await window.Page.Locator("tbody th").AllInnerTextsAsync();
        // Another test may have hired somebody of its own meanwhile.
        Assert.Equal(
            Company.People.Select(p => p.Name).Order(StringComparer.Ordinal), names.Where(n => n != RunTests.Hired));
        await window.Page.GetByLabel("Name, e-mail or team").FillAsync("o'neil");
        await window.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(window.Page.Locator("tbody tr")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Person_BeforeTheirFirstGrant_IsToldWhatComes()
    {
        await using var window = await site.OpenAsync("jo@example.com");
        await Assertions.Expect(window.Page.Locator("#welcome")).ToContainTextAsync("Welcome, Jo O'Neil");
        Assert.Equal(0, await window.Page.Locator("#balance").CountAsync());
    }

    [Fact]
    public async Task Verify_UntouchedCompany_Matches()
    {
        await using var window = await site.OpenAsync(Company.Admin, "/admin/verify");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Verify now" }).ClickAsync();
        await window.Page.GetByRole(AriaRole.Status).Or(window.Page.GetByRole(AriaRole.Alert)).WaitForAsync();
        await window.PictureAsync("admin-verify", full: false);

        Assert.Contains(
            "Everything matches", await window.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
    }
}
