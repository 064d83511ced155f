using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guerdon.Database.Grants;
using Guerdon.Database.Host;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Audit;
using Guerdon.Identity.Links;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.Ledger.Audit;
using Guerdon.Statements;
using Guerdon.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Identity;

/// <summary>Passwords are set by a link that works once, and that nobody who makes it can use unnoticed.</summary>
public sealed partial class OneTimeLinkTests : IAsyncLifetime
{
    private const string Ines = "ines@example.com", Chosen = "what she chose herself";

    private readonly TurnedClock _clock = new();
    private RealApp _app = null!;
    private HttpClient _admin = null!;
    private HttpClient _other = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private AccountDirectory Accounts => _app.Services.GetRequiredService<AccountDirectory>();

    public async ValueTask InitializeAsync()
    {
        _app = await RealApp.StartAsync(_clock);
        (_admin, _other) = (await SignedInAsync(RealApp.Admin), await SignedInAsync(RealApp.Other));
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        _other.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Link_LookedAtByAMailProgram_SetsThePasswordOnce()
    {
        var link = await LinkAsync("accounts", new { email = Ines, name = "Inês" });
        Assert.Equal(HttpStatusCode.Unauthorized, await TrySignInAsync(Ines, Chosen));
        Assert.Empty((await Accounts.FindByEmailAsync(Ines, Ct))!.Roles);
        using var client = _app.Client();
        for (var i = 0; i < 3; i++)
        {
            using var page = await PageAsync(client, link);
            Assert.Contains(Ines, await page.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
            Assert.Equal("no-referrer", page.Headers.GetValues("Referrer-Policy").Single());
            Assert.True(page.Headers.CacheControl!.NoStore);
        }

        Assert.EndsWith("?why=length", await SetAsync(client, link, "short", "short"), StringComparison.Ordinal);
        Assert.EndsWith("?why=differ", await SetAsync(client, link, Chosen, Chosen + "x"), StringComparison.Ordinal);
        Assert.Equal("/sign-in?why=set", await SetAsync(client, link, Chosen, Chosen));
        Assert.Equal(HttpStatusCode.SeeOther, await TrySignInAsync(Ines, Chosen));

        Assert.Equal(link, await SetAsync(client, link, "another password", "another password"));
        Assert.Equal(HttpStatusCode.SeeOther, await TrySignInAsync(Ines, Chosen));
        await OverAsync(client, link);
        await CleanAsync();
    }

    [Fact]
    public async Task Link_UsedBySeveralAtOnce_SetsOnePassword()
    {
        var link = await LinkAsync("accounts", new { email = Ines, name = "Inês" });
        var links = _app.Services.GetRequiredService<OneTimeLinks>();
        var passwords = Enumerable.Range(0, 8).Select(i => $"{Chosen} {i}").ToArray();
        var done = await Task.WhenAll(passwords.Select(one => links.UseAsync(link.Split('/')[^1], one, Ct)));
        var winner = passwords[Array.IndexOf(done, true)];
        Assert.Single(done, one => one);
        foreach (var password in passwords)
            Assert.Equal(password == winner, await Accounts.CheckPasswordAsync(Ines, password, Ct) is not null);
    }

    [Theory]
    [InlineData("mistyped")]
    [InlineData("old")]
    [InlineData("replaced")]
    [InlineData("closed")]
    [InlineData("nothing")]
    public async Task Link_ThatIsNone_ChangesNothingAndSaysWhatToDo(string why)
    {
        var link = await LinkAsync("accounts", new { email = Ines, name = "Inês" });
        switch (why)
        {
            case "mistyped": link = link[..^1] + (link[^1] == '0' ? '1' : '0'); break;
            case "old": _clock.Now += TimeSpan.FromHours(24); break;
            case "replaced": await LinkAsync($"accounts/{Ines}/reset", new { }); break;
            case "closed": await DoneAsync(_admin, $"accounts/{Ines}/close", new { }); break;
            default: link = "/link/gro_"; break;
        }

        using var client = _app.Client();
        await OverAsync(client, link);
        Assert.Equal(link, await SetAsync(client, link, Chosen, Chosen));
        Assert.False((await Accounts.FindByEmailAsync(Ines, Ct))!.HasPassword);
        // What was closed and opened again has another link, and the former one stays over.
        if (why != "closed") return;
        var again = await LinkAsync("accounts", new { email = Ines, name = "Inês" });
        await OverAsync(client, link);
        Assert.Equal("/sign-in?why=set", await SetAsync(client, again, Chosen, Chosen));
    }

    [Fact]
    public async Task Reset_UntilItsLinkIsUsed_ChangesNothing_ThenEndsSessionsAndTokens()
    {
        await Accounts.CreateAsync(Ines, "Inês", [Roles.Employee], null, RealApp.Password, Ct);
        using var ines = await SignedInAsync(Ines);
        var token = await _app.Services.GetRequiredService<ApiTokens>().CreateAsync(
            (await Accounts.FindByEmailAsync(Ines, Ct))!.Id, "a test", Ct);
        var link = await LinkAsync($"accounts/{Ines}/reset", new { });
        Assert.Equal(HttpStatusCode.SeeOther, await TrySignInAsync(Ines, RealApp.Password));
        Assert.Equal(HttpStatusCode.OK, await MeAsync(ines));

        using var client = _app.Client();
        Assert.Equal("/sign-in?why=set", await SetAsync(client, link, Chosen, Chosen));
        Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(ines));
        Assert.Null(await _app.Services.GetRequiredService<ApiTokens>().FindOwnerAsync(token.Token, Ct));
        Assert.Equal(HttpStatusCode.Unauthorized, await TrySignInAsync(Ines, RealApp.Password));
        Assert.Equal(HttpStatusCode.SeeOther, await TrySignInAsync(Ines, Chosen));
    }

    [Fact]
    public async Task Reset_OfOneselfAProgramOrNobody_IsRefused()
    {
        await Accounts.CreateServiceAsync("bot@example.com", "Bot", [Roles.Platform], "a test", Ct);
        foreach (var (whose, code) in new[]
        {
            (RealApp.Admin, "host.own_reset"), ("bot@example.com", "host.account_of_program"),
            ("nobody@example.com", "host.account_not_found"),
        })
            Assert.Equal(code, await RefusedAsync(_admin, $"accounts/{whose}/reset", new { }));
    }

    // Whoever makes a link may use it.
    [Fact]
    public async Task Reset_OfWhoeverMayDoMore_IsRefused()
    {
        await Accounts.CreateAsync("aud@example.com", "A", [Roles.Auditor], null, RealApp.Password, Ct);
        await Accounts.CreateAsync(FirstAdministrator.Email, "A", [Roles.Administrator], null, RealApp.Password, Ct);
        foreach (var whose in new[] { "aud@example.com", FirstAdministrator.Email })
            Assert.Equal("host.reset_wider", await RefusedAsync(_admin, $"accounts/{whose}/reset", new { }));
    }

    [Theory]
    [InlineData("close")]
    [InlineData("roles/administrator/take")]
    public async Task Link_OfWhoMakesNoneAnyMore_IsOver(string how)
    {
        await Accounts.CreateAsync("cy@example.com", "Cy", [Roles.Administrator], null, RealApp.Password, Ct);
        var link = await LinkAsync("accounts", new { email = Ines, name = "Inês" });
        await DoneAsync(_other, $"accounts/{RealApp.Admin}/{how}", new { });
        using var client = _app.Client();
        await OverAsync(client, link);
        Assert.False(await _app.Services.GetRequiredService<OneTimeLinks>().UseAsync(
            link.Split('/')[^1], Chosen, Ct));
    }

    // A token, or a browser that somebody left open, is not enough.
    [Theory]
    [InlineData("accounts")]
    [InlineData("accounts/ines@example.com/reset")]
    [InlineData("accounts/ines@example.com/vouch")]
    public async Task Links_ByATokenOrAnOldSession_AreNotMade(string path)
    {
        var id = (await Accounts.FindByEmailAsync(RealApp.Admin, Ct))!.Id;
        using var program = _app.Client();
        program.DefaultRequestHeaders.Authorization = new(
            "Bearer", (await _app.Services.GetRequiredService<ApiTokens>().CreateAsync(id, "a test", Ct)).Token);
        var body = new { email = "new@example.com", name = "N", reason = "x" };
        Assert.Equal("host.step_up", await RefusedAsync(program, path, body));
        _clock.Now += TimeSpan.FromMinutes(11);
        Assert.Equal("host.step_up", await RefusedAsync(_admin, path, body));
    }

    [Fact]
    public async Task Trace_OfALink_DoesNotHaveItsSecret()
    {
        var paths = new System.Collections.Concurrent.ConcurrentBag<string>();
        using var listener = new System.Diagnostics.ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref System.Diagnostics.ActivityCreationOptions<System.Diagnostics.ActivityContext> _) =>
                System.Diagnostics.ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => paths.Add(string.Join(' ', activity.TagObjects)),
        };
        System.Diagnostics.ActivitySource.AddActivityListener(listener);
        var link = await LinkAsync("accounts", new { email = Ines, name = "Inês" });
        using var client = _app.Client();
        using (await PageAsync(client, link)) { }
        await SetAsync(client, link, Chosen, Chosen);
        Assert.DoesNotContain(paths, path => path.Contains(link.Split('/')[^1], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Link_OfAnAccountOpenedAgain_ReplacesItsFormerPassword()
    {
        await Accounts.CreateAsync(Ines, "Inês", [Roles.Employee], null, RealApp.Password, Ct);
        await DoneAsync(_admin, $"accounts/{Ines}/close", new { });
        await LinkAsync("accounts", new { email = Ines, name = "Inês" });
        Assert.Equal(HttpStatusCode.Unauthorized, await TrySignInAsync(Ines, RealApp.Password));
    }

    [Fact]
    public async Task Links_ThatAreTried_AreCountedByWhereTheyComeFrom()
    {
        using var client = _app.Client();
        var tried = new List<HttpStatusCode>();
        for (var i = 0; i < 12; i++)
        {
            using var page = await PageAsync(client, $"/link/gro_{i:x64}");
            tried.Add(page.StatusCode);
        }

        Assert.Equal(HttpStatusCode.NotFound, tried[0]);
        Assert.Equal(HttpStatusCode.TooManyRequests, tried[^1]);
    }

    // Not in an act, nor in what was written.
    [Fact]
    public async Task Secret_IsStoredNowhere()
    {
        var link = await LinkAsync("accounts", new { email = Ines, name = "Inês" });
        using var client = _app.Client();
        await SetAsync(client, link, "short", "short");
        await SetAsync(client, link, Chosen, Chosen);
        await SetAsync(client, link, Chosen, Chosen);
        await _app.Services.GetRequiredService<ActLog>().FlushAsync(Ct);

        var secret = link.Split('/')[^1];
        Assert.True(await _app.Db.ScalarAsync<long>(
            "select count(*) from host.act where endpoint like '%/link/{secret}'", [], Ct) >= 2);
        foreach (var table in new[] { "host.act", "kernel.change", "host.one_time_link", "host.session" })
            Assert.Equal(0, await _app.Db.ScalarAsync<long>(
                $"select count(*) from {table} t where to_jsonb(t)::text like '%' || $1 || '%'",
                [secret[4..]], Ct));
    }

    // What may be a secret is not noted, and an account by its id, since its address is handed on.
    [Fact]
    public async Task Act_OfAPathWithASecretOrAnAddress_DoesNotNameIt()
    {
        using (await _admin.DeleteAsync("/api/v1/tokens/grd_0123456789abcdef0123456789abcdef", Ct)) { }
        using (await _admin.DeleteAsync("/api/v1/tokens/a-secret-word", Ct)) { }
        var id = (await Accounts.FindByEmailAsync(RealApp.Other, Ct))!.Id;
        using (await _admin.DeleteAsync($"/api/v1/accounts/{RealApp.Other}/sessions", Ct)) { }
        await DoneAsync(_admin, $"accounts/{RealApp.Other}/close", new { });
        using (await _admin.PostAsJsonAsync("/api/v1/plans/spring-2026/phases/pilot", new { report = "x" }, Ct)) { }
        await _app.Services.GetRequiredService<ActLog>().FlushAsync(Ct);
        var subjects = string.Join(' ', await _app.Db.ReadAsync(
            "select subject from host.act", row => row.Text("subject"), [], Ct));
        Assert.DoesNotContain("grd_", subjects, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret", subjects, StringComparison.Ordinal);
        Assert.Contains($"emailOrAccount={id}", subjects, StringComparison.Ordinal);
        Assert.Contains($"account={id}", subjects, StringComparison.Ordinal);
        Assert.DoesNotContain("@", subjects, StringComparison.Ordinal);
        Assert.Contains("name=spring-2026", subjects, StringComparison.Ordinal); // what it is about stays
        Assert.Contains("token=…", subjects, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_ByAProgram_IsAnsweredByItsStatus()
    {
        using var client = _app.Client();
        var (cookie, token) = await RealApp.FormAsync(client);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/link/gro_00");
        request.Headers.Add("Cookie", cookie);
        request.Content = new FormUrlEncodedContent(
            [new("__RequestVerificationToken", token), new("password", Chosen)]);
        using var answer = await client.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("host.link_over", (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct))
            .GetProperty("title").GetString());
    }

    // From an old page of another site's.
    [Fact]
    public async Task Link_SentFromElsewhere_SetsNothing()
    {
        var link = await LinkAsync("accounts", new { email = Ines, name = "Inês" });
        using var client = _app.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, link);
        request.Headers.Accept.ParseAdd("text/html");
        request.Content = new FormUrlEncodedContent([new("password", Chosen), new("again", Chosen)]);
        using var answer = await client.SendAsync(request, Ct);
        Assert.Equal($"{link}?why=stale", answer.Headers.Location?.ToString());
        Assert.False((await Accounts.FindByEmailAsync(Ines, Ct))!.HasPassword);
    }

    private static async Task OverAsync(HttpClient client, string link)
    {
        using var page = await PageAsync(client, link);
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Contains("ask an administrator for a new link", await page.Content.ReadAsStringAsync(Ct),
            StringComparison.Ordinal);
    }

    private async Task<string> LinkAsync(string path, object body)
    {
        var link = new Uri((await DoneAsync(_admin, path, body)).GetProperty("link").GetString()!);
        Assert.Equal(_app.Address.Authority, link.Authority);
        return link.AbsolutePath;
    }

    private static async Task<HttpResponseMessage> PageAsync(HttpClient client, string link)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        request.Headers.Accept.ParseAdd("text/html");
        return await client.SendAsync(request, Ct);
    }

    // Where the browser is sent.
    private static async Task<string> SetAsync(HttpClient client, string link, string password, string again)
    {
        var (cookie, token) = await RealApp.FormAsync(client);
        using var request = new HttpRequestMessage(HttpMethod.Post, link);
        request.Headers.Accept.ParseAdd("text/html");
        request.Headers.Add("Cookie", cookie);
        request.Content = new FormUrlEncodedContent(
            [new("__RequestVerificationToken", token), new("password", password), new("again", again)]);
        using var answer = await client.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return answer.Headers.Location!.ToString();
    }

    private async Task<HttpStatusCode> TrySignInAsync(string email, string password)
    {
        using var client = _app.Client();
        using var answer = await RealApp.SignInAsync(client, email, password);
        return answer.StatusCode;
    }

    private async Task<HttpClient> SignedInAsync(string email) =>
        SessionTests.Bearer(_app, await SessionTests.SecretAsync(_app, email));

    private static async Task<HttpStatusCode> MeAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/api/v1/me", Ct);
        return answer.StatusCode;
    }

    private static async Task<JsonElement> DoneAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync($"/api/v1/{path}", body, Ct);
        var reply = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {reply}");
        return reply;
    }

    private static async Task<string> RefusedAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync($"/api/v1/{path}", body, Ct);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("title").GetString()!;
    }

    private async Task CleanAsync()
    {
        var findings = new List<Finding>();
        await foreach (var finding in VerifyCompany.RunAsync(_app.Db, null, new VerifyOptions(), Ct))
            findings.Add(finding);
        Assert.Empty(findings);
    }
}
