using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Guerdon.Database.Grants;
using Guerdon.Database.Host;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Logins;
using Guerdon.Identity.Sessions;
using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Identity;

/// <summary>How a command line gets a session: by a code that is confirmed in a browser, or by a password.</summary>
public sealed partial class LoginTests
{
    private readonly TurnedClock _clock = new() { Now = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero) };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Code_ConfirmedInABrowser_GivesOneSession_AsFreshAsTheBrowsers()
    {
        await using var app = await RealApp.StartAsync(_clock);
        using var client = app.Client();
        var session = await app.SessionAsync();
        var begun = await PostAsync(client, "login", new { });
        var (device, code) = (begun.GetProperty("device").GetString(), begun.GetProperty("code").GetString()!);
        Assert.Matches("^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$", code);
        Assert.Equal($"{app.Address.GetLeftPart(UriPartial.Authority)}/login?code={code}",
            begun.GetProperty("addressWithCode").GetString());

        Assert.Equal("host.login_pending", await PollAsync(client, device));
        Assert.Equal("host.login_slow_down", await PollAsync(client, device));
        _clock.Now += TimeSpan.FromMinutes(1);
        await ConfirmAsync(client, session, code.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal));
        _clock.Now += TimeSpan.FromMinutes(1);
        var both = await Task.WhenAll(
            PostAsync(client, "login/poll", new { device }), PostAsync(client, "login/poll", new { device }));
        var given = Assert.Single(both, reply => reply.TryGetProperty("secret", out _));
        Assert.Equal(RealApp.Admin, given.GetProperty("email").GetString());
        Assert.Equal(0, await app.Db.ScalarAsync<long>("select count(*) from host.login_request", [], Ct));
        _clock.Now += TimeSpan.FromMinutes(1);
        Assert.Equal("host.login_over", await PollAsync(client, device));

        using var line = SessionTests.Bearer(app, given.GetProperty("secret").GetString()!);
        Assert.NotEqual("host.step_up", await ApproveAsync(line));
        _clock.Now += TimeSpan.FromMinutes(8); // ten after the browser's sign-in, not after the command line's
        Assert.Equal("host.step_up", await ApproveAsync(line));
    }

    // A link that somebody is sent must not be one press away from a session that approves money.
    [Theory]
    [InlineData(1, 0)] // signed in a moment before the command line asked
    [InlineData(11, 0)] // long before
    [InlineData(1, 8)]
    public async Task Page_WithoutAPasswordSinceItWasAsked_AsksForItFirst(int before, int after)
    {
        await using var app = await RealApp.StartAsync(_clock);
        using var client = app.Client();
        var session = await app.SessionAsync();
        _clock.Now += TimeSpan.FromMinutes(before);
        var code = (await PostAsync(client, "login", new { })).GetProperty("code").GetString()!;
        var (account, id) = (await AdminAsync(app), await IdAsync(app));
        Assert.False(await LoginsOf(app).ConfirmAsync(code, account, id, Ct));
        _clock.Now += TimeSpan.FromMinutes(after);
        using var request = SessionTests.Request(HttpMethod.Get, $"/login?code={code}", session);
        using var answer = await client.SendAsync(request, Ct);
        Assert.EndsWith($"/confirm?ReturnUrl={Uri.EscapeDataString($"/login?code={code}")}",
            answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_DeclinedOrOld_GivesNothing()
    {
        await using var app = await RealApp.StartAsync(_clock);
        using var client = app.Client();
        var (logins, account) = (LoginsOf(app), await AdminAsync(app));
        await app.SessionAsync();
        var session = await IdAsync(app);

        var declined = await PostAsync(client, "login", new { });
        Assert.True(await logins.DenyAsync(declined.GetProperty("code").GetString(), Ct));
        Assert.False(await logins.ConfirmAsync(declined.GetProperty("code").GetString(), account, session, Ct));
        Assert.Equal("host.login_denied", await PollAsync(client, declined.GetProperty("device").GetString()));

        var late = await PostAsync(client, "login", new { });
        _clock.Now += LoginRequests.LastsFor;
        var looked = await logins.FindAsync(late.GetProperty("code").GetString(), account.Value, Ct);
        Assert.Equal("host.login_over", looked.Refused?.Refusal.Code);
        Assert.False(await logins.ConfirmAsync(late.GetProperty("code").GetString(), account, session, Ct));
        Assert.Equal("host.login_over", await PollAsync(client, late.GetProperty("device").GetString()));
        Assert.Equal("host.login_over", await PollAsync(client, "grl_nonsense"));
        Assert.Equal("host.login_over", await PollAsync(client, null));
    }

    [Fact]
    public async Task Codes_AreTriedSeldom()
    {
        await using var app = await RealApp.StartAsync(_clock);
        var logins = LoginsOf(app);
        using var client = app.Client();
        var code = (await PostAsync(client, "login", new { })).GetProperty("code").GetString();
        var (guesser, owner) = (Guid.NewGuid(), Guid.NewGuid());
        for (var i = 0; i < 30; i++) Assert.Equal("host.login_over", await LookAsync("BBBB-BBBB", guesser));
        Assert.Equal("host.login_too_many", await LookAsync(code, guesser)); // even the right one
        Assert.Null(await LookAsync(code, owner));

        async Task<string?> LookAsync(string? typed, Guid by) =>
            (await logins.FindAsync(typed, by, Ct)).Refused?.Refusal.Code;
    }

    // What was confirmed and not fetched yet is as good as a session.
    [Theory]
    [InlineData("everywhere")]
    [InlineData("password")]
    [InlineData("this session")]
    public async Task Confirmed_ThenSignedOut_GivesNothing(string how)
    {
        await using var app = await RealApp.StartAsync(_clock);
        using var client = app.Client();
        await app.SessionAsync();
        var (account, session, by) = (await AdminAsync(app), await IdAsync(app), new Actor(RealApp.Admin, null));
        var begun = await PostAsync(client, "login", new { });
        Assert.True(await LoginsOf(app).ConfirmAsync(begun.GetProperty("code").GetString(), account, session, Ct));
        var sessions = app.Services.GetRequiredService<OpenSessions>();
        if (how == "everywhere") await sessions.EndAllAsync(account, SessionEnd.ByOwner(by), Ct);
        else if (how == "this session") Assert.True(await sessions.EndAsync(account, session, by, Ct));
        else
            await app.Services.GetRequiredService<NewPasswords>().SetAsync(account, "another long one", Ct);
        Assert.Equal("host.login_over", await PollAsync(client, begun.GetProperty("device").GetString()));
        Assert.Equal(0, await app.Db.ScalarAsync<long>(
            "select count(*) from host.session where ended_at is null", [], Ct));
    }

    // Others of the same network share a count; those of another have one of their own.
    [Fact]
    public async Task Begins_FromOneNetwork_LeaveRoomForOthers()
    {
        await using var app = await RealApp.StartAsync(_clock);
        var from = new SessionFrom(SessionKind.CommandLine, "x", "x");
        var made = 0;
        for (var i = 0; i < 40; i++)
            if (await LoginsOf(app).BeginAsync(from, IPAddress.Parse($"2001:db8::{i:x}"), Ct) is not null) made++;
        Assert.Equal(LoginRequests.MostPerAddress, made);
        Assert.NotNull(await LoginsOf(app).BeginAsync(from, IPAddress.Parse("2001:db8:0:1::1"), Ct));
    }

    [Fact]
    public async Task Asks_FromOneAddress_AreBounded_AndNonsenseIsNotLookedUp()
    {
        await using var app = await RealApp.StartAsync(_clock);
        var (address, other) = (IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2"));
        var device = "grl_" + new string('0', 64);
        for (var i = 0; i < 700; i++) Assert.Equal("host.login_over", await AskAsync("grl_nonsense", address));
        for (var i = 0; i < 600; i++) Assert.Equal("host.login_over", await AskAsync(device, address));
        Assert.Equal("host.login_slow_down", await AskAsync(device, address));
        Assert.Equal("host.login_over", await AskAsync(device, other));

        async Task<string?> AskAsync(string secret, IPAddress by) =>
            (await LoginsOf(app).AskAsync(secret, by, Ct)).Refused?.Refusal.Code;
    }

    // Somebody signs in with the former password while it is changed.
    [Fact]
    public async Task Password_ChangedSinceItWasChecked_OpensNothing()
    {
        await using var app = await RealApp.StartAsync(_clock);
        var accounts = app.Services.GetRequiredService<AccountDirectory>();
        var known = (await accounts.CheckPasswordAsync(RealApp.Admin, RealApp.Password, Ct))!;
        await app.Services.GetRequiredService<NewPasswords>().SetAsync(known.Id, "another long one", Ct);
        var sessions = app.Services.GetRequiredService<OpenSessions>();
        Assert.Null(await sessions.OpenAsync(known, new(SessionKind.Browser, "", ""), Ct));
        Assert.Equal(0, await app.Db.ScalarAsync<long>("select count(*) from host.session", [], Ct));
        known = (await accounts.CheckPasswordAsync(RealApp.Admin, "another long one", Ct))!;
        Assert.NotNull(await sessions.OpenAsync(known, new(SessionKind.Browser, "", ""), Ct));
    }

    [Fact]
    public async Task Logins_ThatWait_AreBoundedForOneAddress_AndMadeRoomForByTime()
    {
        await using var app = await RealApp.StartAsync(_clock);
        using var client = app.Client();
        for (var i = 0; i < LoginRequests.MostPerAddress; i++)
            Assert.True((await PostAsync(client, "login", new { })).TryGetProperty("device", out _));
        var refused = await PostAsync(client, "login", new { });
        Assert.Equal("host.login_too_many", refused.GetProperty("title").GetString());
        _clock.Now += LoginRequests.LastsFor;
        Assert.True((await PostAsync(client, "login", new { })).TryGetProperty("device", out _));
        Assert.Equal(1, await app.Db.ScalarAsync<long>("select count(*) from host.login_request", [], Ct));
    }

    [Fact]
    public async Task Password_GivesASession_OrSaysWhyNot()
    {
        await using var app = await RealApp.StartAsync(("SignIn:TriesPerMinute", "3"));
        using var client = app.Client();
        var signedIn = await PostAsync(
            client, "login/password", new { email = RealApp.Admin.ToUpperInvariant(), password = RealApp.Password });
        using var line = SessionTests.Bearer(app, signedIn.GetProperty("secret").GetString()!);
        Assert.NotEqual("host.step_up", await ApproveAsync(line));

        Assert.Equal("host.sign_in_too_long", await TitleAsync(new string('x', 300)));
        for (var i = 0; i < 3; i++) Assert.Equal("host.sign_in_wrong", await TitleAsync("wrong password"));
        Assert.Equal("host.sign_in_too_many", await TitleAsync(RealApp.Password));

        async Task<string?> TitleAsync(string password) =>
            (await PostAsync(client, "login/password", new { email = RealApp.Admin, password }))
            .GetProperty("title").GetString();
    }

    private static LoginRequests LoginsOf(RealApp app) => app.Services.GetRequiredService<LoginRequests>();

    private static Task<AccountId> AdminAsync(RealApp app) => SessionTests.AccountAsync(app, RealApp.Admin);

    private static async Task<SessionId> IdAsync(RealApp app) => new(await app.Db.ScalarAsync<Guid>(
        "select session_id from host.session", [], Ct));

    private static async Task<string?> ApproveAsync(HttpClient client) => (await PostAsync(
        client, "claims/clm_00000000000070008000000000000001/approve", new { })).GetProperty("title").GetString();

    private static async Task<string?> PollAsync(HttpClient client, string? device) =>
        (await PostAsync(client, "login/poll", new { device })).GetProperty("title").GetString();

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync($"/api/v1/{path}", body, Ct);
        return await RunningApp.JsonAsync(answer);
    }

    // As a browser: the page, then its form.
    private static async Task ConfirmAsync(HttpClient client, string session, string code)
    {
        var path = $"/login?code={code}";
        using var request = SessionTests.Request(HttpMethod.Get, path, session);
        using var page = await client.SendAsync(request, Ct);
        var text = await page.Content.ReadAsStringAsync(Ct);
        Assert.Contains(RealApp.Admin, text, StringComparison.Ordinal);
        var form = Form().Match(text).Value;
        using var sent = SessionTests.Request(
            HttpMethod.Post, path, $"{session}; {RealApp.Cookie(page, "guerdon.form")}");
        sent.Content = new FormUrlEncodedContent(Hidden().Matches(form).Select(field =>
            KeyValuePair.Create(field.Groups[1].Value, field.Groups[2].Value)));
        using var answer = await client.SendAsync(sent, Ct);
        var place = answer.Headers.Location?.OriginalString ?? $"{answer.StatusCode}";
        Assert.Contains("done=", place, StringComparison.Ordinal);
    }

    [GeneratedRegex("(?s)<form(?:(?!</form>).)*It is mine")]
    private static partial Regex Form();

    [GeneratedRegex("type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();
}
