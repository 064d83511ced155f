using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Guerdon.Database.Grants;
using Guerdon.Host.Running;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Links;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Host;

/// <summary>The first start of an installation: its command line works at once, and its administrator sets a password
/// by a link.</summary>
public sealed class FirstRunTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FirstStart_TokenWorksAtOnce_AndGoesOnWhenThePasswordIsSet()
    {
        await using var database = await TestDatabase.CreateAsync();
        var app = GuerdonApp.Build(
            database.Db, ["http://127.0.0.1:0"],
            new Dictionary<string, string?> { ["SignIn:PasswordIterations"] = "1000" });
        await using var ends = app;
        await GuerdonApp.PrepareAsync(app, Ct);
        await app.StartAsync(Ct);
        var (accounts, links) =
            (app.Services.GetRequiredService<AccountDirectory>(), app.Services.GetRequiredService<OneTimeLinks>());
        var tokens = app.Services.GetRequiredService<ApiTokens>();
        var made = (await FirstRun.EnsureAdminAsync(accounts, links, tokens, TestHome.New(), Ct))!;

        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        client.DefaultRequestHeaders.Authorization =
            new("Bearer", (await File.ReadAllTextAsync(made.TokenFile, Ct)).Trim());
        using var people = new StringContent(
            Company.Header + Company.Row("ada@example.com"), Encoding.UTF8, "text/csv");
        using (var imported = await client.PostAsync("/api/v1/people/import", people, Ct))
            Assert.Equal(HttpStatusCode.OK, imported.StatusCode);
        Assert.Null(await accounts.CheckPasswordAsync(FirstAdministrator.Email, "", Ct));

        using var browser = new HttpClient { BaseAddress = client.BaseAddress };
        var page = await browser.GetStringAsync(made.Link.Path, Ct);
        Assert.Contains(FirstAdministrator.Email, page, StringComparison.Ordinal);
        Assert.True(await links.UseAsync(made.Link.Path.Split('/')[^1], RealApp.Password, Ct));
        Assert.NotNull(await accounts.CheckPasswordAsync(FirstAdministrator.Email, RealApp.Password, Ct));
        var me = await client.GetFromJsonAsync<JsonElement>("/api/v1/me", Ct);
        Assert.Equal(FirstAdministrator.Email, me.GetProperty("email").GetString());
        await app.StopAsync(Ct);
    }

    // What came with the installation is nobody else than whoever set it up.
    [Fact]
    public async Task FirstAccount_AsksForNothingThatAnotherAgreesTo()
    {
        await using var app = await RealApp.StartAsync();
        var accounts = app.Services.GetRequiredService<AccountDirectory>();
        await accounts.CreateAsync(
            FirstAdministrator.Email, "A", Roles.Founder, null, RealApp.Password, Ct);
        await accounts.CreateAsync("ines@example.com", "I", ["employee"], null, RealApp.Password, Ct);
        using var first = await ClientAsync(app, FirstAdministrator.Email);
        using var other = await ClientAsync(app, RealApp.Other);
        Assert.Equal("host.role_no_decider", await TitleAsync(
            first, "accounts/ines@example.com/roles", new { role = "board", reason = "x" }));
        using var asked = await other.PostAsJsonAsync(
            "/api/v1/accounts/ines@example.com/roles", new { role = "board", reason = "x" }, Ct);
        var id = (await asked.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetString();
        Assert.Equal("host.own_role", await TitleAsync(first, $"role-requests/{id}/approve", new { }));
    }

    private static async Task<HttpClient> ClientAsync(RealApp app, string email)
    {
        var id = (await app.Services.GetRequiredService<AccountDirectory>().FindByEmailAsync(email, Ct))!.Id;
        var client = app.Client();
        client.DefaultRequestHeaders.Authorization = new(
            "Bearer", (await app.Services.GetRequiredService<ApiTokens>().CreateAsync(id, "a test", Ct)).Token);
        return client;
    }

    private static async Task<string?> TitleAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync($"/api/v1/{path}", body, Ct);
        var reply = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        return reply.TryGetProperty("title", out var title) ? title.GetString() : $"{reply}";
    }
}
