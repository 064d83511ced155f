using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Guerdon.Host.Running;
using Guerdon.Identity;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Links;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.Notices;
using Guerdon.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Browser;

/// <summary>Sign-in as a program sees it; these need no browser.</summary>
public sealed partial class SignInTests(Site site)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/v1/me")]
    [InlineData("/api/v1/people")]
    [InlineData("/api/v1/tokens")]
    public async Task Api_Stranger_Gets401AsProblem(string address)
    {
        using var client = site.Client();
        using var response = await client.GetAsync(new Uri(address, UriKind.Relative), Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("host.not_signed_in", await TitleAsync(response));
    }

    [Fact]
    public async Task Pages_Stranger_AreSentToSignIn()
    {
        using var client = site.Client();
        string[] closed = ["/", "/keys", "/statement", "/statement.csv", "/requests", "/admin", "/live/wallets/wal_1"];
        foreach (var address in closed)
        {
            using var response = await client.GetAsync(new Uri(address, UriKind.Relative), Ct);
            Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
            Assert.Contains("/sign-in?ReturnUrl=", response.Headers.Location!.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Answers_Always_CarrySecurityHeaders()
    {
        using var client = site.Client();
        using var response = await client.GetAsync(new Uri("/sign-in", UriKind.Relative), Ct);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();

        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Theory]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    [InlineData("/\tevil", "/")]
    [InlineData("/statement?month=2026-01", "/statement?month=2026-01")]
    public async Task SignIn_ReturnUrl_StaysOnThisSite(string asked, string landed)
    {
        using var client = site.Client();
        using var response = await SignInAsync(client, "bo@example.com", Company.Password, asked);

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal(landed, response.Headers.Location!.ToString());
    }

    [Fact]
    public async Task SignIn_UnknownAccountAndWrongPassword_GetTheSameAnswer()
    {
        using var client = site.Client();
        using var wrong = await SignInAsync(client, "gil@example.com", "wrong password");
        using var unknown = await SignInAsync(client, "nil@example.com", "wrong password");

        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
        var (first, second) = (await wrong.Content.ReadAsStringAsync(Ct), await unknown.Content.ReadAsStringAsync(Ct));
        Assert.Equal(Words(first), Words(second));

        static string Words(string page) => AntiforgeryToken().Replace(page, "")
            .Replace("gil@", "", StringComparison.Ordinal).Replace("nil@", "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_ManyTries_AreSlowedDownForThatEmailAlone()
    {
        using var client = site.Client();
        for (var i = 0; i < 10; i++)
            using (var tried = await SignInAsync(client, "victim@example.com", "guess " + i))
                Assert.Equal(HttpStatusCode.Unauthorized, tried.StatusCode);

        using var late = await SignInAsync(client, "Victim@Example.com", "guess");
        using var other = await SignInAsync(client, "ines@example.com", Company.Password);

        Assert.Equal(HttpStatusCode.TooManyRequests, late.StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, other.StatusCode);
    }

    [Fact]
    public async Task SignIn_WithoutAntiforgeryToken_IsRefused()
    {
        using var client = site.Client();
        using var form = new FormUrlEncodedContent([new("email", "bo@example.com"), new("password", Company.Password)]);
        using var response = await client.PostAsync(new Uri("/sign-in", UriKind.Relative), form, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Api_WriteByCookie_NeedsTheHeader()
    {
        using var client = site.Client();
        using var signedIn = await SignInAsync(client, "femi@example.com", Company.Password);
        client.DefaultRequestHeaders.Add("Cookie", Cookie(signedIn, "guerdon="));

        using var bare = await client.PostAsJsonAsync("/api/v1/tokens", new { name = "x" }, Ct);
        client.DefaultRequestHeaders.Add("X-Guerdon", "1");
        using var meant = await client.PostAsJsonAsync("/api/v1/tokens", new { name = "x" }, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, bare.StatusCode);
        Assert.Equal("host.cross_site", await TitleAsync(bare));
        Assert.Equal(HttpStatusCode.Created, meant.StatusCode);
    }

    [Fact]
    public async Task Token_MadeUsedRevoked_EndsAtOnce()
    {
        var accounts = site.Services.GetRequiredService<AccountDirectory>();
        var account = (await accounts.FindByEmailAsync("GIL@example.com", Ct))!;
        var first = await site.Services.GetRequiredService<ApiTokens>().CreateAsync(account.Id, "laptop", Ct);
        using var client = site.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", first.Token);

        var me = await client.GetFromJsonAsync<JsonElement>("/api/v1/me", Ct);
        Assert.Equal("gil@example.com", me.GetProperty("email").GetString());
        Assert.Equal($"wal_{site.Company.Ids["gil@example.com"]:N}", me.GetProperty("wallet").GetString());
        using var forbidden = await client.GetAsync(new Uri("/api/v1/grants/runs", UriKind.Relative), Ct);
        Assert.Equal("host.not_allowed", await TitleAsync(forbidden));
        using var nameless = await client.PostAsJsonAsync("/api/v1/tokens", new { name = " " }, Ct);
        Assert.Equal("host.step_up", await TitleAsync(nameless)); // a token makes none

        var list = await client.GetFromJsonAsync<JsonElement>("/api/v1/tokens", Ct);
        Assert.DoesNotContain(first.Token, list.GetRawText(), StringComparison.Ordinal);
        var mine = new Uri($"/api/v1/tokens/{first.Id}", UriKind.Relative);
        using var revoked = await client.DeleteAsync(mine, Ct);
        using var after = await client.DeleteAsync(mine, Ct);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal("host.not_signed_in", await TitleAsync(after));
    }

    [Fact]
    public async Task Token_OfAnother_CannotBeRevoked()
    {
        var accounts = site.Services.GetRequiredService<AccountDirectory>();
        var bo = await accounts.FindByEmailAsync("bo@example.com", Ct);
        var gil = await accounts.FindByEmailAsync("gil@example.com", Ct);
        var tokens = site.Services.GetRequiredService<ApiTokens>();
        var mine = await tokens.CreateAsync(bo!.Id, "bo", Ct);
        var theirs = await tokens.CreateAsync(gil!.Id, "gil", Ct);
        using var client = site.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", mine.Token);

        using var response = await client.DeleteAsync(new Uri($"/api/v1/tokens/{theirs.Id}", UriKind.Relative), Ct);

        Assert.Equal("host.token_not_found", await TitleAsync(response));
        Assert.NotNull(await tokens.FindOwnerAsync(theirs.Token, Ct));
    }

    [Fact]
    public async Task FirstRun_EmptyThenNot_MakesOneAdminAndAFileForItsOwnerAlone()
    {
        await using var database = await TestDatabase.CreateAsync();
        var options = Microsoft.Extensions.Options.Options.Create(new SignInOptions { PasswordIterations = 1_000 });
        var accounts = new AccountDirectory(database.Db, TimeProvider.System, options);
        var tokens = new ApiTokens(database.Db, TimeProvider.System);
        var home = TestHome.New();

        var links = new OneTimeLinks(database.Db, accounts, new LinkNotices(), TimeProvider.System, options);
        var made = await FirstRun.EnsureAdminAsync(accounts, links, tokens, home, Ct);
        var again = await FirstRun.EnsureAdminAsync(accounts, links, tokens, home, Ct);

        Assert.NotNull(made);
        Assert.Null(again);
        var secret = made.Link.Path.Split('/')[^1];
        Assert.Equal(Roles.Founder, (await links.FindAsync(secret, Ct))?.Roles);
        Assert.True(await links.UseAsync(secret, Company.Password, Ct));
        Assert.NotNull(await accounts.CheckPasswordAsync("Admin@localhost", Company.Password, Ct));
        // The command line goes on.
        Assert.NotNull(await tokens.FindOwnerAsync((await File.ReadAllTextAsync(made.TokenFile, Ct)).Trim(), Ct));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(made.TokenFile));
    }

    [Fact]
    public async Task Unknown_Address_IsAPageForPeopleAndAProblemForPrograms()
    {
        using var client = site.Client();
        using var api = await client.GetAsync(new Uri("/api/v1/nothing", UriKind.Relative), Ct);
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        using var page = await client.GetAsync(new Uri("/nothing", UriKind.Relative), Ct);

        Assert.Equal(HttpStatusCode.NotFound, api.StatusCode);
        Assert.Equal("application/problem+json", api.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Contains("There is no such page", await page.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> SignInAsync(
        HttpClient client, string email, string password, string returnUrl = "/")
    {
        using var page = await client.GetAsync(new Uri("/sign-in", UriKind.Relative), Ct);
        var token = AntiforgeryToken().Match(await page.Content.ReadAsStringAsync(Ct)).Groups[1].Value;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in");
        request.Headers.Add("Cookie", Cookie(page, "guerdon.form="));
        request.Content = new FormUrlEncodedContent(
        [
            new("__RequestVerificationToken", token), new("email", email), new("password", password),
            new("returnUrl", returnUrl),
        ]);
        return await client.SendAsync(request, Ct);
    }

    private static string Cookie(HttpResponseMessage response, string start) => response.Headers.GetValues("Set-Cookie")
        .Single(c => c.StartsWith(start, StringComparison.Ordinal)).Split(';')[0];

    private static async Task<string?> TitleAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("title").GetString();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex AntiforgeryToken();
}
