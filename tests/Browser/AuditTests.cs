using System.Text.RegularExpressions;
using Guerdon.Identity.Audit;
using Guerdon.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Npgsql;

namespace Guerdon.Browser;

/// <summary>The page of auditors, and everybody's own of who looked.</summary>
[Collection(FullSite.Name)]
public sealed partial class AuditTests(FullSite full)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Acts_OfSomebody_AreShownWithTheirRowsAndSaved()
    {
        await using var window = await full.Site.OpenAsync(FullSite.Second, "/admin/audit");
        await window.Page.GetByLabel("Who", new() { Exact = true }).FillAsync(Company.Admin);
        await window.Page.GetByLabel("What kind").SelectOptionAsync("write");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await window.ArriveAsync("**/admin/audit?**kind=write**");
        var rows = window.Page.Locator("table.records tbody tr");
        Assert.True(await rows.CountAsync() > 5);
        foreach (var row in await rows.AllInnerTextsAsync())
            Assert.Contains(Company.Admin, row, StringComparison.Ordinal);
        var wrote = rows.Locator("details").First;
        await wrote.Locator("summary").ClickAsync();
        await Assertions.Expect(wrote.Locator("code").First).ToHaveTextAsync(Digest());
        await Assertions.Expect(window.Page.GetByText("acts are chained")).ToHaveCountAsync(1);
        var csv = await window.Page.GetByRole(AriaRole.Link, new() { Name = "Save as CSV" }).GetAttributeAsync("href");
        var saved = await (await window.Page.APIRequest.GetAsync(csv!)).TextAsync();
        Assert.DoesNotContain("\"refused\"", saved, StringComparison.Ordinal);
        Assert.Equal(
            await rows.CountAsync() < 100 ? await rows.CountAsync() : 100,
            Math.Min(100, saved.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length - 1));
        await LookTests.LookAsync(window, "admin-audit-rows");
    }

    [Fact]
    public async Task Acts_OfManyPages_GoOnWithOlderOnes()
    {
        const string who = "many@example.com";
        await full.Site.Services.GetRequiredService<NpgsqlDataSource>().ExecuteAsync($"""
            insert into host.act (act_id, request_id, at, kind, who, means, roles, address, endpoint, permission,
                                  subject, status, times)
            select gen_random_uuid(), gen_random_uuid(), now() - n * interval '1 second', 'refused', '{who}', 'token',
                   'employee', '192.0.2.1', 'GET /api/v1/people', 'people:read', 'n=' || n, 403, 1
              from generate_series(1, 130) n
            """, [], Ct);
        await using var window = await full.Site.OpenAsync(Company.Admin, $"/admin/audit?who={who}");
        var subjects = window.Page.Locator("table.records tbody code").Filter(new() { HasText = "n=" });
        var first = await subjects.AllInnerTextsAsync();
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Older ones" }).ClickAsync();
        await window.ArriveAsync("**after=**");
        var older = await subjects.AllInnerTextsAsync();
        Assert.Equal(Enumerable.Range(1, 130).Select(n => $"n={n}"), first.Concat(older));
        await Assertions.Expect(window.Page.GetByText("Older ones")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Looks_AtOnesWallet_AreOnOnesOwnPage()
    {
        var anna = full.Site.Company.Ids[FullSite.Employee];
        await using (var admin = await full.Site.OpenAsync(FullSite.Second, $"/admin/people/prs_{anna:N}")) { }
        await full.Site.Services.GetRequiredService<ActLog>().FlushAsync(Ct);
        await using var window = await full.Site.OpenAsync(FullSite.Employee);
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Who can see what about you" }).ClickAsync();
        await window.ArriveAsync("**/me/seen");
        var looked = window.Page.GetByRole(AriaRole.Region, new() { Name = "Who looked" }).Last;
        await Assertions.Expect(looked.GetByRole(AriaRole.Row).Filter(new() { HasText = FullSite.Second })
            .Filter(new() { HasText = "GET /admin/people/{Person}" }).First).ToBeVisibleAsync();
        await Assertions.Expect(window.Page.GetByText("Sam Second").First).ToBeVisibleAsync();
        await LookTests.LookAsync(window, "seen");
    }

    [GeneratedRegex("^[a-z_]+\\.[a-z_]+ \\(.*\\) [a-z]+ [0-9a-f]{64}$")]
    private static partial Regex Digest();
}
