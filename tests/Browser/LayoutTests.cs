using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Guerdon.Browser;

/// <summary>Every page at three widths, in light and in dark: nothing scrolls sideways, what is decided is in view, all
/// can be read, and words and figures have the one form.</summary>
[Collection(FullSite.Name)]
public sealed partial class LayoutTests(FullSite full)
{
    private const int PagesOfAShape = 2;
    private static readonly int[] Widths = [1440, 1024, 390];

    private const string Audit = """
        () => {
          const wrong = [];
          const name = e => `${e.tagName.toLowerCase()} '${(e.getAttribute('aria-label') || e.textContent)
            .replace(/\s+/g, ' ').trim().slice(0, 50)}'`;
          const hidden = e => !e.checkVisibility({ visibilityProperty: true }) || e.closest('.visually-hidden')
            || getComputedStyle(e.closest('thead') ?? e).position === 'absolute';
          document.querySelectorAll('details').forEach(d => { d.open = true; });
          if (document.documentElement.scrollWidth > innerWidth)
            wrong.push(`the page is ${document.documentElement.scrollWidth} wide`);
          for (const e of document.querySelectorAll('main, main *')) {
            if (hidden(e) || /^(input|textarea|select|svg)$/i.test(e.tagName)) continue;
            const scrolls = getComputedStyle(e).overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1;
            if (scrolls) wrong.push(`scrolls sideways by ${e.scrollWidth - e.clientWidth}: ${name(e)}`);
            const box = e.getBoundingClientRect();
            if (!box.width || !e.matches('a,button,input,select,textarea,summary,td,th,dt,dd,p,h1,h2,li,pre')) continue;
            const around = (e.closest('.card,.hero,.figures') ?? document.body).getBoundingClientRect();
            if (box.left < around.left - 1 || box.right > around.right + 1) wrong.push(`sticks out: ${name(e)}`);
          }
          for (const e of document.querySelectorAll('nav [aria-current]')) {
            const box = e.getBoundingClientRect(), strip = e.closest('nav').getBoundingClientRect();
            if (box.left < strip.left - 1 || box.right > strip.right + 1 || box.right > innerWidth)
              wrong.push(`where one is, is out of view: ${name(e)}`);
          }
          const lines = new Set([...document.querySelectorAll('.top nav > :is(a, button)')]
            .map(e => Math.round(e.offsetTop + e.offsetHeight / 2)));
          if (innerWidth >= 1440 && lines.size > 1) wrong.push(`the navigation has ${lines.size} lines`);
          return [...new Set(wrong)].slice(0, 12);
        }
        """;

    private const string Words = """
        () => {
          const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
          const texts = [];
          for (let node; (node = walk.nextNode());)
            if (!node.parentElement.closest('code, pre, textarea, option, .unit, [role=alert]'))
              texts.push(node.textContent);
          return texts.join(' \u2022 ').replace(/\s+/g, ' ');
        }
        """;

    [Theory, MemberData(nameof(LinkTests.Readers), MemberType = typeof(LinkTests))]
    public async Task Pages_AtThreeWidthsInLightAndDark_KeepAllInViewAndInOneForm(string reader)
    {
        await using var window = await full.Site.OpenAsync(reader);
        var wrong = new List<string>();
        var shapes = new Dictionary<string, int>(StringComparer.Ordinal);
        await Walk.AllAsync(window, ["/", full.OfferLink, "/nowhere"], async (address, _) =>
        {
            var shape = Walk.ShapeOf(address);
            if ((shapes[shape] = shapes.GetValueOrDefault(shape) + 1) > PagesOfAShape) return;
            wrong.AddRange(Wrong(await window.Page.EvaluateAsync<string>(Words)).Select(w => $"{address}: {w}"));
            foreach (var look in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                await window.Page.EmulateMediaAsync(new() { ColorScheme = look });
                var picture = shapes[shape] == 1 && reader != FullSite.Second
                    ? $"{reader.Split('@')[0]}{shape}-{look.ToString().ToLowerInvariant()}" : null;
                wrong.AddRange((await LookAsync(window, picture)).Select(f => $"{address} in {look}, {f}"));
            }
        });

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    // What is wrong with a page at each width; that it can be read in its colours, at one of them.
    private static async Task<IReadOnlyList<string>> LookAsync(Window window, string? picture)
    {
        var wrong = new List<string>();
        foreach (var width in Widths)
        {
            await window.Page.SetViewportSizeAsync(width, 900);
            var found = await window.Page.EvaluateAsync<string[]>(Audit);
            wrong.AddRange(found.Select(f => $"{width} wide: {f}"));
            if (picture is not null) await PictureAsync(window, $"{picture}-{width}");
        }

        var seen = await window.Page.EvaluateAsync<string[]>(LookTests.Audit);
        wrong.AddRange(seen);
        return wrong;
    }

    private static async Task PictureAsync(Window window, string name)
    {
        var file = name.Replace('/', '_').Replace("*", "x", StringComparison.Ordinal);
        await window.Page.EvaluateAsync("document.querySelectorAll('details').forEach(d => { d.open = false; })");
        await window.PictureAsync($"full{file}");
    }

    private static IEnumerable<string> Wrong(string text) =>
        from rule in new (string What, Regex Found)[]
        {
            ("an ISO date", IsoDate()), ("an id", Ids()), ("too many decimals", Decimals()),
            ("a day without its year", BareDay()), ("another form of date", OtherDate()),
        }
        from Match found in rule.Found.Matches(text).Take(3)
        select $"{rule.What}: …{text[Math.Max(0, found.Index - 30)..Math.Min(text.Length, found.Index + 40)]}…";

    [GeneratedRegex(@"(?<![\w-])\d{4}-\d\d(-\d\d)?(?![\w-])")]
    private static partial Regex IsoDate();

    [GeneratedRegex(@"\b[a-z]{3}_[0-9a-f]{12,}")]
    private static partial Regex Ids();

    // A price of a unit may be less than a cent, and has all its decimals.
    [GeneratedRegex(@"\b(?!0\.0)\d[\d,]*\.\d{5,}")]
    private static partial Regex Decimals();

    [GeneratedRegex(@"\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b(?! \d{4})")]
    private static partial Regex BareDay();

    [GeneratedRegex(@"\b\d{1,2} (January|February|March|April|June|July|August|September|October|November|December)\b"
        + @"|\b\d{1,2}/\d{1,2}/\d{2,4}\b|\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{1,2}\b(?!\d)")]
    private static partial Regex OtherDate();
}
