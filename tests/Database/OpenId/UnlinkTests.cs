using System.Net;
using System.Text.Json.Nodes;
using Guerdon.Database.Host;
using Guerdon.Database.Identity;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.OpenId;

/// <summary>An administrator ends that a provider knows an account.</summary>
public sealed class UnlinkTests
{
    private static readonly Uri OfAda = new("/api/v1/sso/links/ada@example.com", UriKind.Relative);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unlinked_EndsWithItsSessionsAndRoles_AndTheAddressLinksAgain()
    {
        await using var sso = await SsoApp.StartAsync(
            new(GroupClaim: "groups", GroupRoles: [new("fin", [Roles.Finance])]));
        await sso.AccountAsync("ada@example.com", Roles.Board);
        sso.Provider.User["groups"] = new JsonArray("fin");
        using var browser = sso.Browser();
        await browser.SignInAsync();
        using var line = SessionTests.Bearer(sso.App, await SessionTests.SecretAsync(sso.App, "ada@example.com"));
        Assert.Equal("finance board", await RolesAsync(sso));

        using var admin = SessionTests.Bearer(sso.App, await SessionTests.SecretAsync(sso.App, RealApp.Admin));
        using (var ended = await admin.DeleteAsync(OfAda, Ct))
        {
            Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
            var one = Assert.Single((await RunningApp.JsonAsync(ended)).EnumerateArray());
            Assert.Equal("corp ada@example.com",
                $"{one.GetProperty("provider").GetString()} {one.GetProperty("email").GetString()}");
            Assert.DoesNotContain("u-1", $"{one}", StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await browser.MeAsync());
        Assert.Equal(HttpStatusCode.Unauthorized,
            await SessionTests.AskAsync(line, null, HttpMethod.Get, "/api/v1/me"));
        Assert.Equal("board", await RolesAsync(sso));
        Assert.Equal($"{RealApp.Admin} administrator", await sso.ScalarAsync<string>("""
            select l.ended_by || ' ' || (select max(ended_why) from host.session where ended_at is not null)
              from openid.link l
            """));
        using (var again = await admin.DeleteAsync(OfAda, Ct))
            Assert.Equal("openid.no_link", (await RunningApp.JsonAsync(again)).GetProperty("title").GetString());

        // As the provider has made another user for her; the former one is nobody's.
        sso.Provider.User = TestProvider.Of("u-2", "ada@example.com");
        using var next = sso.Browser();
        Assert.Equal("/admin", await next.SignInAsync());
        sso.Provider.User = TestProvider.Of("u-1", "ada@example.com");
        using var former = sso.Browser();
        Assert.Equal("/sign-in/problem?why=taken&with=corp", await former.SignInAsync());
    }

    [Theory]
    [InlineData(RealApp.Admin, true, "host.step_up")] // a token alone
    [InlineData("ada@example.com", false, "host.not_allowed")]
    public async Task Unlinking_TakesAnAdministratorWhoHasJustSignedIn(string who, bool byToken, string title)
    {
        await using var sso = await SsoApp.StartAsync();
        var ada = await sso.AccountAsync("ada@example.com");
        using var browser = sso.Browser();
        await browser.SignInAsync();
        var account = (await sso.Accounts.FindByEmailAsync(who, Ct))!.Id;
        var secret = byToken
            ? (await sso.App.Services.GetRequiredService<ApiTokens>().CreateAsync(account, "x", Ct)).Token
            : await SessionTests.SecretAsync(sso.App, who);
        using var client = SessionTests.Bearer(sso.App, secret);
        using var answer = await client.DeleteAsync(OfAda, Ct);
        Assert.Equal(title, (await RunningApp.JsonAsync(answer)).GetProperty("title").GetString());
        Assert.Equal(HttpStatusCode.OK, await browser.MeAsync());
        Assert.NotEqual(default, ada);
    }

    private static async Task<string> RolesAsync(SsoApp sso) =>
        string.Join(' ', (await sso.Accounts.FindByEmailAsync("ada@example.com", Ct))!.Roles);
}
