namespace Guerdon.Browser;

/// <summary>Every page can be used without a mouse: whatever the Tab key comes to is in view, and seen to be there.
/// </summary>
[Collection(FullSite.Name)]
public sealed class KeyboardTests(FullSite full)
{
    private const int MostStops = 80;

    // Null: past the page's last.
    private const string Focused = """
        () => {
          const e = document.activeElement;
          if (!e || e === document.body) return null;
          const box = e.getBoundingClientRect(), outline = getComputedStyle(e).outlineStyle;
          const name = `${e.tagName.toLowerCase()} ${(e.getAttribute('aria-label') || e.textContent || e.name).trim()}`;
          if (outline === 'none') return `is not seen to have the focus: ${name.slice(0, 60)}`;
          return box.width > 0 && box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight
            ? '' : `has the focus out of view: ${name.slice(0, 60)}`;
        }
        """;

    [Theory, MemberData(nameof(LinkTests.Readers), MemberType = typeof(LinkTests))]
    public async Task Tab_ThroughEveryPage_IsSeenWhereItIs(string reader)
    {
        await using var window = await full.Site.OpenAsync(reader);
        var wrong = new List<string>();
        var shapes = new HashSet<string>(StringComparer.Ordinal);
        await Walk.AllAsync(window, ["/"], async (address, _) =>
        {
            if (!shapes.Add(Walk.ShapeOf(address))) return;
            foreach (var width in (int[])[1440, 390])
            {
                await window.Page.SetViewportSizeAsync(width, 900);
                await window.Page.EvaluateAsync("document.activeElement?.blur()");
                for (var stop = 0; stop < MostStops; stop++)
                {
                    await window.Page.Keyboard.PressAsync("Tab");
                    if (await window.Page.EvaluateAsync<string?>(Focused) is not { } found) break;
                    if (found.Length > 0) wrong.Add($"{address}, {width} wide: {found}");
                }
            }
        });

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Distinct()));
    }
}
