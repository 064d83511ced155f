using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Guerdon.Database.Grants;
using Guerdon.Database.Host;
using Guerdon.Identity.Logins;
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

    [Fact]
    public async Task Page_LongAfterTheSignIn_AsksForThePasswordFirst()
    {
        await using var app = await RealApp.StartAsync(_clock);
        using var client = app.Client();
        var session = await app.SessionAsync();
        var code = (await PostAsync(client, "login", new { })).GetProperty("code").GetString()!;
        _clock.Now += TimeSpan.FromMinutes(11);
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
        var logins = app.Services.GetRequiredService<LoginRequests>();
        var account = (await SessionTests.AccountAsync(app, RealApp.Admin)).Value;

        var declined = await PostAsync(client, "login", new { });
        Assert.True(await logins.DenyAsync(declined.GetProperty("code").GetString(), account, Ct));
        Assert.False(await logins.ConfirmAsync(declined.GetProperty("code").GetString(), account, _clock.Now, Ct));
        Assert.Equal("host.login_denied", await PollAsync(client, declined.GetProperty("device").GetString()));

        var late = await PostAsync(client, "login", new { });
        _clock.Now += LoginRequests.LastsFor;
        Assert.Null(await logins.FindAsync(late.GetProperty("code").GetString(), account, Ct));
        Assert.False(await logins.ConfirmAsync(late.GetProperty("code").GetString(), account, _clock.Now, Ct));
        Assert.Equal("host.login_over", await PollAsync(client, late.GetProperty("device").GetString()));
        Assert.Equal("host.login_over", await PollAsync(client, "grl_nonsense"));
        Assert.Equal("host.login_over", await PollAsync(client, null));
    }

    [Fact]
    public async Task Codes_AreTriedSeldom()
    {
        await using var app = await RealApp.StartAsync(_clock);
        var logins = app.Services.GetRequiredService<LoginRequests>();
        using var client = app.Client();
        var code = (await PostAsync(client, "login", new { })).GetProperty("code").GetString();
        var (guesser, owner) = (Guid.NewGuid(), Guid.NewGuid());
        for (var i = 0; i < 30; i++) Assert.Null(await logins.FindAsync("BBBB-BBBB", guesser, Ct));
        Assert.Null(await logins.FindAsync(code, guesser, Ct)); // even the right one
        Assert.NotNull(await logins.FindAsync(code, owner, Ct));
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
