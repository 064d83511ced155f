using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Guerdon.Database.Host;
using Guerdon.Gateway.Keys;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.SignIn;
using Guerdon.Identity.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Guerdon.Database.Identity;

/// <summary>Floods of sign-ins, tokens and keys cost little, fill no memory and keep no owner out.</summary>
public sealed class SignInFloodTests
{
    private const string Public = "https://pay.guerdon.example";
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SignIn_LongEmailInASmallBody_IsToldSoAndNotCounted()
    {
        await using var app = await RealApp.StartAsync();
        using var client = app.Client();
        var longest = new string('a', 242) + "@example.com"; // 254 characters

        using var tooLong = await RealApp.SignInAsync(client, "a" + longest, "guess");
        Assert.Equal(HttpStatusCode.BadRequest, tooLong.StatusCode);
        Assert.DoesNotContain(longest, await tooLong.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(0, app.Services.GetRequiredService<SignInLimits>().Count);

        using var just = await RealApp.SignInAsync(client, longest, "guess");
        Assert.Equal(HttpStatusCode.Unauthorized, just.StatusCode);
        using var password = await RealApp.SignInAsync(client, RealApp.Admin, new string('x', 201));
        Assert.Equal(HttpStatusCode.BadRequest, password.StatusCode);
    }

    [Fact]
    public async Task SignIn_ManyEmailsFromOneAddress_AreStoppedByTheAddress()
    {
        await using var app = await RealApp.StartAsync(("SignIn:TriesPerAddressPerMinute", "20"));
        using var client = app.Client();
        var statuses = new List<int>();
        for (var i = 0; i < 30; i++)
        {
            using var answer = await RealApp.SignInAsync(client, $"nobody{i}@example.com", "guess");
            statuses.Add((int)answer.StatusCode);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
                Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 120);
        }

        Assert.Equal(20, statuses.Count(s => s == 401));
        Assert.Equal(10, statuses.Count(s => s == 429));
        Assert.InRange(app.Services.GetRequiredService<SignInLimits>().Count, 1, 42); // the pairs of those who passed
    }

    [Fact]
    public async Task SignIn_BehindProxy_AttackersLockNoOwnerOut()
    {
        await using var app = await RealApp.StartAsync(
            ("Public:Address", Public), ("Public:Proxies:0", "127.0.0.0/8"));
        using var client = app.Client();
        using var first = await RealApp.SignInAsync(client, RealApp.Admin, RealApp.Password, From("198.51.100.7"));
        var device = RealApp.Cookie(first, "guerdon.device")!;

        // Somebody elsewhere, and somebody at the owner's own address, use up all tries.
        foreach (var address in new[] { "203.0.113.9", "198.51.100.7" })
            Assert.Equal(HttpStatusCode.TooManyRequests, await ExhaustAsync(client, RealApp.Admin, address));

        using var elsewhere = await RealApp.SignInAsync(client, RealApp.Admin, RealApp.Password, From("192.0.2.1"));
        Assert.Equal(HttpStatusCode.SeeOther, elsewhere.StatusCode);
        using var here = await RealApp.SignInAsync(client, RealApp.Admin, RealApp.Password, From("198.51.100.7"));
        Assert.Equal(HttpStatusCode.TooManyRequests, here.StatusCode);
        using var known = await RealApp.SignInAsync(
            client, RealApp.Admin, RealApp.Password, From("198.51.100.7"), ("Cookie", device));
        Assert.Equal(HttpStatusCode.SeeOther, known.StatusCode);

        // A known browser is one for its own account alone, and its guesses are counted too.
        using var others = await RealApp.SignInAsync(
            client, RealApp.Other, RealApp.Password, From("203.0.113.9"), ("Cookie", device));
        Assert.Equal(HttpStatusCode.SeeOther, others.StatusCode); // by its address, which has tried another e-mail
        Assert.Equal(HttpStatusCode.TooManyRequests, await ExhaustAsync(client, RealApp.Admin, "192.0.2.99", device));
    }

    [Fact]
    public async Task SignIn_Ipv6_CountsByTheSlash64()
    {
        await using var app = await RealApp.StartAsync(
            ("Public:Address", Public), ("Public:Proxies:0", "127.0.0.1"), ("SignIn:TriesPerMinute", "3"));
        using var client = app.Client();
        var statuses = new List<HttpStatusCode>();
        for (var i = 1; i <= 4; i++)
        {
            using var answer = await RealApp.SignInAsync(client, RealApp.Admin, "x", From($"2001:db8:1:2::{i:x}"));
            statuses.Add(answer.StatusCode);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
        using var neighbour = await RealApp.SignInAsync(client, RealApp.Admin, "x", From("2001:db8:1:3::1"));
        Assert.Equal(HttpStatusCode.Unauthorized, neighbour.StatusCode);
    }

    [Fact]
    public async Task Forwarded_FromSomebodyWhoIsNoProxy_IsNotBelieved()
    {
        await using var app = await RealApp.StartAsync(
            ("Public:Address", Public), ("Public:Proxies:0", "10.0.0.0/8"), ("SignIn:TriesPerMinute", "3"));
        using var client = app.Client();
        var last = HttpStatusCode.OK;
        for (var i = 1; i <= 4; i++)
        {
            using var answer = await RealApp.SignInAsync(client, RealApp.Admin, "x", From($"203.0.113.{i}"));
            last = answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
    }

    [Fact]
    public async Task PublicAddress_Https_MakesCookiesSecureAndLinksItsOwn()
    {
        await using var app = await RealApp.StartAsync(("Public:Address", Public));
        using var client = app.Client();
        client.DefaultRequestHeaders.Host = "evil.example";
        using var page = await client.GetAsync(new Uri("/sign-in", UriKind.Relative), Ct);
        Assert.Equal("max-age=31536000", page.Headers.GetValues("Strict-Transport-Security").Single());
        using var signedIn = await RealApp.SignInAsync(client, RealApp.Admin, RealApp.Password);
        foreach (var setting in new[]
        {
            RealApp.Setting(page, "guerdon.form"), RealApp.Setting(signedIn, "guerdon"),
            RealApp.Setting(signedIn, "guerdon.device"),
        })
        {
            Assert.StartsWith("__Host-", setting, StringComparison.Ordinal);
            Assert.Contains("; secure", setting, StringComparison.Ordinal);
            Assert.Contains("; httponly", setting, StringComparison.Ordinal);
        }

        using var stranger = await client.GetAsync(new Uri("/admin", UriKind.Relative), Ct);
        Assert.Equal("/sign-in?ReturnUrl=%2Fadmin", stranger.Headers.Location!.ToString());
    }

    [Theory]
    [InlineData("Public:Address", "http://pay.example.com")]
    [InlineData("Public:Address", "https://pay.example.com/path")]
    [InlineData("Public:Address", "pay.example.com")]
    [InlineData("Public:Proxies:0", "10.0.0.0/8")]
    public async Task Public_Nonsense_StopsTheStart(string setting, string value) =>
        await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() =>
            RealApp.StartAsync((setting, value)));

    [Fact]
    public async Task Tokens_FloodOfUnknown_IsNoQueryEachAndANewOneWorksAtOnce()
    {
        await using var app = await RealApp.StartAsync();
        using var client = app.Client();
        var tokens = app.Services.GetRequiredService<ApiTokens>();
        var account = (await app.Services.GetRequiredService<AccountDirectory>().FindByEmailAsync(RealApp.Admin, Ct))!;
        var flood = Task.WhenAll(Enumerable.Range(0, 2_000).Select(i =>
            StatusAsync(client, "/api/v1/me", string.Create(CultureInfo.InvariantCulture, $"grd_{i:x64}"))));
        for (var i = 0; i < 20; i++)
        {
            var made = await tokens.CreateAsync(account.Id, "new", Ct);
            Assert.Equal(200, await StatusAsync(client, "/api/v1/me", made.Token));
        }

        Assert.All(await flood, status => Assert.Equal(401, status));
        var before = tokens.Lookups;
        for (var i = 0; i < 200; i++) await StatusAsync(client, "/api/v1/me", $"grd_{0:x64}"); // one, again and again
        var (count, queries) = tokens.Lookups;

        Assert.InRange(before.Queries, 1, 1_000);
        Assert.InRange(queries - before.Queries, 0, 2);
        Assert.InRange(count, 1, 2_001);
    }

    [Fact]
    public async Task Keys_FloodOfUnknown_IsNoQueryEachAndANewOneWorksAtOnce()
    {
        await using var app = await RealApp.StartAsync();
        var ring = app.Services.GetRequiredService<KeyRing>();
        var issue = app.Services.GetRequiredService<CreateKey.IssueKey>();
        var flood = Enumerable.Range(0, 30_000).Select(_ => ring.FindAsync(ApiKey.Make(), Ct).AsTask()).ToArray();
        var made = await issue.RunAsync(new(Guid.CreateVersion7()), new(null, "new", null, null, null), Ct);
        await Task.WhenAny(Task.WhenAll(flood)); // some of them may fail

        Assert.NotNull(await ring.FindAsync(made.Key, Ct));
        // None is known; of those beyond what may wait nobody knows.
        Assert.All(flood, found => Assert.True(found.IsFaulted ? found.Exception.InnerException is NpgsqlException
            : found.Result is null));
        var load = ring.Load;
        Assert.InRange(load.Queries, 1, 1_000);
        Assert.Equal(1, load.Known);
        Assert.InRange(load.Lookups, 1, 30_000);
    }

    private static (string, string) From(string address) => ("X-Forwarded-For", address);

    private static async Task<HttpStatusCode> ExhaustAsync(
        HttpClient client, string email, string address, string? device = null)
    {
        var last = HttpStatusCode.OK;
        for (var i = 0; i < 11; i++)
        {
            using var answer = device is null
                ? await RealApp.SignInAsync(client, email, "guess", From(address))
                : await RealApp.SignInAsync(client, email, "guess", From(address), ("Cookie", device));
            last = answer.StatusCode;
        }

        return last;
    }

    private static async Task<int> StatusAsync(HttpClient client, string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.SendAsync(request, Ct);
        return (int)answer.StatusCode;
    }
}
