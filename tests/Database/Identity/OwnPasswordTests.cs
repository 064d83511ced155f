using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guerdon.Database.Grants;
using Guerdon.Database.Host;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Audit;
using Guerdon.Identity.Protection;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Identity;

/// <summary>Whoever is signed in changes their own password, by the present one.</summary>
public sealed class OwnPasswordTests : IAsyncLifetime
{
    private const string Ines = "ines@example.com", New = "  a new one, of blanks too  ";

    private readonly TurnedClock _clock = new();
    private readonly Guid _person = Guid.CreateVersion7();
    private RealApp _app = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private AccountDirectory Accounts => _app.Services.GetRequiredService<AccountDirectory>();

    private ApiTokens Tokens => _app.Services.GetRequiredService<ApiTokens>();

    public async ValueTask InitializeAsync()
    {
        _app = await RealApp.StartAsync(_clock);
        await Accounts.CreateAsync(Ines, "Inês", [Roles.Employee], _person, RealApp.Password, Ct);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData(true)]
    public async Task Password_IsChanged_EndsOtherSessions_AndRenewsItsOwn(bool? tokens)
    {
        var token = await Tokens.CreateAsync(await IdAsync(), "a test", Ct);
        var (mine, other) = (await SessionTests.SecretAsync(_app, Ines), await SessionTests.SecretAsync(_app, Ines));
        var browser = await _app.SessionAsync(Ines);
        var begun = _clock.Now;
        _clock.Now += TimeSpan.FromMinutes(30);
        var reply = await ChangeAsync(mine, new { current = RealApp.Password, password = New, tokens });
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal(Ines, reply.Body.GetProperty("email").GetString());
        Assert.Equal(begun.AddDays(1), reply.Body.GetProperty("endsAt").GetDateTimeOffset(),
            TimeSpan.FromMilliseconds(1)); // no longer than before

        var renewed = reply.Body.GetProperty("secret").GetString()!;
        Assert.StartsWith(SecretNames.Session, renewed, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await MeAsync(renewed));
        foreach (var over in new[] { mine, other }) Assert.Equal(HttpStatusCode.Unauthorized, await MeAsync(over));
        using (var client = _app.Client())
            Assert.Equal(HttpStatusCode.Unauthorized,
                await SessionTests.AskAsync(client, browser, HttpMethod.Get, "/api/v1/me"));
        Assert.Equal(tokens == true, await Tokens.FindOwnerAsync(token.Token, Ct) is null);
        Assert.Null(await Accounts.CheckPasswordAsync(Ines, RealApp.Password, Ct));
        Assert.NotNull(await Accounts.CheckPasswordAsync(Ines, New, Ct));
        Assert.Null(await Accounts.CheckPasswordAsync(Ines, New.Trim(), Ct)); // as it was typed
        Assert.Equal(_clock.Now, await _app.Db.ScalarAsync<DateTimeOffset>(
            "select confirmed_at from host.session where ended_at is null", [], Ct), TimeSpan.FromMilliseconds(1));
        Assert.Equal(["password_changed"], await _app.Db.ReadAsync(
            "select kind from compensation.notice where person_id = $1", row => row.Text("kind"), [_person], Ct));
        Assert.Equal(1, await _app.Db.ScalarAsync<long>("""
            select count(*) from host.act where endpoint = 'PUT /api/v1/me/password' and who = 'ines@example.com'
               and kind <> 'refused'
            """, [], Ct));

        // Again: told again.
        Assert.Equal(HttpStatusCode.OK,
            (await ChangeAsync(renewed, new { current = New, password = RealApp.Password })).Status);
        Assert.Equal(2, await _app.Db.ScalarAsync<long>("select count(*) from compensation.notice", [], Ct));
    }

    [Theory]
    [InlineData("wrong password", New, "host.password_wrong", 403)]
    [InlineData(null, New, "host.password_wrong", 403)]
    [InlineData(RealApp.Password, "too short", "host.password_invalid", 400)]
    [InlineData(RealApp.Password, null, "host.password_invalid", 400)]
    [InlineData(RealApp.Password, RealApp.Password, "host.password_invalid", 400)]
    public async Task Change_WithoutThePresentOne_OrToWhatIsNone_ChangesNothing(
        string? current, string? password, string code, int status)
    {
        var (mine, other) = (await SessionTests.SecretAsync(_app, Ines), await SessionTests.SecretAsync(_app, Ines));
        var reply = await ChangeAsync(mine, new { current, password });
        Assert.Equal((code, status), (reply.Body.GetProperty("title").GetString(), (int)reply.Status));
        foreach (var open in new[] { mine, other }) Assert.Equal(HttpStatusCode.OK, await MeAsync(open));
        Assert.NotNull(await Accounts.CheckPasswordAsync(Ines, RealApp.Password, Ct));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(64)]
    [InlineData(200)]
    public async Task Password_OfAnyLengthInItsBounds_IsTaken(int length)
    {
        var password = string.Concat(Enumerable.Repeat("pässword 1", 20))[..length];
        Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(
            await SessionTests.SecretAsync(_app, Ines), new { current = RealApp.Password, password })).Status);
        Assert.NotNull(await Accounts.CheckPasswordAsync(Ines, password, Ct));
        Assert.Null(await Accounts.CheckPasswordAsync(Ines, password.ToUpperInvariant(), Ct));
    }

    [Theory]
    [InlineData("token")]
    [InlineData("no password")]
    public async Task Change_ByAToken_OrOfAnAccountWithoutAPassword_IsRefused(string what)
    {
        var secret = what == "token" ? (await Tokens.CreateAsync(await IdAsync(), "a test", Ct)).Token
            : await SessionTests.SecretAsync(_app, Ines);
        if (what == "no password")
            await _app.Db.ExecuteAsync("update host.account set password_hash = null where email = $1", [Ines], Ct);
        var reply = await ChangeAsync(secret, new { current = RealApp.Password, password = New });
        Assert.Equal(what == "token" ? "host.step_up" : "host.no_own_password",
            reply.Body.GetProperty("title").GetString());
        Assert.Equal(what == "token", (await Accounts.FindByEmailAsync(Ines, Ct))!.HasPassword);
    }

    // Whoever has a session and no password guesses as slowly as whoever signs in.
    [Fact]
    public async Task Change_GuessedAt_IsSlowedAsASignInIs()
    {
        var secret = await SessionTests.SecretAsync(_app, Ines);
        var last = "";
        for (var i = 0; i < 11; i++)
            last = (await ChangeAsync(secret, new { current = $"guess {i}", password = New })).Body
                .GetProperty("title").GetString();
        Assert.Equal("host.sign_in_too_many", last);
        using var client = _app.Client();
        using var signIn = await RealApp.SignInAsync(client, Ines, RealApp.Password);
        Assert.Equal(HttpStatusCode.TooManyRequests, signIn.StatusCode);
    }

    [Fact]
    public async Task Change_BySeveralAtOnce_SetsOne()
    {
        string[] secrets = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(
            _ => SessionTests.SecretAsync(_app, Ines)))];
        var replies = await Task.WhenAll(secrets.Select((secret, i) =>
            ChangeAsync(secret, new { current = RealApp.Password, password = $"{New} {i}" })));
        var winner = Array.FindIndex(replies, reply => reply.Status == HttpStatusCode.OK);
        Assert.Single(replies, reply => reply.Status == HttpStatusCode.OK);
        Assert.NotNull(await Accounts.CheckPasswordAsync(Ines, $"{New} {winner}", Ct));
        Assert.Equal(1, await _app.Db.ScalarAsync<long>(
            "select count(*) from host.session where ended_at is null", [], Ct));
    }

    [Theory]
    [InlineData(RealApp.Password, New, New, "done")]
    [InlineData("wrong password", New, New, "wrong")]
    [InlineData(RealApp.Password, "short", "short", "length")]
    [InlineData(RealApp.Password, New, New + "x", "differ")]
    [InlineData(RealApp.Password, RealApp.Password, RealApp.Password, "same")]
    public async Task Page_SaysWhatBecameOfIt(string current, string password, string again, string why)
    {
        using var client = _app.Client();
        var session = await _app.SessionAsync(Ines);
        using var request = SessionTests.Request(HttpMethod.Post, "/password", session);
        request.Headers.Accept.ParseAdd("text/html");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Content = new FormUrlEncodedContent(
            [new("current", current), new("password", password), new("again", again)]);
        using var answer = await client.SendAsync(request, Ct);
        Assert.Equal($"/password?why={why}", answer.Headers.Location?.ToString());
        Assert.Equal(why == "done", await Accounts.CheckPasswordAsync(Ines, New, Ct) is not null);
        var now = RealApp.Cookie(answer, "guerdon");
        Assert.Equal(why == "done", now is not null);
        using var page = SessionTests.Request(HttpMethod.Get, $"/password?why={why}", now ?? session);
        using var shown = await client.SendAsync(page, Ct);
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        Assert.Contains(why == "done" ? "Your password is changed" : "role=\"alert\"",
            await shown.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(why == "done" ? HttpStatusCode.Unauthorized : HttpStatusCode.OK,
            await SessionTests.AskAsync(client, session, HttpMethod.Get, "/api/v1/me"));
        await _app.Services.GetRequiredService<ActLog>().FlushAsync(Ct);
        Assert.Equal(why == "done" ? 0 : 1, await _app.Db.ScalarAsync<long>(
            "select count(*) from host.act where endpoint = 'POST /password' and kind = 'refused'", [], Ct));
        Assert.Equal(0, await _app.Db.ScalarAsync<long>(
            "select count(*) from host.act a where to_jsonb(a)::text like '%' || $1 || '%'", [New.Trim()], Ct));
    }

    // Another site's page does not send it, and a token of the form that stands open too long shows the page again.
    [Theory]
    [InlineData("cross-site", 403)]
    [InlineData("", 303)]
    public async Task Form_OfAnotherSite_ChangesNothing(string site, int status)
    {
        using var client = _app.Client();
        using var request = SessionTests.Request(HttpMethod.Post, "/password", await _app.SessionAsync(Ines));
        request.Headers.Accept.ParseAdd("text/html");
        if (site.Length > 0) request.Headers.Add("Sec-Fetch-Site", site);
        request.Content = new FormUrlEncodedContent([new("current", RealApp.Password), new("password", New)]);
        using var answer = await client.SendAsync(request, Ct);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.NotNull(await Accounts.CheckPasswordAsync(Ines, RealApp.Password, Ct));
    }

    private async Task<AccountId> IdAsync() => (await Accounts.FindByEmailAsync(Ines, Ct))!.Id;

    private async Task<(HttpStatusCode Status, JsonElement Body)> ChangeAsync(string secret, object body)
    {
        using var client = SessionTests.Bearer(_app, secret);
        using var answer = await client.PutAsJsonAsync("/api/v1/me/password", body, Ct);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Ct));
    }

    private async Task<HttpStatusCode> MeAsync(string secret)
    {
        using var client = SessionTests.Bearer(_app, secret);
        return await SessionTests.AskAsync(client, null, HttpMethod.Get, "/api/v1/me");
    }
}
