using System.Net;
using Guerdon.Database.Identity;
using Guerdon.Database.Host;
using Guerdon.Kernel;
using Guerdon.OpenId.Providers;

namespace Guerdon.Database.OpenId;

/// <summary>Who gets in by a provider, as whom.</summary>
public sealed class ArrivalTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SignIn_FirstAndLater_IsOneAccountWhateverTheAddressBecomes()
    {
        await using var sso = await SsoApp.StartAsync();
        var ada = await sso.AccountAsync("ada@example.com");
        using var browser = sso.Browser();

        Assert.Equal("/", await browser.SignInAsync());
        Assert.Equal(HttpStatusCode.OK, await browser.MeAsync());
        Assert.Contains($"{ada}", browser.Page, StringComparison.Ordinal);
        Assert.Equal("S256", sso.Provider.Asked!["code_challenge_method"]);
        Assert.Equal("openid profile email", sso.Provider.Asked["scope"]);

        // Her address is handed on: to her it makes no difference, and whoever has it now does not become her.
        sso.Provider.User = TestProvider.Of("u-1", "somebody.else@example.com");
        using var again = sso.Browser();
        Assert.Equal("/keys", await again.SignInAsync(more: "?ReturnUrl=/keys"));
        await again.MeAsync();
        Assert.Contains($"{ada}", again.Page, StringComparison.Ordinal);

        sso.Provider.User = TestProvider.Of("u-2", "ada@example.com");
        using var other = sso.Browser();
        Assert.Equal("/sign-in/problem?why=taken&with=corp", await other.SignInAsync());
        Assert.False(other.HasSession);
        Assert.Equal(1L, await sso.ScalarAsync<long>("select count(*) from openid.link"));
    }

    // Whoever is signed in there would be signed in here by any page that they visit.
    [Theory]
    [InlineData("cross-site", false)]
    [InlineData("same-site", false)] // another subdomain
    [InlineData("nonsense", false)]
    [InlineData("same-origin", true)]
    [InlineData("none", true)] // typed, or from a bookmark
    [InlineData(null, true)] // an old browser, which says nothing
    public async Task Start_FromAnotherSite_TakesAPressHere(string? site, bool leaves)
    {
        await using var sso = await SsoApp.StartAsync();
        using var client = sso.App.Client();
        if (site is not null) client.DefaultRequestHeaders.Add("Sec-Fetch-Site", site);
        using var answer = await client.GetAsync(new Uri("/sign-in/with/corp", UriKind.Relative), Ct);
        Assert.Equal(leaves, answer.Headers.Location!.OriginalString.StartsWith(
            $"{sso.Provider.Issuer}/authorize?", StringComparison.Ordinal));
        Assert.Equal(leaves, answer.Headers.Contains("Set-Cookie"));
        if (leaves) return;
        Assert.Equal("/sign-in/problem?why=elsewhere&with=corp", answer.Headers.Location.OriginalString);
        var page = await client.GetStringAsync(answer.Headers.Location, Ct);
        Assert.Contains("<a class=\"button\" href=\"/sign-in/with/corp\">Sign in with corp</a>", page,
            StringComparison.Ordinal);
    }

    // What one node may not call, whoever set it.
    [Fact]
    public async Task Provider_InsideTheNetwork_IsNotCalledUnlessTheNodeAllowsIt()
    {
        var told = 0;
        await using var sso = await SsoApp.StartAsync(null, ("OpenId:LocalProviders:0", "10.0.0.0/8"));
        sso.Provider.BendMetadata = _ => told++;
        using var browser = sso.Browser();
        Assert.Equal("/sign-in/problem?why=away&with=corp", await browser.SignInAsync());
        using var client = SessionTests.Bearer(sso.App, await SessionTests.SecretAsync(sso.App, RealApp.Admin));
        using var tested = await client.PostAsync(new Uri("/api/v1/sso/corp/test", UriKind.Relative), null, Ct);
        Assert.Contains("OpenId:LocalProviders", await tested.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(0, told);
    }

    [Fact]
    public async Task SignIn_IsAnActOfWhoGotIn()
    {
        await using var sso = await SsoApp.StartAsync();
        await sso.AccountAsync("ada@example.com");
        using var browser = sso.Browser();
        Assert.Equal("/", await browser.SignInAsync());
        const string expected =
            "ada@example.com session employee GET /sign-in/with/{provider}/back ada@example.com 200 1";
        var noted = "";
        for (var tries = 0; tries < 60 && noted != expected; tries++) // a moment after the answer
        {
            if (tries > 0) await Task.Delay(50, Ct);
            noted = await sso.ScalarAsync<string>("""
                select coalesce(string_agg(
                           concat_ws(' ', who, means, roles, endpoint, subject, status, times), '; '), '')
                  from host.act where kind = 'signed_in'
                """);
        }

        Assert.Equal(expected, noted);
    }

    [Fact]
    public async Task SignIn_OverASession_EndsIt()
    {
        await using var sso = await SsoApp.StartAsync();
        await sso.AccountAsync("ada@example.com");
        using var browser = sso.Browser();
        Assert.Equal("/", await browser.SignInAsync());
        var before = browser.Session;
        Assert.Equal("/", await browser.SignInAsync());
        Assert.NotEqual(before, browser.Session);
        Assert.Equal("1 of 2", await sso.ScalarAsync<string>(
            "select count(*) filter (where ended_at is null) || ' of ' || count(*) from host.session"));
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    public async Task SignIn_ReturnUrl_StaysOnThisSite(string asked)
    {
        await using var sso = await SsoApp.StartAsync();
        await sso.AccountAsync("ada@example.com");
        using var browser = sso.Browser();
        Assert.Equal("/", await browser.SignInAsync(more: $"?ReturnUrl={Uri.EscapeDataString(asked)}"));
    }

    [Fact]
    public async Task Stranger_IsRefusedOrAdmitted_AsTheProviderIsSet()
    {
        await using var sso = await SsoApp.StartAsync();
        using var refused = sso.Browser();
        Assert.Equal("/sign-in/problem?why=unknown&with=corp", await refused.SignInAsync());
        Assert.Null(await sso.Accounts.FindByEmailAsync("ada@example.com", Ct));

        await sso.SetAsync(SsoApp.Name, new(Strangers: Strangers.Admit), sso.Provider);
        using var admitted = sso.Browser();
        Assert.Equal("/", await admitted.SignInAsync());
        var account = (await sso.Accounts.FindByEmailAsync("ada@example.com", Ct))!;
        Assert.Equal("employee ", $"{string.Join(' ', account.Roles)} {account.PersonId}");
        Assert.Equal("Ada Test", account.Name);
    }

    [Fact]
    public async Task Unverified_Closed_AndPrograms_DoNotGetIn()
    {
        await using var sso = await SsoApp.StartAsync(new(Strangers: Strangers.Admit));
        await sso.Accounts.CreateServiceAsync("bot@example.com", "A bot", [Roles.Platform], "a test", Ct);
        using var browser = sso.Browser();
        foreach (var (user, why) in new[]
        {
            (TestProvider.Of("u-1", RealApp.Admin, verified: false), "unverified"),
            (new() { ["sub"] = "u-1", ["email"] = RealApp.Admin }, "unverified"),
            (new() { ["sub"] = "u-1" }, "unverified"),
            (TestProvider.Of("u-1", "not an address"), "unverified"),
            (TestProvider.Of("u-1", "bot@example.com"), "unknown"),
        })
        {
            sso.Provider.User = user;
            Assert.Equal($"/sign-in/problem?why={why}&with=corp", await browser.SignInAsync());
            Assert.False(browser.HasSession);
        }

        sso.Provider.User = TestProvider.Of("u-3", "eve@example.com");
        Assert.Equal("/", await browser.SignInAsync());
        var changes = (Guerdon.Identity.Giving.AccountChanges)sso.App.Services.GetService(
            typeof(Guerdon.Identity.Giving.AccountChanges))!;
        await changes.CloseAsync("eve@example.com", await sso.ActorAsync(RealApp.Admin), Ct);
        Assert.Equal("/sign-in/problem?why=over&with=corp", await browser.SignInAsync());
        Assert.NotEqual(HttpStatusCode.OK, await browser.MeAsync());
    }

    // Whatever they say of the same, and in whatever order: one account, one link.
    [Fact]
    public async Task SignIns_AtOnce_MakeOneAccountAndOneLink()
    {
        await using var sso = await SsoApp.StartAsync(new(Strangers: Strangers.Admit));
        var landed = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            using var browser = sso.Browser();
            return await browser.SignInAsync();
        }));

        Assert.All(landed, place => Assert.Equal("/", place));
        Assert.Equal(1L, await sso.ScalarAsync<long>("select count(*) from openid.link"));
        Assert.Equal(1L, await sso.ScalarAsync<long>(
            "select count(*) from host.account where email = 'ada@example.com'"));
    }

    [Fact]
    public async Task TwoProviders_KnowTheSameAccountByTwoSubjects()
    {
        await using var sso = await SsoApp.StartAsync();
        await using var second = await TestProvider.StartAsync();
        await sso.SetAsync("other", new(Label: "Other Inc."), second);
        var ada = await sso.AccountAsync("ada@example.com");
        second.User = TestProvider.Of("another-subject", "ada@example.com");
        using var browser = sso.Browser();

        Assert.Equal("/", await browser.SignInAsync());
        Assert.Equal("/", await browser.SignInAsync("other"));
        await browser.MeAsync();
        Assert.Contains($"{ada}", browser.Page, StringComparison.Ordinal);
        Assert.Equal(2L, await sso.ScalarAsync<long>("select count(*) from openid.link"));

        await browser.GetAsync(new(sso.App.Address, "/sign-in"));
        Assert.Contains("/sign-in/with/corp", browser.Page, StringComparison.Ordinal);
        Assert.Contains("Other Inc.", browser.Page, StringComparison.Ordinal);

        // What one sends does not come in by the other's door.
        var back = await browser.LeaveAsync();
        Assert.Equal("/sign-in/problem?why=lost&with=other", await browser.ArriveAsync(
            new(back.AbsoluteUri.Replace("/corp/", "/other/", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task NewKeys_OfTheProvider_AreNoError()
    {
        await using var sso = await SsoApp.StartAsync();
        await sso.AccountAsync("ada@example.com");
        for (var i = 0; i < 4; i++)
        {
            using var browser = sso.Browser();
            Assert.Equal("/", await browser.SignInAsync());
            sso.Provider.Rotate();
        }

        Assert.Equal(4, sso.Provider.KeysRead);
    }
}
