using System.Net;
using Guerdon.Database.Grants;
using Guerdon.Database.Host;
using Guerdon.Database.Identity;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Audit;
using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Passkeys;

/// <summary>What no browser and no device would send: it signs nobody in, confirms nothing and adds nothing, and is no
/// fault of the server.</summary>
public sealed class HostilePasskeyTests : IAsyncLifetime
{
    private const string Ines = "ines@example.com", NotTaken = "/sign-in?why=passkey&ReturnUrl=%2Fkeys";

    private readonly TurnedClock _clock = new();
    private readonly SoftPasskey _key = new();
    private readonly Guid _person = Guid.CreateVersion7();
    private RealApp _app = null!;
    private PasskeyBrowser _ines = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private AccountDirectory Accounts => _app.Services.GetRequiredService<AccountDirectory>();

    public async ValueTask InitializeAsync()
    {
        _app = await RealApp.StartAsync(_clock, ("Public:Address", PasskeyBrowser.Origin));
        await Accounts.CreateAsync(Ines, "Inês", [Roles.Employee], _person, RealApp.Password, Ct);
        _ines = await PasskeyTests.WithKeyAsync(_app, Ines, _key);
    }

    public async ValueTask DisposeAsync()
    {
        _ines.Dispose();
        _key.Dispose();
        await _app.DisposeAsync();
    }

    public static TheoryData<string> Lies =>
    [
        "another origin", "a subdomain", "plain http", "another port", "a frame of another site", "another domain",
        "of making", "not verified", "not touched", "another challenge", "another account", "no account",
        "an account that is none", "unknown", "another key", "other bytes",
    ];

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task SignIn_ByALie_SignsNobodyIn(string lie)
    {
        using var browser = new PasskeyBrowser(_app);
        Assert.Equal(NotTaken, await browser.UseAsync(_key, lies: await LieAsync(lie)));
        Assert.False(browser.HasSession);
        Assert.Equal(0, await CountAsync("select count(*) from passkeys.passkey_use where used_at is not null"));
        Assert.Equal("/keys", await browser.UseAsync(_key)); // its owner still gets in
        await _app.Services.GetRequiredService<ActLog>().FlushAsync(Ct);
        Assert.Equal(1, await CountAsync("""
            select count(*) from host.act
             where endpoint = 'POST /sign-in/passkey' and kind = 'refused' and status = 401 and account_id is null
            """));
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task Confirm_ByALie_ConfirmsNothing(string lie)
    {
        _clock.Now += TimeSpan.FromMinutes(11);
        if (lie == "no account") return; // whose it is the session says
        Assert.Equal("/confirm?ReturnUrl=%2Fkeys&why=passkey",
            await _ines.UseAsync(_key, "/confirm/passkey", await LieAsync(lie)));
        Assert.False(await _app.Db.ScalarAsync<bool>(
            "select exists (select from host.session where confirmed_at = $1)", [_clock.Now], Ct));
    }

    [Theory]
    [InlineData("another origin")]
    [InlineData("another domain")]
    [InlineData("of signing")]
    [InlineData("not verified")]
    [InlineData("not touched")]
    [InlineData("another challenge")]
    [InlineData("unknown")] // its id is not the one that it signed
    [InlineData("a frame of another site")]
    public async Task Add_ByALie_AddsNothing(string lie)
    {
        using var key = new SoftPasskey();
        Assert.Equal("/passkeys?why=passkey", await _ines.AddAsync(key, lies: await LieAsync(lie)));
        Assert.Equal(1, await CountAsync("select count(*) from passkeys.passkey"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"id\":\"\",\"type\":\"public-key\",\"clientExtensionResults\":{},\"response\":{}}")]
    [InlineData("{\"id\":\"AA\",\"type\":\"public-key\",\"clientExtensionResults\":{},\"response\":{\"clientDataJSON\":"
        + "\"AA\",\"authenticatorData\":\"AA\",\"signature\":\"AA\",\"userHandle\":\"AA\"}}")]
    [InlineData("{\"id\":\"\\u0000\",\"type\":\"public-key\",\"clientExtensionResults\":{},\"response\":null}")]
    public async Task Answers_ThatAreNone_AreNoFault(string text)
    {
        foreach (var path in new[] { "/sign-in/passkey", "/confirm/passkey", "/passkeys/new" })
        {
            using var browser = _ines.Copy();
            await browser.AskAsync(path);
            var place = await browser.SendAsync(HttpMethod.Post, path, ("credential", text), ("name", "x"));
            Assert.Equal(HttpStatusCode.SeeOther, browser.Status);
            Assert.Contains("why=passkey", place, StringComparison.Ordinal);
        }

        using var late = _ines.Copy();
        await late.AskAsync("/sign-in/passkey");
        await late.SendAsync(
            HttpMethod.Post, "/sign-in/passkey", ("credential", new string('x', 20_000)), ("returnUrl", "/"));
        Assert.Equal(HttpStatusCode.SeeOther, late.Status);
    }

    [Fact]
    public async Task Challenge_CountsOnce_ForOnePurpose_InOneBrowser_ForFiveMinutes()
    {
        using var browser = new PasskeyBrowser(_app);
        var answer = _key.Sign(await browser.AskAsync("/sign-in/passkey"), PasskeyBrowser.Origin);
        using var again = browser.Copy(); // a cookie that somebody saved
        Assert.Equal("/", await SendAsync(browser, answer));
        Assert.Equal(NotTaken.Replace("%2Fkeys", "%2F", StringComparison.Ordinal), await SendAsync(again, answer));
        Assert.False(again.HasSession);

        // Asked for in another browser.
        using var elsewhere = new PasskeyBrowser(_app);
        await elsewhere.AskAsync("/sign-in/passkey");
        answer = _key.Sign(await browser.AskAsync("/sign-in/passkey"), PasskeyBrowser.Origin);
        Assert.Contains("why=passkey", await SendAsync(elsewhere, answer), StringComparison.Ordinal);
        using var none = new PasskeyBrowser(_app);
        Assert.Contains("why=passkey", await SendAsync(none, answer), StringComparison.Ordinal);

        // Asked for to confirm.
        answer = _key.Sign(await _ines.AskAsync("/confirm/passkey"), PasskeyBrowser.Origin);
        Assert.Contains("why=passkey", await SendAsync(_ines.Copy(), answer), StringComparison.Ordinal);

        // Asked for in another session of the same account.
        answer = _key.Sign(await _ines.AskAsync("/confirm/passkey"), PasskeyBrowser.Origin);
        using var second = new PasskeyBrowser(_app);
        await second.SignInAsync(Ines);
        second.Cookies["__Host-guerdon.passkey"] = _ines.Cookies["__Host-guerdon.passkey"];
        Assert.Contains("why=passkey", await second.SendAsync(
            HttpMethod.Post, "/confirm/passkey", ("credential", answer), ("returnUrl", "/")), StringComparison.Ordinal);

        // Too late.
        answer = _key.Sign(await browser.AskAsync("/sign-in/passkey"), PasskeyBrowser.Origin);
        _clock.Now += TimeSpan.FromMinutes(5);
        Assert.Contains("why=passkey", await SendAsync(browser, answer), StringComparison.Ordinal);

        // Those that could not be taken any more are gone with the next.
        _clock.Now += TimeSpan.FromMinutes(6);
        Assert.Equal("/keys", await browser.UseAsync(_key));
        Assert.Equal(1, await CountAsync("select count(*) from passkeys.answered"));
    }

    // Two at once with one answer: the lock of the account lets one after the other.
    [Fact]
    public async Task Challenge_AnsweredBySeveralAtOnce_OpensOneSession()
    {
        using var browser = new PasskeyBrowser(_app);
        var before = await CountAsync("select count(*) from host.session");
        var answer = _key.Sign(await browser.AskAsync("/sign-in/passkey"), PasskeyBrowser.Origin);
        PasskeyBrowser[] copies = [.. Enumerable.Range(0, 8).Select(_ => browser.Copy())];
        var places = await Task.WhenAll(copies.Select(copy => SendAsync(copy, answer)));
        Assert.Single(places, place => place == "/");
        Assert.Equal(before + 1, await CountAsync("select count(*) from host.session"));
        foreach (var copy in copies) copy.Dispose();
    }

    // Somebody made a copy of it, and one of the two has counted less.
    [Fact]
    public async Task CountOfUses_ThatGoesBack_IsRefused_OnRecord_AndItsOwnerIsTold()
    {
        using var browser = new PasskeyBrowser(_app);
        _key.Count = 10;
        Assert.Equal("/keys", await browser.UseAsync(_key));
        foreach (var count in new uint[] { 10, 9, 0 })
        {
            _key.Count = count;
            using var copy = new PasskeyBrowser(_app);
            Assert.Equal("/sign-in?why=copied&ReturnUrl=%2Fkeys",
                await copy.UseAsync(_key, lies: null)); // 11, 10, 1 after 11
            Assert.False(copy.HasSession);
        }

        _clock.Now += TimeSpan.FromMinutes(11);
        _key.Count = 3;
        Assert.EndsWith("&why=copied", await _ines.UseAsync(_key, "/confirm/passkey"), StringComparison.Ordinal);
        _key.Count = 11;
        Assert.Equal("/keys", await browser.UseAsync(_key));
        await _app.Services.GetRequiredService<ActLog>().FlushAsync(Ct);
        Assert.Equal(3, await CountAsync("""
            select count(*) from host.act
             where endpoint = 'POST /sign-in/passkey' and kind = 'refused' and status = 409 and who = 'ines@example.com'
            """));
        Assert.Equal(1, await CountAsync(
            "select count(*) from compensation.notice where kind = 'passkey_refused'"));
    }

    [Fact]
    public async Task Passkey_OfAClosedAccount_OfALeaver_OpensNothing()
    {
        using var admin = SessionTests.Bearer(_app, await SessionTests.SecretAsync(_app, RealApp.Admin));
        using (var closed = await admin.PostAsync($"/api/v1/accounts/{Ines}/close", null, Ct))
            Assert.True(closed.IsSuccessStatusCode);
        using var browser = new PasskeyBrowser(_app);
        Assert.Equal(NotTaken, await browser.UseAsync(_key));

        const string lia = "lia@example.com";
        await SessionTests.PersonAsync(_app, lia);
        using var key = new SoftPasskey();
        using var hers = await PasskeyTests.WithKeyAsync(_app, lia, key);
        await _app.Db.ExecuteAsync("update people.person set left_on = '2026-01-02' where email = $1", [lia], Ct);
        Assert.Equal("/sign-in?why=over&ReturnUrl=%2Fkeys", await browser.UseAsync(key));
        Assert.False(browser.HasSession);
    }

    // Nobody keeps another out: a browser that is known has a count of its own.
    [Fact]
    public async Task Tries_AreCountedByWhereTheyComeFrom_AndAKnownBrowserApart()
    {
        using var owner = new PasskeyBrowser(_app);
        Assert.Equal("/keys", await owner.UseAsync(_key));
        string? place = null;
        for (var i = 0; i < 11; i++)
        {
            using var stranger = new PasskeyBrowser(_app);
            place = await stranger.UseAsync(_key, lies: new() { IsOtherKey = true });
        }

        Assert.Equal("/sign-in?why=many&ReturnUrl=%2Fkeys", place);
        Assert.Equal("/keys", await owner.UseAsync(_key));
        using var known = new PasskeyBrowser(_app); // whoever has a password gets in where its tries are not used up
        Assert.Equal("/", await known.SignInAsync(Ines));
    }

    private async Task<SoftPasskey.Lies> LieAsync(string lie) => lie switch
    {
        "another origin" => new() { Origin = "https://evil.example" },
        "a subdomain" => new() { Origin = "https://x.guerdon.example.com" },
        "plain http" => new() { Origin = "http://guerdon.example.com" },
        "another port" => new() { Origin = "https://guerdon.example.com:8443" },
        "a frame of another site" => new() { CrossOrigin = true },
        "another domain" => new() { Domain = "evil.example" },
        "of making" => new() { Type = "webauthn.create" },
        "of signing" => new() { Type = "webauthn.get" },
        "not verified" => new() { Flags = SoftPasskey.Touched },
        "not touched" => new() { Flags = SoftPasskey.Verified },
        "another challenge" => new() { Challenge = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
        "another account" => new()
        {
            UserHandle = System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(
                $"{(await Accounts.FindByEmailAsync(RealApp.Admin, Ct))!.Id}")),
        },
        "no account" => new() { HasNoHandle = true },
        "an account that is none" => new() { UserHandle = "AAAA" },
        "unknown" => new() { Id = [1, 2, 3] },
        "another key" => new() { IsOtherKey = true },
        _ => new() { IsSignedOtherwise = true },
    };

    private static Task<string?> SendAsync(PasskeyBrowser browser, string answer) => browser.SendAsync(
        HttpMethod.Post, "/sign-in/passkey", ("credential", answer), ("returnUrl", "/"));

    private async Task<long> CountAsync(string sql) => await _app.Db.ScalarAsync<long>(sql, [], Ct);
}
