using Guerdon.Simulation;
using Microsoft.Playwright;

namespace Guerdon.Browser;

/// <summary>Nobody lands on an empty wallet.</summary>
[Collection(FullSite.Name)]
public sealed class HomeTests(FullSite full)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Administrator_SigningIn_SeesWhatWaits()
    {
        await using var window = await full.Site.OpenAsync(email: null, "/sign-in");
        await window.Page.GetByLabel("E-mail").FillAsync(FullSite.Second);
        await window.Page.GetByLabel("Password").FillAsync(Company.Password);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await window.ArriveAsync("**/admin");

        var waiting = window.Page.Locator("#waiting");
        await Assertions.Expect(waiting.GetByRole(AriaRole.Link).First).ToBeVisibleAsync();
        await Assertions.Expect(waiting).ToContainTextAsync("price list");
        await window.Page.GotoAsync("/");
        await window.ArriveAsync("**/admin");
    }

    [Fact]
    public async Task Administrator_WhileTheGatewayIsClosed_SeesTheAlarm()
    {
        await using var window = await full.Site.OpenAsync(FullSite.Second, "/admin");
        var alarms = window.Page.Locator("#alarms");
        await Assertions.Expect(alarms).ToBeVisibleAsync();
        var before = await alarms.GetByRole(AriaRole.Listitem).AllTextContentsAsync(); // of what other tests left

        var api = full.ApiOf(FullSite.Second);
        await api.PostAsync("gateway-policy/close", new { reason = "A key leaked." }, Ct);
        await window.Page.ReloadAsync();
        var closed = alarms.GetByRole(AriaRole.Listitem).Filter(
            new() { HasText = "The gateway is closed: A key leaked." });
        await Assertions.Expect(closed.Locator("code")).ToHaveTextAsync("guerdon gateway open");
        await Assertions.Expect(alarms.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(before.Count + 1);

        await new AppliedFiles(api, full.ApiOf(Company.Admin)).ApprovedAsync(
            await api.PostAsync("gateway-policy/open", new { }, Ct), Ct);
        await window.Page.ReloadAsync();
        await Assertions.Expect(alarms.GetByRole(AriaRole.Listitem)).ToHaveTextAsync(before);
    }

    [Fact]
    public async Task Account_OfNobody_IsWelcomedByName()
    {
        await using var window = await full.Site.OpenAsync(FullSite.Nobody);
        await Assertions.Expect(window.Page.Locator("main")).ToContainTextAsync("You are signed in as Nadia Nobody");
    }
}
