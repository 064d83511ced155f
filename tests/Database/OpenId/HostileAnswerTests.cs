using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Guerdon.Database.OpenId;

/// <summary>Whatever a provider, or whoever pretends to be one, sends: one page that says what to do, a record, and
/// never an error of ours or a session.</summary>
public sealed class HostileAnswerTests
{
    private sealed record Case(string Why, Action<TestProvider> Do);

    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["another audience"] = Says("untrusted", says => says["aud"] = "somebody-else"),
        ["no audience"] = Says("untrusted", says => says.Remove("aud")),
        ["audiences without us"] = Says("untrusted", says => says["aud"] = new JsonArray("a", "b")),
        ["authorised for another"] = Says("untrusted", says => says["azp"] = "somebody-else"),
        ["another nonce"] = Says("untrusted", says => says["nonce"] = "guessed"),
        ["no nonce"] = Says("untrusted", says => says.Remove("nonce")),
        ["another issuer"] = Says("untrusted", says => says["iss"] = "https://evil.example"),
        ["the issuer with a slash"] = Says("untrusted", says => says["iss"] = $"{says["iss"]}/"),
        ["no issuer"] = Says("untrusted", says => says.Remove("iss")),
        ["expired"] = Says("untrusted", says => says["exp"] = At(-120)),
        ["no end"] = Says("untrusted", says => says.Remove("exp")),
        ["of the future"] = Says("untrusted", says => says["iat"] = At(3_600)),
        ["not yet"] = Says("untrusted", says => says["nbf"] = At(3_600)),
        ["no time"] = Says("untrusted", says => says.Remove("iat")),
        ["no subject"] = Says("untrusted", says => says.Remove("sub")),
        ["an empty subject"] = Says("untrusted", says => says["sub"] = ""),
        ["a subject with nothing in it"] = Says("untrusted", says => says["sub"] = "a\0b"),
        ["a subject that is long"] = Says("untrusted", says => says["sub"] = new string('s', 256)),
        ["algorithm none"] = new("untrusted", provider => provider.Sign = payload => new JsonWebTokenHandler
        {
            SetDefaultTimesOnTokenCreation = false,
        }.CreateToken(payload)),
        ["signed by our secret"] = new("untrusted", provider => provider.Sign = payload => Hs256(
            payload, Encoding.UTF8.GetBytes(TestProvider.Secret))),
        ["signed by its public key"] = new("untrusted", provider => provider.Sign = payload => Hs256(
            payload, provider.Key.Rsa.ExportSubjectPublicKeyInfo(), provider.Key.KeyId)),
        ["signed by another's key of its name"] = new("untrusted", provider =>
        {
            var other = new RsaSecurityKey(RSA.Create(2048)) { KeyId = provider.Key.KeyId };
            provider.Sign = payload => Rs256(payload, other);
        }),
        ["signed by a key that it does not show"] = new("untrusted", provider =>
        {
            var other = new RsaSecurityKey(RSA.Create(2048)) { KeyId = "unknown" };
            provider.Sign = payload => Rs256(payload, other);
        }),
        ["a key that it brings along"] = Brings("jwk", (_, key) => new Dictionary<string, object>
        {
            ["kty"] = "RSA", ["n"] = Base64UrlEncoder.Encode(key.Modulus),
            ["e"] = Base64UrlEncoder.Encode(key.Exponent),
        }),
        ["an address of keys that it brings along"] = Brings("jku", (provider, _) => $"{provider.Issuer}/theirs"),
        ["an address of certificates that it brings along"] = Brings(
            "x5u", (provider, _) => $"{provider.Issuer}/theirs"),
        ["no token"] = new("untrusted", provider => provider.Sign = _ => "not.a.token"),
        ["an answer that names another issuer"] = new("untrusted", provider =>
            provider.More = "&iss=https%3A%2F%2Fevil.example"),
        ["another subject at its user endpoint"] = new("untrusted", provider =>
            provider.UserInfo = new() { ["sub"] = "u-9", ["email"] = "admin@example.com", ["email_verified"] = true }),
        ["a code that was used"] = new("rejected", provider => provider.Instead["/token"] =
            _ => Results.Json(new { error = "invalid_grant" }, statusCode: 400)),
        ["a token endpoint that fails"] = new("away", provider => provider.Instead["/token"] =
            _ => Results.StatusCode(500)),
        ["a token endpoint with a page"] = new("away", provider => provider.Instead["/token"] =
            _ => Results.Text("<html>", "text/html")),
        ["a huge answer"] = new("away", provider => provider.Instead["/token"] =
            _ => Results.Text(new string('x', 5_000_000), "application/json")),
        ["a huge user"] = new("away", provider => provider.Instead["/me"] =
            _ => Results.Text(new string('x', 5_000_000), "application/json")),
        ["a user endpoint that is away"] = new("away", provider => provider.Instead["/me"] =
            _ => Results.StatusCode(503)),
        ["a token endpoint that leads elsewhere"] = new("away", provider => provider.Instead["/token"] =
            _ => Results.Redirect("http://127.0.0.1:1/")),
        ["access denied"] = new("declined", Errs("access_denied")),
        ["a server error"] = new("declined", Errs("server_error&error_description=%3Cscript%3E")),
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static Case Says(string why, Action<JsonObject> bend) => new(why, provider => provider.Bend = bend);

    // Signed by another's key, which its header shows, or says where it is.
    private static Case Brings(string header, Func<TestProvider, RSAParameters, object> value) => new(
        "untrusted", provider =>
        {
            var other = new RsaSecurityKey(RSA.Create(2048)) { KeyId = provider.Key.KeyId };
            provider.Sign = payload => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
                payload, new SigningCredentials(other, SecurityAlgorithms.RsaSha256),
                new Dictionary<string, object> { [header] = value(provider, other.Rsa.ExportParameters(false)) });
        });

    private static Action<TestProvider> Errs(string error) => provider => provider.Instead["/authorize"] = http =>
        Results.Redirect($"{http.Request.Query["redirect_uri"]}?error={error}&state="
            + Uri.EscapeDataString(http.Request.Query["state"]!));

    private static long At(int seconds) => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + seconds;

    private static string Rs256(string payload, SecurityKey key) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            payload, new SigningCredentials(key, SecurityAlgorithms.RsaSha256));

    private static string Hs256(string payload, byte[] secret, string? name = null) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            payload, new SigningCredentials(
                new SymmetricSecurityKey(secret) { KeyId = name }, SecurityAlgorithms.HmacSha256));

    [Fact]
    public async Task Answers_OfEachKind_EndOnThePageThatSaysWhatToDo()
    {
        await using var sso = await SsoApp.StartAsync();
        await sso.AccountAsync("ada@example.com");
        var wrong = new List<string>();
        foreach (var (name, one) in Cases)
        {
            sso.Provider.Behave();
            one.Do(sso.Provider);
            using var browser = sso.Browser();
            var landed = await browser.SignInAsync();
            var status = browser.Status;
            if (landed != $"/sign-in/problem?why={one.Why}&with=corp" || status != HttpStatusCode.SeeOther
                || browser.HasSession || !await SaysWhatToDoAsync(sso, browser, landed))
                wrong.Add($"{name}: {status} {landed} {browser.HasSession}");
        }

        Assert.Equal("", string.Join('\n', wrong));
        Assert.Equal(0L, await sso.ScalarAsync<long>("select count(*) from openid.session"));
        // Refused, by nobody whom we know: counted, and written each minute.
        var log = (Guerdon.Identity.Audit.ActLog)sso.App.Services.GetService(typeof(Guerdon.Identity.Audit.ActLog))!;
        await log.FlushAsync(Ct);
        Assert.Equal((decimal)Cases.Count, await sso.ScalarAsync<decimal>("""
            select sum(times)::numeric from host.act
             where kind = 'refused' and endpoint = 'GET /sign-in/with/{provider}/back'
            """));

        sso.Provider.Behave();
        using var honest = sso.Browser();
        Assert.Equal("/", await honest.SignInAsync());
    }

    [Fact]
    public async Task Answers_OfAnotherBrowserOrTwice_AreLost()
    {
        await using var sso = await SsoApp.StartAsync();
        await sso.AccountAsync("ada@example.com");
        using var mine = sso.Browser();
        using var theirs = sso.Browser();
        var back = await mine.LeaveAsync();

        Assert.Equal("/sign-in/problem?why=lost&with=corp", await theirs.ArriveAsync(back));
        Assert.False(theirs.HasSession);
        var code = back.Query.Split('&')[0];
        foreach (var query in new[] { code, $"{code}&state=", $"{code}&state=guessed", "", "?error=access_denied" })
            Assert.Equal("/sign-in/problem?why=lost&with=corp", await mine.ArriveAsync(
                new(back.GetLeftPart(UriPartial.Path) + query)));
        Assert.Equal("/", await mine.ArriveAsync(back));
        using var third = sso.Browser();
        Assert.Equal("/sign-in/problem?why=lost&with=corp", await third.ArriveAsync(back));
        Assert.Equal("/sign-in/problem?why=lost&with=corp", await mine.ArriveAsync(back));
        Assert.Equal(1L, await sso.ScalarAsync<long>("select count(*) from openid.session"));
    }

    [Theory]
    [InlineData("away")]
    [InlineData("another issuer")]
    [InlineData("no keys")]
    [InlineData("an endpoint without https")]
    [InlineData("a huge document")]
    public async Task Start_WithAProviderThatCannotBeUsed_SaysSo(string how)
    {
        await using var sso = await SsoApp.StartAsync();
        if (how == "away") await sso.Provider.DisposeAsync();
        sso.Provider.BendMetadata = how switch
        {
            "another issuer" => says => says["issuer"] = "https://evil.example",
            "an endpoint without https" => says => says["token_endpoint"] = "http://evil.example/token",
            _ => null,
        };
        if (how == "no keys")
            sso.Provider.Instead["/keys"] = _ => Results.Text("""{"keys":[]}""", "application/json");
        if (how == "a huge document")
            sso.Provider.Instead["/.well-known/openid-configuration"] = _ => Results.Text(new string(' ', 5_000_000));
        using var browser = sso.Browser();

        Assert.Equal("/sign-in/problem?why=away&with=corp", await browser.SignInAsync());
        Assert.True(await SaysWhatToDoAsync(sso, browser, "/sign-in/problem?why=away&with=corp"));
    }

    // A page that somebody visits may begin as many as it likes.
    [Fact]
    public async Task Starts_WithoutEnd_LeaveFewCookies_AndAreCounted()
    {
        await using var sso = await SsoApp.StartAsync(null, ("OpenId:StartsPerAddressPerMinute", "20"));
        await sso.AccountAsync("ada@example.com");
        using var browser = sso.Browser();
        Uri back = null!;
        for (var i = 0; i < 20; i++) back = await browser.LeaveAsync();
        Assert.InRange(browser.CookiesOf(back), 2, 12);
        Assert.Equal("/sign-in/problem?why=many&with=corp", await browser.SignInAsync());
        Assert.Equal("/", await browser.ArriveAsync(back));
    }

    private static async Task<bool> SaysWhatToDoAsync(SsoApp sso, Browsing browser, string landed)
    {
        await browser.GetAsync(new(sso.App.Address, landed));
        return browser.Status == HttpStatusCode.OK && browser.Page.Contains("role=\"alert\"", StringComparison.Ordinal)
            && browser.Page.Contains("Go to sign-in", StringComparison.Ordinal)
            && !browser.Page.Contains("<script>", StringComparison.Ordinal);
    }
}
