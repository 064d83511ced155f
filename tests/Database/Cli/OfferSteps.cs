using Guerdon.Database.Host;
using Guerdon.Tests;

namespace Guerdon.Database.Cli;

/// <summary>Offers to a candidate.</summary>
internal static class OfferSteps
{
    private const string Ann = PeopleSteps.Ann;

    public static async Task WalkAsync(VerbWalk walk)
    {
        var file = RunningApp.Example("offer.yaml");
        var created = await walk.DoesAsync(Ann, $"offer create {file}");
        Assert.StartsWith("Offer ada-lovelace, version 1, ", created.Typed.Results, StringComparison.Ordinal);
        var other = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))
            .Replace("offer: ada-lovelace", "offer: other-firm", StringComparison.Ordinal)
            .Replace("base_pay: 100000", "base_pay: 90000", StringComparison.Ordinal);
        await walk.DoesAsync(Ann, "offer create -", input: other);
        await walk.DoesAsync(Ann, "offer list");
        var compared = await walk.DoesAsync(Ann, "offer compare ada-lovelace other-firm --years 4");
        Assert.StartsWith("""
            A year, over 4, EUR  ada-lovelace, promised  risk-adjusted  other-firm, promised  risk-adjusted
            Base pay                         100,000.00     100,000.00             90,000.00      90,000.00
            Bonus                             10,000.00       8,000.00              9,000.00       7,200.00

            """, compared.Typed.Results, StringComparison.Ordinal);
        var link = await walk.DoesAsync(Ann, "offer link ada-lovelace --days 7");
        Assert.Equal(link.Text("url") + "\n", link.Typed.Results);
        await walk.DoesAsync(Ann, "offer show ada-lovelace");
        var id = link.Text("link", "id");
        await walk.DoesAsync(Ann, $"offer revoke {id}", json: _ => $$"""{"id": "{{id}}", "revoked": true}""");
        await walk.DoesAsync(Ann, "offer show ada-lovelace");
        await walk.DoesAsync(Ann, "offer listing ada-lovelace");
        await walk.DoesAsync(Ann, "offer listing ada-lovelace --html");
        await SavesAsync(walk, Ann, "offer pdf ada-lovelace", "offer.pdf");
    }

    /// <summary>Types a line that saves a file, which is then what the API answered.</summary>
    public static async Task SavesAsync(VerbWalk walk, string who, string line, string name)
    {
        var path = Path.Combine(TestHome.New(), name);
        byte[] saved = [];
        await walk.DoesAsync(who, $"{line} --to {path}", json: exchanges =>
        {
            saved = exchanges[^1].Reply;
            return $$"""{"file": "{{path}}", "bytes": {{saved.Length}}}""";
        });
        Assert.Equal(saved, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
    }
}
