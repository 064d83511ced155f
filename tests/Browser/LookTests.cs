using Microsoft.Playwright;

namespace Guerdon.Browser;

/// <summary>Every page in light, dark and on a phone: nothing sticks out, all can be read, and by everyone.</summary>
public sealed class LookTests(Site site)
{
    internal static readonly string Audit = """
        () => {
          const wrong = [];
          const seen = e => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
          const name = e => (e.getAttribute('aria-label') || e.textContent || '').trim();
          if (!document.documentElement.lang) wrong.push('no language');
          if (!document.title) wrong.push('no title');
          if (document.querySelectorAll('h1').length !== 1) wrong.push('not one h1');
          let last = 0;
          for (const h of document.querySelectorAll('h1,h2,h3,h4')) {
            const level = Number(h.tagName[1]);
            if (level > last + 1) wrong.push(`heading skips to ${h.outerHTML}`);
            last = level;
          }
          for (const e of document.querySelectorAll('input:not([type=hidden])'))
            if (!e.labels.length) wrong.push(`no label: ${e.outerHTML}`);
          for (const e of document.querySelectorAll('a,button')) 
            if (seen(e) && !name(e)) wrong.push(`no name: ${e.outerHTML}`);
          for (const e of document.querySelectorAll('svg[role=img],[role=region]'))
            if (!e.getAttribute('aria-label') && !e.getAttribute('aria-labelledby'))
              wrong.push(`no name: ${e.outerHTML.slice(0, 90)}`);
          const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
          for (const id of new Set(ids)) if (ids.filter(i => i === id).length > 1) wrong.push(`id ${id} twice`);
          for (const e of document.querySelectorAll('[aria-labelledby],[aria-describedby]'))
            for (const list of ['aria-labelledby', 'aria-describedby'])
              for (const id of e.getAttribute(list)?.split(/ +/) ?? [])
                if (!document.getElementById(id)) wrong.push(`no element ${id}`);
          if (document.documentElement.scrollWidth > innerWidth)
            wrong.push(`scrolls sideways: ${document.documentElement.scrollWidth} of ${innerWidth}`);

          const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
          const rgb = colour => {
            canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
            return canvas.getImageData(0, 0, 1, 1).data;
          };
          const light = c => [0.2126, 0.7152, 0.0722].reduce((sum, w, i) => {
            const v = c[i] / 255; return sum + w * (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
          }, 0);
          const behind = e => {
            for (; e; e = e.parentElement) {
              const c = rgb(getComputedStyle(e).backgroundColor);
              if (c[3] === 255) return c;
            }
            return rgb('white');
          };
          const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          for (let node; (node = walk.nextNode());) {
            const e = node.parentElement, style = getComputedStyle(e);
            if (!node.textContent.trim() || !seen(e) || e.closest('.visually-hidden,.skip')) continue;
            const [a, b] = [light(rgb(style.color)), light(behind(e))];
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            const size = parseFloat(style.fontSize);
            if (ratio < (size >= 24 ? 3 : 4.5))
              wrong.push(`contrast ${ratio.toFixed(2)}: ${node.textContent.trim().slice(0, 40)}`);
          }
          return [...new Set(wrong)];
        }
        """;

    public static TheoryData<string, string, string?> Pages => new()
    {
        { "sign-in", "/sign-in", null },
        { "wallet", "/", Company.Anna.Email },
        { "wallet-empty", "/", "jo@example.com" },
        { "statement", "/statement", Company.Anna.Email },
        { "requests", "/requests", Company.Anna.Email },
        { "keys", "/keys", Company.Anna.Email },
        { "convert-empty", "/convert", "jo@example.com" },
        { "claims-empty", "/claims", "jo@example.com" },
        { "not-found", "/nowhere", Company.Anna.Email },
        { "denied", "/admin", Company.Anna.Email },
        { "admin-overview", "/admin", Company.Admin },
        { "approvals", "/approvals", Company.Admin },
        { "admin-people", "/admin/people", Company.Admin },
        { "admin-person", "/admin/people/anna@example.com", Company.Admin },
        { "admin-grants", "/admin/grants", Company.Admin },
        { "admin-accounts", "/admin/accounts", Company.Admin },
        { "admin-prices", "/admin/prices", Company.Admin },
        { "admin-no-wallet", "/", Company.Admin },
        { "offer-new", "/admin/offers/new", Company.Admin },
        { "offer-link-wrong", "/offer/wrong", null },
    };

    [Theory, MemberData(nameof(Pages))]
    public async Task Page_LightDarkAndOnAPhone_ReadsWell(string name, string address, string? email)
    {
        await using var window = await site.OpenAsync(email, address);
        await LookAsync(window, name);
    }

    /// <summary>Pictures and checks of the page that a window shows, in all four looks.</summary>
    internal static async Task LookAsync(Window window, string name)
    {
        await LookAsync("light");
        await window.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await LookAsync("dark");
        var size = window.Page.ViewportSize!;
        await window.Page.SetViewportSizeAsync(360, 740);
        await LookAsync("phone-dark");
        await window.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await LookAsync("phone");
        await window.Page.SetViewportSizeAsync(size.Width, size.Height);

        async Task LookAsync(string kind)
        {
            await window.PictureAsync($"{name}-{kind}");
            Assert.Empty(await window.Page.EvaluateAsync<string[]>(Audit));
        }
    }

    [Fact]
    public async Task Theme_Toggled_IsKept()
    {
        await using var window = await site.OpenAsync(email: null, "/sign-in");
        var light = await Paper();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Switch between light and dark" }).ClickAsync();
        var dark = await Paper();
        await window.Page.ReloadAsync();

        Assert.NotEqual(light, dark);
        Assert.Equal(dark, await Paper());

        Task<string> Paper() => window.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
    }

    [Fact]
    public async Task Statement_Printed_LeavesThePageFurnitureOut()
    {
        await using var window = await site.OpenAsync(Company.Anna.Email, "/statement");
        await window.Page.EmulateMediaAsync(new() { Media = Media.Print });

        Assert.False(await window.Page.Locator(".top").IsVisibleAsync());
        Assert.True(await window.Page.Locator("#closing").IsVisibleAsync());
        await window.PictureAsync("statement-print");
    }
}
