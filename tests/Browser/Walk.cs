using Microsoft.Playwright;

namespace Guerdon.Browser;

/// <summary>What a page leads to: a link, or a form that asks and its button.</summary>
/// <param name="From">The page.</param>
/// <param name="To">Path and query.</param>
/// <param name="Says">What a reader sees or hears of it.</param>
/// <param name="IsFile">It is said to be saved, not shown.</param>
public sealed record Link(string From, string To, string Says, bool IsFile);

/// <summary>Every page that somebody gets to by links, starting from their home.</summary>
internal static class Walk
{
    private const int MostPages = 400;

    private const string LinksOf = """
        () => {
          const links = [...document.querySelectorAll('a[href]')].filter(a => !a.getAttribute('href').startsWith('#'))
            .map(a => [a.href, a.getAttribute('aria-label') || a.textContent, a.hasAttribute('download')]);
          for (const form of document.querySelectorAll('form[method=get]')) {
            const asked = (button, select, option) => {
              if (select) select.value = option;
              const query = new URLSearchParams(new FormData(form, button));
              const to = new URL(form.getAttribute('action') || location.pathname, location.href);
              const says = `${button.textContent} ${option}`;
              links.push([`${to.pathname}?${query}`, says, to.pathname.startsWith('/api/')]);
            };
            form.querySelectorAll('[type=checkbox]').forEach(box => { box.checked = true; });
            for (const button of form.querySelectorAll('button:not([type=button])')) {
              const select = form.querySelector('select');
              if (!select) asked(button, null, button.value);
              else for (const o of [...select.options].map(o => o.value)) asked(button, select, o);
            }
          }
          return links.map(([to, says, file]) => {
            const url = new URL(to, location.href);
            const place = url.origin === location.origin ? url.pathname + url.search : url.href;
            return { to: place, says: says.replace(/\s+/g, ' ').trim(), isFile: file };
          });
        }
        """;

    private sealed class Found
    {
        public string To { get; set; } = "";
        public string Says { get; set; } = "";
        public bool IsFile { get; set; }
    }

    /// <summary>Goes to every page, calls back on each, and returns every link that is no page.</summary>
    /// <param name="window">Whose window.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="look">Gets each page's address and the browser's answer for it.</param>
    public static async Task<IReadOnlyList<Link>> AllAsync(
        Window window, IEnumerable<string> start, Func<string, IResponse, Task> look)
    {
        var files = new List<Link>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var next = new Queue<string>(start);
        while (next.TryDequeue(out var address))
        {
            if (!seen.Add(address)) continue;
            Assert.True(seen.Count <= MostPages, $"More than {MostPages} pages; the last is {address}.");
            var response = await window.Page.GotoAsync(address);
            await look(address, response!);
            if (IsLongPast(address)) continue; // each month leads to the one before it
            foreach (var link in await window.Page.EvaluateAsync<Found[]>(LinksOf))
                if (link.IsFile) files.Add(new(address, link.To, link.Says, true));
                else next.Enqueue(link.To);
        }

        return [.. files.DistinctBy(f => (f.To, f.Says))];
    }

    /// <summary>One address for all pages that differ in ids and queries alone.</summary>
    public static string ShapeOf(string address) => System.Text.RegularExpressions.Regex.Replace(
        address.Split('?')[0], "[a-z]{3}_[0-9a-f]{32}|/offer/.*", "*");

    private static bool IsLongPast(string address)
    {
        var at = address.IndexOf("month=", StringComparison.Ordinal);
        return at >= 0 && string.CompareOrdinal(
            address[(at + 6)..], $"{TimeProvider.System.GetUtcNow().AddMonths(-2):yyyy-MM}") < 0;
    }
}
