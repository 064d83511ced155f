using System.Text;

namespace Guerdon.Browser;

/// <summary>Every link of every page leads to what it says, over a company with some of everything.</summary>
[Collection(FullSite.Name)]
public sealed class LinkTests(FullSite full)
{
    public static TheoryData<string> Readers => [Company.Admin, FullSite.Second, FullSite.Employee, FullSite.Nobody];

    [Theory, MemberData(nameof(Readers))]
    public async Task Links_OfEveryPage_LeadToWhatTheySay(string reader)
    {
        await using var window = await full.Site.OpenAsync(reader);
        var wrong = new List<string>();
        var pages = 0;
        var files = await Walk.AllAsync(window, ["/", full.OfferLink], async (address, response) =>
        {
            pages++;
            var type = await response.HeaderValueAsync("content-type") ?? "";
            if (response.Status != 200 || !type.StartsWith("text/html", StringComparison.Ordinal))
                wrong.Add($"{address}: {response.Status} {type}");
            if (await window.Page.Locator("h1").CountAsync() != 1) wrong.Add($"{address}: not one h1");
        });
        foreach (var file in files)
            if (await WrongAsync(window, file) is { } why) wrong.Add($"{file.From}, '{file.Says}', {file.To}: {why}");

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        var admin = reader is Company.Admin or FullSite.Second;
        Assert.True(pages >= (admin ? 60 : reader == FullSite.Employee ? 10 : 1), $"only {pages} pages");
        if (reader == FullSite.Nobody) return;
        Assert.Contains(files, f => f.Says.Contains("Total rewards", StringComparison.Ordinal));
        Assert.Contains(files, f => f.To.Contains("/receipt", StringComparison.Ordinal));
        if (admin) Assert.Contains(files, f => f.To.Contains("/payroll/export", StringComparison.Ordinal));
    }

    private static async Task<string?> WrongAsync(Window window, Link link)
    {
        var response = await window.Page.APIRequest.GetAsync(link.To);
        var type = response.Headers.GetValueOrDefault("content-type", "");
        if (response.Status != 200) return $"{response.Status} {type}";
        var name = response.Headers.GetValueOrDefault("content-disposition", "");
        if (!name.Contains("filename=", StringComparison.Ordinal)) return $"a file without a name, {type}";
        if (type.Contains("json", StringComparison.Ordinal) || type.Contains("html", StringComparison.Ordinal))
            return $"no file but {type}";

        var body = await response.BodyAsync();
        var start = Encoding.ASCII.GetString(body.AsSpan(0, Math.Min(4, body.Length)));
        var isPdf = link.Says.Contains("PDF", StringComparison.Ordinal);
        if (isPdf && (start != "%PDF" || !type.StartsWith("application/pdf", StringComparison.Ordinal)))
            return $"no PDF but {type}, {start}…";
        var isCsv = link.Says.Contains("CSV", StringComparison.OrdinalIgnoreCase)
            || link.Says.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
        return isCsv && (!type.StartsWith("text/csv", StringComparison.Ordinal)
            || !name.Contains(".csv", StringComparison.Ordinal)) ? $"no CSV but {type}, {name}" : null;
    }
}
