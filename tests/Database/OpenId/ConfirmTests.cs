using System.Net;
using Guerdon.Database.Identity;
using Guerdon.OpenId.Providers;

namespace Guerdon.Database.OpenId;

/// <summary>Money is approved soon after somebody showed who they are, which the provider says; and the addresses that
/// a sign-in goes by are the server's own, whatever headers say.</summary>
public sealed class ConfirmTests
{
    private const string Confirmed = """
        select (confirmed_at > now() - interval '10 minutes') from host.session where ended_at is null
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static long At(int seconds) => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + seconds;

    [Theory]
    [InlineData(null, false)]
    [InlineData(-5, true)]
    [InlineData(-3_600, false)] // signed in there this morning, and here without a word
    [InlineData(3_600, false)]
    public async Task SignIn_IsAsRecent_AsTheProviderSays(int? shownAgo, bool isConfirmed)
    {
        await using var sso = await SsoApp.StartAsync(new(Strangers: Strangers.Admit));
        if (shownAgo is { } ago) sso.Provider.User["auth_time"] = At(ago);
        using var browser = sso.Browser();
        Assert.Equal("/", await browser.SignInAsync());
        Assert.Equal(isConfirmed, await sso.ScalarAsync<bool>(Confirmed));
    }

    [Fact]
    public async Task Confirm_TakesTheSamePersonsNewSignIn_AndNothingElse()
    {
        await using var sso = await SsoApp.StartAsync(new(Strangers: Strangers.Admit));
        using var browser = sso.Browser();
        await browser.SignInAsync();
        await browser.GetAsync(new(sso.App.Address, "/confirm?ReturnUrl=/keys"));
        Assert.Contains("Confirm with corp", browser.Page, StringComparison.Ordinal);

        const string asks = "?confirm=true&ReturnUrl=/keys", not = "/sign-in/problem?why=confirm&with=corp";
        Assert.Equal(not, await browser.SignInAsync(more: asks)); // it does not say when
        Assert.Equal("login", sso.Provider.Asked!["prompt"]);
        Assert.Equal("0", sso.Provider.Asked["max_age"]);
        sso.Provider.User["auth_time"] = At(-600);
        Assert.Equal(not, await browser.SignInAsync(more: asks)); // the provider did not ask again
        sso.Provider.User = TestProvider.Of("u-2", "eve@example.com");
        sso.Provider.User["auth_time"] = At(0);
        Assert.Equal(not, await browser.SignInAsync(more: asks)); // somebody else
        Assert.False(await sso.ScalarAsync<bool>(Confirmed));
        Assert.Equal(HttpStatusCode.OK, await browser.MeAsync()); // nothing has ended by it
        var before = browser.Session;

        sso.Provider.User = TestProvider.Of("u-1", "ada@example.com");
        sso.Provider.User["auth_time"] = At(0);
        Assert.Equal("/keys", await browser.SignInAsync(more: asks));
        Assert.True(await sso.ScalarAsync<bool>(Confirmed));

        // The session is the same, and its secret another: who had seen the former has nothing by the confirmation.
        Assert.NotEqual(before, browser.Session);
        Assert.Equal(HttpStatusCode.OK, await browser.MeAsync());
        Assert.Equal(1, await sso.ScalarAsync<long>("select count(*) from host.session"));
        using var client = sso.App.Client();
        using var former = SessionTests.Request(HttpMethod.Get, "/api/v1/me", before);
        using var answer = await client.SendAsync(former, Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie")); // nor does it take the new one from the browser
    }

    [Theory]
    [InlineData("10.0.0.0/8", "127.0.0.1")] // who asks is no proxy of ours
    [InlineData("127.0.0.0/8", "203.0.113.9")]
    public async Task PublicAddress_IsFollowed_WhateverHeadersSay(string proxies, string from)
    {
        await using var sso = await SsoApp.StartAsync(
            new(Strangers: Strangers.Admit), ("Public:Address", "https://guerdon.example.com"),
            ("Public:Proxies:0", proxies));
        using var client = sso.App.Client();
        using var left = await SendAsync(client, "/sign-in/with/corp", "");
        var there = left.Headers.Location!;
        Assert.Contains(
            $"redirect_uri={Uri.EscapeDataString("https://guerdon.example.com/sign-in/with/corp/back")}",
            there.Query, StringComparison.Ordinal);
        var cookies = left.Headers.GetValues("Set-Cookie").ToArray();
        Assert.Equal(2, cookies.Length);
        Assert.All(cookies, cookie =>
        {
            Assert.StartsWith("__Secure-guerdon.sso.", cookie, StringComparison.Ordinal);
            foreach (var word in new[] { "path=/sign-in/with/corp;", "secure;", "samesite=lax;", "httponly" })
                Assert.Contains(word, cookie, StringComparison.OrdinalIgnoreCase);
        });

        // Those of sign-ins that were never ended go, as they were set: else browsers do not.
        var many = Enumerable.Range(0, 9).Select(i => $"__Secure-guerdon.sso.c.{i}=N");
        using var again = await SendAsync(client, "/sign-in/with/corp", string.Join("; ", many));
        var gone = again.Headers.GetValues("Set-Cookie").Where(c => c.Contains("1970", StringComparison.Ordinal));
        Assert.Equal(5, gone.Count(c => c.Contains("; secure", StringComparison.OrdinalIgnoreCase)));

        using var provider = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var sent = await provider.GetAsync(there, Ct);
        Assert.Equal("guerdon.example.com", sent.Headers.Location!.Host);
        using var back = await SendAsync(
            client, sent.Headers.Location.PathAndQuery, string.Join("; ", cookies.Select(c => c.Split(';')[0])));
        Assert.Equal("/", $"{back.Headers.Location}");
        Assert.Contains(back.Headers.GetValues("Set-Cookie"), cookie =>
            cookie.StartsWith("__Host-guerdon=", StringComparison.Ordinal)
            && cookie.Contains("secure", StringComparison.OrdinalIgnoreCase));
        Assert.Contains("max-age", $"{back.Headers.GetValues("Strict-Transport-Security").Single()}",
            StringComparison.Ordinal);
        Assert.Equal(from, await sso.ScalarAsync<string>("select address from host.session"));
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string address, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
        request.Headers.Host = "evil.example";
        foreach (var (name, value) in new[]
        {
            ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "http"),
            ("Forwarded", "for=203.0.113.9;host=evil.example;proto=http"),
        }) request.Headers.Add(name, value);
        if (cookie.Length > 0) request.Headers.Add("Cookie", cookie);
        return await client.SendAsync(request, Ct);
    }
}
