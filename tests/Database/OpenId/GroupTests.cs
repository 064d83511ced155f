using System.Text.Json.Nodes;
using Guerdon.Database.Host;
using Guerdon.Identity.Giving;
using Guerdon.Kernel;
using Guerdon.OpenId.Logout;
using Guerdon.OpenId.Providers;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.OpenId;

/// <summary>Roles by groups, and who may say which.</summary>
public sealed class GroupTests
{
    private static readonly ProviderSettings Rules = new(
        GroupClaim: "groups", GroupRoles:
        [
            new("fin", [Roles.Finance]), new("all", [Roles.Employee, Roles.Manager]),
            new("adm", [Roles.Administrator]),
        ]);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Groups_GiveAndTakeTheirRoles_AndNoOthers()
    {
        await using var sso = await SsoApp.StartAsync(Rules);
        await sso.AccountAsync("ada@example.com", Roles.Board);
        async Task<string> WithAsync(JsonNode? groups, Action<JsonObject>? more = null)
        {
            sso.Provider.User = TestProvider.Of("u-1", "ada@example.com");
            if (groups is not null) sso.Provider.User["groups"] = groups;
            more?.Invoke(sso.Provider.User);
            using var browser = sso.Browser();
            Assert.StartsWith("/", await browser.SignInAsync(), StringComparison.Ordinal);
            return string.Join(' ', (await sso.Accounts.FindByEmailAsync("ada@example.com", Ct))!.Roles);
        }

        Assert.Equal("finance board", await WithAsync(new JsonArray("fin", "unknown")));
        Assert.Equal("employee manager board", await WithAsync(new JsonArray("all")));
        Assert.Equal("finance board", await WithAsync("fin")); // some say one group as a text

        // Said to be elsewhere, or not what it should be: nobody knows, so that nothing changes.
        Assert.Equal("finance board", await WithAsync(new JsonArray("all"), user =>
            user["_claim_names"] = new JsonObject { ["groups"] = "src1" }));
        Assert.Equal("finance board", await WithAsync(new JsonArray("all"), user => user["hasgroups"] = true));
        Assert.Equal("finance board", await WithAsync(new JsonArray("all", 7)));

        Assert.Equal("board", await WithAsync(new JsonArray()));
        Assert.Equal("finance board", await WithAsync("fin"));
        Assert.Equal("board", await WithAsync(null)); // some leave an empty list out
        Assert.Equal("openid corp other@example.com", await sso.ScalarAsync<string>(
            "select distinct source || ' ' || agreed_by from host.account_role where role = 'finance'"));
    }

    // Who asked for the rules, or agreed to them, would otherwise give themselves what two others have to give.
    [Theory]
    [InlineData(RealApp.Admin)]
    [InlineData(RealApp.Other)]
    public async Task Groups_OfWhoeverHadASay_GiveNothing(string who)
    {
        await using var sso = await SsoApp.StartAsync(Rules);
        var before = (await sso.Accounts.FindByEmailAsync(who, Ct))!.Roles;
        sso.Provider.User = TestProvider.Of("u-1", who);
        sso.Provider.User["groups"] = new JsonArray("fin", "adm");
        using var browser = sso.Browser();
        Assert.Equal("/admin", await browser.SignInAsync());
        Assert.Equal(before, (await sso.Accounts.FindByEmailAsync(who, Ct))!.Roles);
        Assert.Equal(0L, await sso.ScalarAsync<long>(
            "select count(*) from host.account_role where source = 'openid corp'"));
    }

    // They gain nothing by it, and lose nothing either.
    [Fact]
    public async Task Groups_OfWhoeverHadASayLater_KeepWhatTheyGave()
    {
        await using var sso = await SsoApp.StartAsync(Rules);
        var ada = await sso.AccountAsync("ada@example.com", Roles.Board);
        sso.Provider.User["groups"] = new JsonArray("fin", "adm");
        using var browser = sso.Browser();
        await browser.SignInAsync();
        var requests = sso.App.Services.GetRequiredService<ProviderRequests>();
        var more = Rules with { Label = "Other", GroupRoles = [.. Rules.GroupRoles!, new("plat", [Roles.Platform])] };
        var asked = (await requests.AskAsync(SsoApp.Name, more, await sso.ActorAsync("ada@example.com"), Ct))
            .ValueOrDefault!;
        Assert.Null((await requests.ApproveAsync(asked.Id, false, await sso.ActorAsync(RealApp.Admin), Ct)).Refused);
        await sso.App.Services.GetRequiredService<Guerdon.OpenId.Wire.LiveProviders>().ReloadAsync(Ct);
        sso.Provider.User["groups"] = new JsonArray("fin", "adm", "plat");
        await browser.SignInAsync();
        Assert.Equal("finance board administrator",
            string.Join(' ', (await sso.Accounts.FindAsync(ada, Ct))!.Roles));
    }

    [Fact]
    public async Task Rules_ThatGiveARoleNoMore_TakeIt()
    {
        await using var sso = await SsoApp.StartAsync(Rules);
        await sso.AccountAsync("ada@example.com", Roles.Board);
        sso.Provider.User["groups"] = new JsonArray("fin", "all");
        using var browser = sso.Browser();
        await browser.SignInAsync();
        await sso.SetAsync(SsoApp.Name, new(GroupRoles: [new("fin", [Roles.Finance])]), sso.Provider);
        Assert.Equal("finance board", await RolesAsync(sso));
        await sso.SetAsync(SsoApp.Name, new(GroupClaim: "", GroupRoles: []), sso.Provider);
        Assert.Equal("board", await RolesAsync(sso));
    }

    // Whoever is an auditor too changes nothing: nobody would be left.
    [Fact]
    public async Task Groups_LeaveAnAdministratorWhoCanAct()
    {
        await using var sso = await SsoApp.StartAsync(
            new(GroupClaim: "groups", GroupRoles: [new("aud", [Roles.Auditor])]));
        await sso.AccountAsync("ada@example.com", Roles.Administrator);
        var changes = sso.App.Services.GetRequiredService<AccountChanges>();
        var ada = await sso.ActorAsync("ada@example.com");
        Assert.Null((await changes.CloseAsync(RealApp.Admin, ada, Ct)).Refused);
        // She has no password, and counts once she has come by the provider.
        Assert.Equal("host.last_administrator",
            (await changes.CloseAsync(RealApp.Other, ada, Ct)).Refused?.Refusal.Code);
        using var browser = sso.Browser();
        await browser.SignInAsync();
        Assert.Null((await changes.CloseAsync(RealApp.Other, ada, Ct)).Refused);
        sso.Provider.User["groups"] = new JsonArray("aud");
        await browser.SignInAsync();
        Assert.Equal("administrator", await RolesAsync(sso));
    }

    [Fact]
    public async Task Remove_WhileManySignIn_LeavesNoSessionAndNoRole()
    {
        await using var sso = await SsoApp.StartAsync(Rules with { Strangers = Strangers.Admit });
        sso.Provider.User["groups"] = new JsonArray("fin");
        var remove = sso.App.Services.GetRequiredService<SessionEnds>();
        var admin = await sso.ActorAsync(RealApp.Admin);
        var all = Enumerable.Range(0, 8).Select(async i =>
        {
            using var browser = sso.Browser();
            if (i == 4) await remove.RemoveAsync(SsoApp.Name, admin, Ct);
            else await browser.SignInAsync();
        });
        await Task.WhenAll(all);
        Assert.Equal(0L, await sso.ScalarAsync<long>("""
            select count(*) from host.account_role where source = 'openid corp' and taken_at is null
            """));
        Assert.Equal(0L, await sso.ScalarAsync<long>("""
            select count(*) from openid.session join host.session h using (session_id) where h.ended_at is null
            """));
    }

    [Fact]
    public async Task Closing_EndsTheLink_SoThatAnotherMayHaveTheAccount()
    {
        await using var sso = await SsoApp.StartAsync();
        await sso.AccountAsync("ada@example.com");
        using var browser = sso.Browser();
        Assert.Equal("/", await browser.SignInAsync());
        var admin = await sso.ActorAsync(RealApp.Admin);
        await sso.App.Services.GetRequiredService<AccountChanges>().CloseAsync("ada@example.com", admin, Ct);
        var links = sso.App.Services.GetRequiredService<AccountLinks>();
        Assert.Null((await links.OpenAsync("ada@example.com", "Another Ada", admin, Ct)).Refused);

        sso.Provider.User = TestProvider.Of("u-1", "elsewhere@example.com");
        Assert.Equal("/sign-in/problem?why=unknown&with=corp", await browser.SignInAsync());
        sso.Provider.User = TestProvider.Of("u-2", "ada@example.com");
        Assert.Equal("/", await browser.SignInAsync());
        Assert.Equal(1L, await sso.ScalarAsync<long>("select count(*) from openid.link where ended_at is null"));
    }

    private static async Task<string> RolesAsync(SsoApp sso) =>
        string.Join(' ', (await sso.Accounts.FindByEmailAsync("ada@example.com", Ct))!.Roles);

    [Fact]
    public async Task Remove_EndsSessionsAndRolesByGroups_AndLinksStay()
    {
        await using var sso = await SsoApp.StartAsync(Rules);
        await sso.AccountAsync("ada@example.com", Roles.Board);
        sso.Provider.User["groups"] = new JsonArray("fin");
        using var browser = sso.Browser();
        await browser.SignInAsync();

        var removed = await sso.App.Services.GetRequiredService<SessionEnds>().RemoveAsync(
            SsoApp.Name, await sso.ActorAsync(RealApp.Admin), Ct);
        Assert.Equal("ended", removed.ValueOrDefault!.State);
        Assert.NotEqual(System.Net.HttpStatusCode.OK, await browser.MeAsync());
        Assert.Equal([Roles.Board], (await sso.Accounts.FindByEmailAsync("ada@example.com", Ct))!.Roles);
        Assert.Equal(1L, await sso.ScalarAsync<long>("select count(*) from openid.link"));
    }

    [Fact]
    public async Task Provider_IsInForceOnceAnotherAgrees()
    {
        await using var sso = await SsoApp.StartAsync();
        await using var evil = await TestProvider.StartAsync();
        var requests = sso.App.Services.GetRequiredService<ProviderRequests>();
        var admin = await sso.ActorAsync(RealApp.Admin);
        var asked = (await requests.AskAsync("evil", new(evil.Issuer, "guerdon"), admin, Ct)).ValueOrDefault!;
        using var browser = sso.Browser();
        Assert.Equal("/sign-in/problem?why=gone&with=evil", await browser.SignInAsync("evil"));
        var late = (await sso.ActorAsync(RealApp.Other)) with { IsConfirmedAt = _ => false };
        Assert.Equal("openid.step_up", CodeOf(await requests.ApproveAsync(asked.Id, false, late, Ct)));
        Assert.Equal("openid.own_provider", CodeOf(await requests.ApproveAsync(asked.Id, true, admin, Ct)));
        Assert.Equal("/sign-in/problem?why=gone&with=evil", await browser.SignInAsync("evil"));

        foreach (var (name, settings, code) in new (string, ProviderSettings, string)[]
        {
            ("new", new(sso.Provider.Issuer, "x"), "openid.issuer_taken"),
            (SsoApp.Name, new(evil.Issuer), "openid.issuer_fixed"),
            ("evil", new(evil.Issuer, "other"), "openid.provider_waits"),
            ("New", new(evil.Issuer, "x"), "openid.provider_invalid"),
            ("new", new("http://example.com", "x"), "openid.provider_invalid"),
            ("new", new("https://example.com?x=1", "x"), "openid.provider_invalid"),
            ("new", new("https://example.com", "x", "a secret"), "openid.no_key_file"),
            ("new", new("https://example.com", "x", Strangers: "anybody"), "openid.provider_invalid"),
            ("new", new("https://example.com", "x", Scopes: ["email"]), "openid.provider_invalid"),
            ("new", Rules with { Issuer = "https://example.com", ClientId = "x", GroupClaim = "" },
                "openid.provider_invalid"),
        }) Assert.Equal(code, CodeOf(await requests.AskAsync(name, settings, admin, Ct)));
        var other = await sso.ActorAsync(RealApp.Other);
        Assert.Equal("openid.reason_invalid", CodeOf(await requests.DeclineAsync(asked.Id, " ", other, Ct)));
        Assert.Equal("declined", (await requests.DeclineAsync(asked.Id, "Not ours", other, Ct)).ValueOrDefault!.State);
        Assert.Equal("openid.provider_decided", CodeOf(await requests.ApproveAsync(asked.Id, false, other, Ct)));
    }

    private static string? CodeOf(Result<SignInProvider> result) => result.Refused?.Refusal.Code;
}
