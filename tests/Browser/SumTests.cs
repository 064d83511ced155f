namespace Guerdon.Browser;

/// <summary>Where a total stands beside rows, the dollars of the rows add up to it exactly as they are shown.</summary>
[Collection(FullSite.Name)]
public sealed class SumTests(FullSite full)
{
    private const string Audit = """
        () => {
          const cents = e => {
            const text = e.textContent.trim();
            if (/^[−]?<\$0\.01$/.test(text)) return 0;
            return Math.round(100 * Number(text.replace('−', '-').replace('$', '').replaceAll(',', '')));
          };
          const sum = (rows, total) => {
            const whole = document.querySelector(total), parts = [...document.querySelectorAll(rows)];
            if (!whole || parts.length === 0) return [];
            const made = parts.reduce((all, e) => all + cents(e), 0);
            return made === cents(whole) ? ['adds up'] : [`${rows} make ${made / 100}, not ${whole.textContent}`];
          };
          return [
            ...sum('.statement tbody td.num:not(.tokens) > data', '.statement tfoot td.num:not(.tokens) > data'),
            ...sum('#lots td[data-label="Left"] > data', '#balance .big > data'),
            ...sum('#available > data, #escrow > data', '#balance .big > data'),
          ];
        }
        """;

    [Theory, MemberData(nameof(LinkTests.Readers), MemberType = typeof(LinkTests))]
    public async Task Rows_BesideATotal_AddUpToItAsShown(string reader)
    {
        await using var window = await full.Site.OpenAsync(reader);
        var found = new List<string>();
        await Walk.AllAsync(window, ["/"], async (address, _) =>
            found.AddRange((await window.Page.EvaluateAsync<string[]>(Audit)).Select(f => $"{address}: {f}")));

        if (reader == FullSite.Employee) Assert.Contains(found, f => f.EndsWith("adds up", StringComparison.Ordinal));
        Assert.DoesNotContain(found, f => !f.EndsWith("adds up", StringComparison.Ordinal));
    }
}
