using Guerdon.Identity.Accounts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Guerdon.Kernel;

namespace Guerdon.Browser;

/// <summary>The navigation of an administrator who is also on file: their own pages, or the others, each in one line,
/// with a link from one to the other.</summary>
[Collection(FullSite.Name)]
public sealed class NavigationTests(FullSite full)
{
    private const string Both = "both@example.com";

    [Fact]
    public async Task AdministratorOnFile_HasOneSetOfPagesAtATime_InOneLine()
    {
        var person = full.Site.Company.Ids["ece@example.com"];
        await full.Site.Services.GetRequiredService<AccountDirectory>().CreateAsync(
            Both, "Ece Fırat with a long name", Roles.Founder, person, Company.Password,
            TestContext.Current.CancellationToken);
        await using var window = await full.Site.OpenAsync(Both, "/");
        await LinksAsync(window, "own",
            ["Wallet", "Statement", "Keys", "Convert", "Claims", "Tiers", "Administration"]);
        await Link(window, "Administration").ClickAsync();
        await window.ArriveAsync("**/admin");
        string[] others =
        [
            "Home", "People", "Plans", "Grants", "Offers", "Conversions", "Claims", "My wallet",
        ];
        string[] more = ["Accounts", "Prices", "Verify", "Access", "Audit"];
        await LinksAsync(window, "admin", others);
        await window.Page.GotoAsync("/approvals");
        await LinksAsync(window, "approvals", others);
        await More(window).ClickAsync();
        await LinksAsync(window, "more", [.. others, .. more]);
        await window.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(Link(window, "Verify")).ToHaveCountAsync(0);
        await More(window).FocusAsync();
        await window.Page.Keyboard.PressAsync("Enter");
        await Link(window, "Verify").ClickAsync();
        await window.ArriveAsync("**/admin/verify");
        await LinksAsync(window, "current", [.. others[..^1], "Verify", others[^1]]);
        await Link(window, "My wallet").ClickAsync();
        await Assertions.Expect(window.Page.Locator("nav [aria-current]")).ToHaveTextAsync("Wallet");
        foreach (var page in (string[])["/notices", "/requests", "/statement"])
        {
            await window.Page.GotoAsync(page);
            await Assertions.Expect(Link(window, "Administration")).ToHaveCountAsync(1);
        }
    }

    private static ILocator More(Window window) =>
        window.Page.GetByRole(AriaRole.Button, new() { Name = "More pages" });

    private static ILocator Link(Window window, string name) =>
        window.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    private static async Task LinksAsync(Window window, string picture, string[] names)
    {
        var links = window.Page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link);
        var texts = (await links.AllInnerTextsAsync()).Select(text => text.Trim()).ToList();
        Assert.Equal(names, texts.Where(text => !text.StartsWith("Approvals", StringComparison.Ordinal)));
        Assert.Equal(names.Length + 1, texts.Count);
        foreach (var look in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await window.Page.EmulateMediaAsync(new() { ColorScheme = look });
            foreach (var width in (int[])[1440, 1280, 390])
            {
                await window.Page.SetViewportSizeAsync(width, 900);
                await window.PictureAsync($"navigation-{picture}-{look.ToString().ToLowerInvariant()}-{width}");
                var lines = await window.Page.EvaluateAsync<int>("""
                    () => new Set([...document.querySelectorAll('.top nav > :is(a, button)')]
                        .map(e => Math.round(e.offsetTop + e.offsetHeight / 2))).size
                    """);
                Assert.Equal(1, lines);
            }
        }

        await window.Page.SetViewportSizeAsync(1440, 900);
    }
}
