using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guerdon.Identity.Sessions;
using Guerdon.OpenId.Providers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Guerdon.Database.OpenId;

/// <summary>A provider says that somebody is signed out: their sessions end at once, and by nobody else's word.
/// </summary>
public sealed class LogoutTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Logout_OfASession_EndsItAndNoOther()
    {
        await using var sso = await SsoApp.StartAsync(new(Strangers: Strangers.Admit));
        using var one = await SignedInAsync(sso, "u-1", "s-1");
        using var two = await SignedInAsync(sso, "u-1", "s-2");
        using var other = await SignedInAsync(sso, "u-2", "s-3");
        sso.Provider.Rotate(); // its new key has signed nothing that we have seen

        Assert.Equal((200, ""), await PostAsync(sso, sso.Provider.LogoutToken("s-1", "u-1")));
        Assert.NotEqual(HttpStatusCode.OK, await one.MeAsync());
        Assert.Equal(HttpStatusCode.OK, await two.MeAsync());

        Assert.Equal((200, ""), await PostAsync(sso, sso.Provider.LogoutToken(null, "u-1")));
        Assert.NotEqual(HttpStatusCode.OK, await two.MeAsync());
        Assert.Equal(HttpStatusCode.OK, await other.MeAsync());
        Assert.Equal("provider openid corp", await sso.ScalarAsync<string>(
            "select distinct ended_why || ' ' || ended_by from host.session where ended_at is not null"));
    }

    // It would be signed in for another day, by a session that nobody at the provider knows of.
    [Fact]
    public async Task Logout_EndsCommandLines_AndASessionThatIsBegunLater()
    {
        await using var sso = await SsoApp.StartAsync(new(Strangers: Strangers.Admit));
        using var browser = await SignedInAsync(sso, "u-1", "s-1");
        var account = (await sso.Accounts.FindByEmailAsync("u-1@example.com", Ct))!;
        var line = await sso.App.Services.GetRequiredService<OpenSessions>().OpenAsync(
            account.Id, new(SessionKind.CommandLine, "", ""), TimeProvider.System.GetUtcNow(), Ct);
        using var client = sso.App.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", line.Secret);
        var me = new Uri("/api/v1/me", UriKind.Relative);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(me, Ct)).StatusCode);

        Assert.Equal((200, ""), await PostAsync(sso, sso.Provider.LogoutToken("s-1", null)));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(me, Ct)).StatusCode);

        // The code was on its way while the provider ended that session.
        using var late = sso.Browser();
        sso.Provider.User = Of("u-1", "s-1");
        Assert.Equal("/sign-in/problem?why=ended&with=corp", await late.SignInAsync());
        Assert.False(late.HasSession);
    }

    // All of somebody's sessions are ended while one of theirs is about to begin.
    [Fact]
    public async Task Logout_OfAPerson_StopsASignInThatIsUnderWay_AndNoneThatBeginsAfterwards()
    {
        await using var sso = await SsoApp.StartAsync(new(Strangers: Strangers.Admit));
        using var late = sso.Browser();
        sso.Provider.User = Of("u-1", "s-1");
        var back = await late.LeaveAsync();

        Assert.Equal((200, ""), await PostAsync(sso, sso.Provider.LogoutToken(null, "u-1")));
        Assert.Equal("/sign-in/problem?why=ended&with=corp", await late.ArriveAsync(back));
        Assert.False(late.HasSession);

        using var next = await SignedInAsync(sso, "u-1", "s-2");
        Assert.Equal(HttpStatusCode.OK, await next.MeAsync());
    }

    [Fact]
    public async Task Tokens_ThatAreWrong_EndNothing()
    {
        await using var sso = await SsoApp.StartAsync(new(Strangers: Strangers.Admit));
        using var browser = await SignedInAsync(sso, "u-1", "s-1");
        var provider = sso.Provider;
        string Bent(Action<JsonObject> bend) => provider.LogoutToken("s-1", "u-1", bend);
        string SignedBy(SecurityKey key, string algorithm)
        {
            provider.Sign = payload => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
                payload, new SigningCredentials(key, algorithm));
            var token = provider.LogoutToken("s-1", "u-1");
            provider.Sign = null;
            return token;
        }

        var wrong = new Dictionary<string, string>
        {
            ["another audience"] = Bent(says => says["aud"] = "other"),
            ["another issuer"] = Bent(says => says["iss"] = "https://evil.example"),
            ["a nonce"] = Bent(says => says["nonce"] = "n"),
            ["no events"] = Bent(says => says.Remove("events")),
            ["other events"] = Bent(says => says["events"] = new JsonObject { ["urn:other"] = new JsonObject() }),
            ["events of text"] = Bent(says => says["events"] = "http://schemas.openid.net/event/backchannel-logout"),
            ["no jti"] = Bent(says => says.Remove("jti")),
            ["nobody"] = provider.LogoutToken(null, null),
            ["expired"] = Bent(says => says["exp"] = At(-120)),
            ["no end"] = Bent(says => says.Remove("exp")),
            ["old"] = Bent(says => says["iat"] = At(-3_600)),
            ["of the future"] = Bent(says => says["iat"] = At(3_600)),
            ["no time"] = Bent(says => says.Remove("iat")),
            ["another key"] = SignedBy(new RsaSecurityKey(RSA.Create(2048)) { KeyId = "x" }, "RS256"),
            ["another key of its name"] =
                SignedBy(new RsaSecurityKey(RSA.Create(2048)) { KeyId = provider.Key.KeyId }, "RS256"),
            ["a shared secret"] = SignedBy(new SymmetricSecurityKey(new byte[64]), "HS256"),
            ["half a letter"] = Half(provider.Issuer),
            ["nonsense"] = "a.b.c",
            ["none"] = "",
        };
        string Half(string issuer) => "eyJhbGciOiJSUzI1NiJ9." + Base64UrlEncoder.Encode(
            $"{{\"iss\":\"{issuer}\",\"aud\":\"{TestProvider.Client}\",\"events\":{{\""
            + string.Concat(Enumerable.Repeat("\\ud800", 9)) + "\":{}}}") + ".AAAA";

        var taken = new List<string>();
        foreach (var (name, token) in wrong)
        {
            var (status, says) = await PostAsync(sso, token);
            if (status != 400 || !says.Contains("\"error\":\"invalid_request\"", StringComparison.Ordinal))
                taken.Add($"{name}: {status} {says}");
        }

        Assert.Equal("", string.Join('\n', taken));
        Assert.Equal(HttpStatusCode.OK, await browser.MeAsync());

        var right = provider.LogoutToken("s-1", "u-1");
        Assert.Equal(200, (await PostAsync(sso, right)).Status);
        Assert.Equal(400, (await PostAsync(sso, right)).Status); // once
        Assert.Equal(400, (await PostAsync(sso, provider.LogoutToken("s-1", "u-1"), "nobody")).Status);
        Assert.Equal(1L, await sso.ScalarAsync<long>("select count(*) from openid.logout"));
    }

    [Theory]
    [InlineData("", 200)]
    [InlineData(",\"typ\":\"JWT\"", 200)]
    [InlineData(",\"typ\":\"logout+JWT\"", 200)]
    [InlineData(",\"typ\":\"at+jwt\"", 400)]
    public async Task Types_OfLogoutTokens_AreTheirsOrNone(string type, int status)
    {
        await using var sso = await SsoApp.StartAsync(new(Strangers: Strangers.Admit));
        sso.Provider.Sign = payload => sso.Provider.Raw($"{{\"alg\":\"RS256\"{type}}}", payload);
        Assert.Equal(status, (await PostAsync(sso, sso.Provider.LogoutToken("s-1", null))).Status);
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=b", "--b")]
    [InlineData("application/json", "{}")]
    [InlineData("application/x-www-form-urlencoded; a b", "logout_token=x")]
    [InlineData("application/x-www-form-urlencoded", "%00=%ff&&&=")]
    public async Task Bodies_ThatAreOdd_AreRefused(string media, string body)
    {
        await using var sso = await SsoApp.StartAsync();
        using var client = sso.App.Client();
        using var content = new StringContent(body);
        content.Headers.Remove("Content-Type");
        Assert.True(content.Headers.TryAddWithoutValidation("Content-Type", media));
        using var answer = await client.PostAsync(new Uri("/sign-in/with/corp/logout", UriKind.Relative), content, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task SignOut_LeadsToAPageWithTheProvidersSignOut()
    {
        await using var sso = await SsoApp.StartAsync(
            new(Strangers: Strangers.Admit), (Guerdon.Identity.Protection.KeyFile.Setting, NewKeyFile()));
        using var browser = await SignedInAsync(sso, "u-1", "s-1");

        var page = await browser.SignOutAsync();
        Assert.StartsWith("/signed-out?with=corp&of=", page.PathAndQuery, StringComparison.Ordinal);
        await browser.GetAsync(page);
        var link = browser.Page.Split("href=\"")
            .First(part => part.StartsWith("/sign-in/with/corp/out", StringComparison.Ordinal));
        var there = (await browser.GetAsync(new(page, WebUtility.HtmlDecode(link.Split('"')[0]))))!;

        Assert.Equal($"{sso.Provider.Issuer}/end", there.GetLeftPart(UriPartial.Path));
        Assert.Contains("id_token_hint=ey", there.Query, StringComparison.Ordinal);
        Assert.Contains("client_id=guerdon", there.Query, StringComparison.Ordinal);
        Assert.Contains($"post_logout_redirect_uri={Uri.EscapeDataString($"{sso.App.Address}sign-in")}", there.Query,
            StringComparison.OrdinalIgnoreCase);
        Assert.NotEqual(HttpStatusCode.OK, await browser.MeAsync());
        // Whoever guesses gets to our page, and nowhere else.
        Assert.Equal("/sign-in", (await browser.GetAsync(new(page, "/sign-in/with/corp/out?of=guess")))!.PathAndQuery);
    }

    private static string NewKeyFile()
    {
        var file = Path.Combine(Guerdon.Tests.TestHome.New(), "data.key");
        Guerdon.Identity.Protection.KeyFile.Make(file);
        return file;
    }

    private static long At(int seconds) => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + seconds;

    private static JsonObject Of(string subject, string sid)
    {
        var user = TestProvider.Of(subject, $"{subject}@example.com");
        user["sid"] = sid;
        return user;
    }

    private static async Task<Browsing> SignedInAsync(SsoApp sso, string subject, string sid)
    {
        sso.Provider.User = Of(subject, sid);
        var browser = sso.Browser();
        Assert.Equal("/", await browser.SignInAsync());
        Assert.Equal(HttpStatusCode.OK, await browser.MeAsync());
        return browser;
    }

    private static async Task<(int Status, string Says)> PostAsync(SsoApp sso, string token, string name = SsoApp.Name)
    {
        using var client = sso.App.Client();
        using var form = new FormUrlEncodedContent([new("logout_token", token)]);
        using var answer = await client.PostAsync(new Uri($"/sign-in/with/{name}/logout", UriKind.Relative), form, Ct);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        if (text.Length > 0) JsonDocument.Parse(text).Dispose();
        return ((int)answer.StatusCode, text);
    }
}
