using System.Net;
using Guerdon.Database.Grants;
using Guerdon.Database.Host;
using Guerdon.Database.Identity;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Audit;
using Guerdon.Identity.Links;
using Guerdon.Kernel;
using Guerdon.Ledger.Audit;
using Guerdon.Statements;
using Guerdon.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Passkeys;

/// <summary>A passkey signs in and confirms, its owner sees and removes it, and it ends with the account and with a
/// link that sets the password.</summary>
public sealed class PasskeyTests : IAsyncLifetime
{
    private const string Ines = "ines@example.com";

    private readonly TurnedClock _clock = new();
    private readonly Guid _person = Guid.CreateVersion7();
    private RealApp _app = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private AccountDirectory Accounts => _app.Services.GetRequiredService<AccountDirectory>();

    public async ValueTask InitializeAsync()
    {
        _app = await RealApp.StartAsync(_clock, ("Public:Address", PasskeyBrowser.Origin));
        await Accounts.CreateAsync(Ines, "Inês", [Roles.Employee], _person, RealApp.Password, Ct);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // a device that does not count its uses
    public async Task Passkey_IsAdded_SignsIn_Confirms_IsRenamed_AndRemoved(bool counts)
    {
        using var key = new SoftPasskey { Counts = counts };
        using var browser = await WithKeyAsync(key);
        Assert.Equal(1, await CountAsync("select count(*) from passkeys.passkey where ended_at is null"));
        using var other = new PasskeyBrowser(_app);
        Assert.Equal("/keys", await other.UseAsync(key));
        Assert.Equal(HttpStatusCode.OK, await other.MeAsync());
        Assert.Contains(Ines, other.Page, StringComparison.Ordinal);

        _clock.Now += TimeSpan.FromMinutes(11);
        Assert.False(await IsConfirmedAsync());
        Assert.Equal("/keys", await other.UseAsync(key, "/confirm/passkey"));
        Assert.True(await IsConfirmedAsync());

        await other.SendAsync(HttpMethod.Get, "/passkeys");
        Assert.Contains("laptop", other.Page, StringComparison.Ordinal);
        await other.SendAsync(HttpMethod.Get, "/api/v1/passkeys");
        var listed = System.Text.Json.JsonElement.Parse(other.Page)[0];
        Assert.Equal(["laptop", "guerdon.example.com"],
            new[] { "name", "domain" }.Select(name => listed.GetProperty(name).GetString()));
        Assert.NotEqual(System.Text.Json.JsonValueKind.Null, listed.GetProperty("usedAt").ValueKind);
        await other.SendAsync(HttpMethod.Delete, $"/api/v1/passkeys/{listed.GetProperty("id").GetString()}");
        Assert.Equal(HttpStatusCode.NoContent, other.Status);
        Assert.Equal(HttpStatusCode.OK, await other.MeAsync()); // sessions go on
        using var late = new PasskeyBrowser(_app);
        Assert.StartsWith("/sign-in?why=passkey", await late.UseAsync(key), StringComparison.Ordinal);
        Assert.False(late.HasSession);

        Assert.Equal(["passkey_added", "passkey_removed"], await NoticesAsync());
        await _app.Services.GetRequiredService<ActLog>().FlushAsync(Ct);
        Assert.Equal(1, await CountAsync("""
            select count(*) from host.act
             where endpoint = 'POST /sign-in/passkey' and kind = 'signed_in' and who = 'ines@example.com'
            """));
        await CleanAsync();
    }

    [Fact]
    public async Task Add_TakesARecentSignIn_AndASessionOfItsOwn()
    {
        using var browser = new PasskeyBrowser(_app);
        await browser.SignInAsync(Ines);
        _clock.Now += TimeSpan.FromMinutes(11);
        await browser.SendAsync(HttpMethod.Post, "/passkeys/new/options");
        Assert.Equal(HttpStatusCode.Forbidden, browser.Status);
        Assert.Contains("host.step_up", browser.Page, StringComparison.Ordinal);
        await browser.SendAsync(HttpMethod.Get, "/passkeys");
        Assert.Contains("/confirm?ReturnUrl=%2Fpasskeys", browser.Page, StringComparison.Ordinal);

        // Asked for by one, answered by another in the same browser.
        await browser.SignInAsync(Ines);
        using var key = new SoftPasskey();
        var made = key.Make(await browser.AskAsync("/passkeys/new"), PasskeyBrowser.Origin);
        var asked = browser.Cookies["__Host-guerdon.passkey"];
        await browser.SignInAsync(RealApp.Other);
        browser.Cookies["__Host-guerdon.passkey"] = asked;
        Assert.Equal("/passkeys?why=passkey",
            await browser.SendAsync(HttpMethod.Post, "/passkeys/new", ("credential", made), ("name", "x")));
        Assert.Equal(0, await CountAsync("select count(*) from passkeys.passkey"));
    }

    [Fact]
    public async Task Passkey_ThatIsThere_IsNotAddedAgain_WhoeversItIs()
    {
        using var key = new SoftPasskey();
        using var browser = await WithKeyAsync(key);
        Assert.Contains(Convert.ToBase64String(key.Id).TrimEnd('=').Replace('+', '-').Replace('/', '_'),
            await browser.AskAsync("/passkeys/new"), StringComparison.Ordinal); // the device is told
        Assert.Equal("/passkeys?why=passkey", await browser.AddAsync(key));
        using var other = new PasskeyBrowser(_app);
        await other.SignInAsync(RealApp.Other);
        Assert.Equal("/passkeys?why=passkey", await other.AddAsync(key));
        Assert.Equal("/passkeys?why=name", await other.AddAsync(new SoftPasskey(), name: " "));
        Assert.Equal("/passkeys?why=name", await other.AddAsync(new SoftPasskey(), name: new string('x', 81)));
        Assert.Equal(1, await CountAsync("select count(*) from passkeys.passkey"));
        await other.SendAsync(HttpMethod.Delete, $"/api/v1/passkeys/psk_{await IdAsync():N}"); // not theirs
        Assert.Equal(HttpStatusCode.NotFound, other.Status);
    }

    [Fact]
    public async Task Passkeys_OfAnAccount_HaveABound()
    {
        using var browser = new PasskeyBrowser(_app);
        await browser.SignInAsync(Ines);
        for (var i = 0; i < Guerdon.Passkeys.Keys.OwnPasskeys.MostPerAccount; i++)
            Assert.Equal("/passkeys?why=added", await browser.AddAsync(new SoftPasskey(), $"key {i}"));
        Assert.Equal("/passkeys?why=too-many", await browser.AddAsync(new SoftPasskey()));
    }

    // Whoever used a link before may have added one: the newest link leaves none.
    [Theory]
    [InlineData("closed")]
    [InlineData("link")]
    [InlineData("vouch")]
    [InlineData("own password")]
    public async Task Passkeys_EndWithTheAccount_AndWithALink_AndGoOnWithAPasswordOfOnesOwn(string what)
    {
        using var key = new SoftPasskey();
        using var browser = await WithKeyAsync(key);
        var id = (await Accounts.FindByEmailAsync(Ines, Ct))!.Id;
        using var admin = SessionTests.Bearer(_app, await SessionTests.SecretAsync(_app, RealApp.Admin));
        switch (what)
        {
            case "closed":
                await PostAsync(admin, $"/api/v1/accounts/{Ines}/close", "{}");
                await UseLinkAsync(
                    await PostAsync(admin, "/api/v1/accounts", """{"email": "ines@example.com", "name": "Inês"}"""));
                break;
            case "link":
                await UseLinkAsync(await PostAsync(admin, $"/api/v1/accounts/{Ines}/reset", "{}"));
                break;
            case "vouch": // whoever used the link added it; the account's owner has another password by now
                await UseLinkAsync(await PostAsync(admin, $"/api/v1/accounts/{Ines}/reset", "{}"));
                using (var added = new SoftPasskey())
                using (await WithKeyAsync(added))
                using (var user = new PasskeyBrowser(_app))
                {
                    Assert.Equal("/keys", await user.UseAsync(added));
                    await VouchAsync();
                    Assert.Equal("/sign-in?why=passkey&ReturnUrl=%2Fkeys", await user.UseAsync(added));
                }

                break;
            default:
                await browser.SendAsync(
                    HttpMethod.Post, "/password", ("current", RealApp.Password), ("password", "another long one"),
                    ("again", "another long one"));
                break;
        }

        Assert.True((await Accounts.FindAsync(id, Ct))!.HasPassword);
        using var late = new PasskeyBrowser(_app);
        var place = await late.UseAsync(key);
        Assert.Equal(what == "own password" ? "/keys" : "/sign-in?why=passkey&ReturnUrl=%2Fkeys", place);
        await CleanAsync();
    }

    // Their company's provider shuts them out, and a passkey here is no way around it.
    [Fact]
    public async Task Passkey_OfAnAccountWithoutAPassword_ConfirmsAndSignsNobodyIn()
    {
        const string nora = "nora@example.com";
        await Accounts.CreateAsync(nora, "Nora", [Roles.Employee], null, RealApp.Password, Ct);
        using var key = new SoftPasskey();
        using var browser = new PasskeyBrowser(_app);
        await browser.SignInAsync(nora);
        await browser.AddAsync(key);
        await _app.Db.ExecuteAsync(
            "update host.account set password_hash = null where email = $1", [nora], Ct);
        using var late = new PasskeyBrowser(_app);
        Assert.StartsWith("/sign-in?why=provider", await late.UseAsync(key), StringComparison.Ordinal);
        Assert.False(late.HasSession);
        _clock.Now += TimeSpan.FromMinutes(11);
        Assert.Equal("/keys", await browser.UseAsync(key, "/confirm/passkey"));
        Assert.True(await IsConfirmedAsync());
        await browser.SendAsync(HttpMethod.Get, "/passkeys");
        Assert.Contains("confirms that it is you", browser.Page, StringComparison.Ordinal);
        var id = (await Accounts.FindByEmailAsync(nora, Ct))!.Id.Value;
        Assert.Equal(0, await CountAsync(
            $"select count(*) from host.v_somebody where signs_in and account_id = '{id}'"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://127.0.0.1:8080")]
    public async Task WithoutAPublicName_ThereAreNoPasskeys_WhateverTheHostHeaderSays(string address)
    {
        await using var app = await RealApp.StartAsync(
            _clock, address.Length == 0 ? [] : [("Public:Address", address)]);
        using var browser = new PasskeyBrowser(app);
        await browser.SendAsync(HttpMethod.Post, "/sign-in/passkey/options");
        Assert.Equal(HttpStatusCode.Conflict, browser.Status);
        Assert.Contains("passkeys.no_public_address", browser.Page, StringComparison.Ordinal);
        await browser.SendAsync(HttpMethod.Get, "/sign-in");
        Assert.DoesNotContain("data-passkey", browser.Page, StringComparison.Ordinal);
    }

    // A token is not somebody who sits there.
    [Theory]
    [InlineData("/passkeys/new/options")]
    [InlineData("/confirm/passkey/options")]
    public async Task Options_ByAToken_AreRefused(string path)
    {
        var token = await _app.Services.GetRequiredService<Guerdon.Identity.Tokens.ApiTokens>().CreateAsync(
            (await Accounts.FindByEmailAsync(Ines, Ct))!.Id, "a test", Ct);
        using var program = SessionTests.Bearer(_app, token.Token);
        using var answer = await program.PostAsync(path, null, Ct);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    internal static async Task<PasskeyBrowser> WithKeyAsync(RealApp app, string email, SoftPasskey key)
    {
        var browser = new PasskeyBrowser(app);
        await browser.SignInAsync(email);
        await browser.AddAsync(key);
        return browser;
    }

    private async Task<PasskeyBrowser> WithKeyAsync(SoftPasskey key) => await WithKeyAsync(_app, Ines, key);

    private async Task UseLinkAsync(string answer) => Assert.True(
        await _app.Services.GetRequiredService<OneTimeLinks>().UseAsync(
            System.Text.Json.JsonElement.Parse(answer).GetProperty("link").GetString()!.Split('/')[^1],
            RealApp.Password, Ct));

    // By an administrator who has no part in the link.
    private async Task VouchAsync()
    {
        const string other = "other@example.com";
        await Accounts.CreateAsync(other, "Other", [Roles.Administrator], null, RealApp.Password, Ct);
        using var client = SessionTests.Bearer(_app, await SessionTests.SecretAsync(_app, other));
        var link = (await Accounts.FindByEmailAsync(Ines, Ct))!.UsedLink;
        var body = $$"""{"reason": "She told me.", "link": "{{link}}"}""";
        await PostAsync(client, $"/api/v1/accounts/{Ines}/vouch", body);
    }

    private static async Task<string> PostAsync(HttpClient client, string path, string json)
    {
        using var body = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(path, body, Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }

    private Task<Guid> IdAsync() => _app.Db.ScalarAsync<Guid>("select passkey_id from passkeys.passkey", [], Ct)!;

    private async Task<long> CountAsync(string sql) => await _app.Db.ScalarAsync<long>(sql, [], Ct);

    private async Task<bool> IsConfirmedAsync() => await _app.Db.ScalarAsync<bool>(
        "select exists (select from host.session where ended_at is null and confirmed_at = $1)", [_clock.Now], Ct);

    private Task<List<string>> NoticesAsync() => _app.Db.ReadAsync(
        "select kind from compensation.notice where person_id = $1 order by kind", row => row.Text("kind"), [_person],
        Ct);

    private async Task CleanAsync()
    {
        var findings = new List<Finding>();
        await foreach (var finding in VerifyCompany.RunAsync(_app.Db, null, new VerifyOptions(), Ct))
            findings.Add(finding);
        Assert.Empty(findings);
    }
}
