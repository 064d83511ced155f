using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Sessions;
using Guerdon.Identity.Tokens;
using Guerdon.Simulation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Guerdon.Kernel;

namespace Guerdon.Browser;

/// <summary>A run on its page: the decision is shown to who may make it, and names what they saw.</summary>
public sealed class RunTests(Site site)
{
    private const string Second = "second.chief@example.com";

    /// <summary>Whom these tests add to the company's people.</summary>
    public const string Hired = "Runa Page";

    private AppliedFiles _files = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_PreparedOnThePage_IsDecidedByAnotherWhoSeesItsDigest()
    {
        using var api = await ApiAsync();
        await SetUpAsync();

        await using (var first = await site.OpenAsync(Company.Admin, "/admin/grants"))
        {
            await PrepareAsync(first.Page);
            await first.Page.GetByText("awaits approval").WaitForAsync();
            await Assertions.Expect(first.Page.Locator("#who-may"))
                .ToContainTextAsync(
                    $"It waits for someone with the finance role other than {Company.Admin}, who prepared it");
            Assert.Equal(0, await first.Page.GetByRole(AriaRole.Button, new() { Name = "Approve" }).CountAsync());
            Assert.Equal(1, await first.Page.GetByRole(AriaRole.Button, new() { Name = "Withdraw" }).CountAsync());
        }

        await using var other = await site.OpenAsync(Second, "/admin/grants");
        await PrepareAsync(other.Page); // approves nothing: it shows what waits
        await other.Page.GetByText("awaits approval").WaitForAsync();
        var run = await api.GetFromJsonAsync<JsonElement>(
            "/api/v1/grants/runs/" + other.Page.Url.Split('/')[^1], Ct);
        Assert.Equal("awaiting", run.GetProperty("state").GetString());
        await Assertions.Expect(other.Page.GetByText(run.GetProperty("digest").GetString()!)).ToBeVisibleAsync();

        await other.Page.GetByRole(AriaRole.Button, new() { Name = "Approve and post" }).PressAsync("Enter");
        await other.Page.GetByText("posted", new() { Exact = true }).WaitForAsync();
        Assert.Equal(0, await other.Page.GetByRole(AriaRole.Button, new() { Name = "Approve" }).CountAsync());
    }

    private static async Task PrepareAsync(IPage page)
    {
        await page.GetByLabel("Plan", new() { Exact = true }).First.SelectOptionAsync("page-runs");
        await page.GetByLabel("Month", new() { Exact = true }).First.FillAsync(Month);
        await page.GetByRole(AriaRole.Button, new() { Name = "Prepare", Exact = true }).PressAsync("Enter");
    }

    private static string Month => $"{TimeProvider.System.GetUtcNow():yyyy-MM}";

    private async Task<HttpClient> ApiAsync()
    {
        var accounts = site.Services.GetRequiredService<AccountDirectory>();
        await accounts.CreateAsync(Second, "Second Chief", Roles.Founder, null, Company.Password, Ct);
        var account = (await accounts.FindByEmailAsync(Company.Admin, Ct))!;
        var tokens = site.Services.GetRequiredService<ApiTokens>();
        var token = await tokens.CreateAsync(account.Id, "runs", Ct);
        var second = (await accounts.FindByEmailAsync(Second, Ct))!;
        _files = new AppliedFiles(
            new CompanyApi(site.Address, token.Token),
            new CompanyApi(
                site.Address, (await tokens.CreateAsync(second.Id, "runs", Ct)).Token,
                async ct => (await site.Services.GetRequiredService<OpenSessions>().OpenAsync(
                    second.Id, new(SessionKind.CommandLine, "127.0.0.1", "a test"),
                    TimeProvider.System.GetUtcNow(), ct)).Secret));
        var api = site.Client();
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        return api;
    }

    private async Task SetUpAsync()
    {
        await _files.ApplyAsync("people/import", $"""
            email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay,total_pay,currency,github_login
            runa@example.com,{Hired},PageRuns,Engineer,L5,US,C,2024-01-15,,100000,120000,USD,
            """, "text/csv", Ct);
        await _files.ApplyAsync("plans", $$"""
            name: page-runs
            effective_from: {{Month}}-01
            pool: page-runs
            allowance: { share: 12%, basis: base, mode: on-top, expires_after: P3M, tax_class: work_compute }
            eligible: { teams: [PageRuns] }
            """, "text/yaml", Ct);
    }
}
