using System.Text.Json.Nodes;
using Guerdon.Approvals;
using Guerdon.Database.Host;
using Guerdon.Identity;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.External;
using Guerdon.Identity.Giving;
using Guerdon.Identity.Links;
using Guerdon.Kernel;
using Guerdon.OpenId.Logout;
using Guerdon.OpenId.Providers;
using Guerdon.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Guerdon.Database.OpenId;

/// <summary>Whoever comes by a provider is somebody without a password: the provider says whose the account is, and not
/// whoever made a link for it.</summary>
public sealed class SomebodyTests
{
    private const string Ada = "ada@example.com", Cy = "cy@example.com";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Account_ThatAProviderKnows_IsGivenRoles_AndItsLinkIsOver()
    {
        await using var sso = await SsoApp.StartAsync();
        var (admin, other) = (await sso.ActorAsync(RealApp.Admin), await sso.ActorAsync(RealApp.Other));
        var (links, requests) = (Get<AccountLinks>(sso), Get<RoleRequests>(sso));
        var opened = (await links.OpenAsync(Ada, "Ada", admin, Ct)).ValueOrDefault!;
        Assert.Equal("host.linked_role", CodeOf(await requests.AskAsync(Ada, Roles.Finance, "x", admin, Ct)));
        Assert.Equal("host.account_no_password", CodeOf(await requests.AskAsync(Ada, Roles.Finance, "x", other, Ct)));
        Assert.Equal("host.account_no_password", CodeOf(await links.VouchAsync(Ada, null, "x", other, Ct)));

        using var browser = sso.Browser();
        Assert.Equal("/", await browser.SignInAsync());
        Assert.False(await Get<OneTimeLinks>(sso).UseAsync(opened.Link.Path.Split('/')[^1], RealApp.Password, Ct));
        var account = (await sso.Accounts.FindByEmailAsync(Ada, Ct))!;
        Assert.Equal((false, true, null), (account.HasPassword, account.HasProvider, account.LinkMaker));
        Assert.Equal("host.vouch_link", CodeOf(await links.VouchAsync(Ada, null, "x", other, Ct))); // for what?

        // Its maker is another now.
        var asked = (await requests.AskAsync(Ada, Roles.Finance, "x", admin, Ct)).ValueOrDefault!;
        Assert.Null((await requests.ApproveAsync(asked.Id, false, other, Ct)).Refused);
        Assert.Equal([Roles.Finance], (await sso.Accounts.FindAsync(account.Id, Ct))!.Roles);
    }

    // Whoever made it may have set the password by it, and may have asked for things: a provider says nothing of that.
    [Fact]
    public async Task Link_ThatWasUsedBefore_Counts_UntilSomebodyVouches()
    {
        await using var sso = await SsoApp.StartAsync();
        var (admin, other) = (await sso.ActorAsync(RealApp.Admin), await sso.ActorAsync(RealApp.Other));
        var links = Get<AccountLinks>(sso);
        var opened = (await links.OpenAsync(Ada, "Ada", admin, Ct)).ValueOrDefault!;
        Assert.True(await Get<OneTimeLinks>(sso).UseAsync(opened.Link.Path.Split('/')[^1], RealApp.Password, Ct));
        using var browser = sso.Browser();
        Assert.Equal("/", await browser.SignInAsync());
        Assert.Equal([admin.Account!.Value], await MakersAsync(sso));

        // Also where that password is gone.
        Assert.Null((await Get<AccountChanges>(sso).CloseAsync(Ada, other, Ct)).Refused);
        Assert.Null((await links.OpenAsync(Ada, "Ada", other, Ct)).Refused);
        Assert.Equal("/", await browser.SignInAsync());
        var account = (await sso.Accounts.FindByEmailAsync(Ada, Ct))!;
        Assert.Equal((false, true), (account.HasPassword, account.HasProvider));
        Assert.Equal([admin.Account!.Value], await MakersAsync(sso));

        var used = $"{account.UsedLink}";
        Assert.Equal("host.own_vouch", CodeOf(await links.VouchAsync(Ada, used, "x", admin, Ct)));
        Assert.Null((await links.VouchAsync(Ada, used, "She told me", other, Ct)).Refused);
        Assert.Empty(await MakersAsync(sso));
    }

    // They would give themselves, by an account that they may have, what two others have to give.
    [Fact]
    public async Task Groups_OfAnAccountByALinkOfWhoeverHadASay_GiveNothing_UntilSomebodyVouches()
    {
        await using var sso = await SsoApp.StartAsync(
            new(GroupClaim: "groups", GroupRoles: [new("fin", [Roles.Finance])]));
        await sso.Accounts.CreateAsync(Cy, "Cy", [Roles.Administrator], null, RealApp.Password, Ct);
        var (links, admin) = (Get<AccountLinks>(sso), await sso.ActorAsync(RealApp.Admin));
        var opened = (await links.OpenAsync(Ada, "Ada", admin, Ct)).ValueOrDefault!;
        Assert.True(await Get<OneTimeLinks>(sso).UseAsync(opened.Link.Path.Split('/')[^1], RealApp.Password, Ct));
        sso.Provider.User["groups"] = new JsonArray("fin");
        using var browser = sso.Browser();
        Assert.Equal("/", await browser.SignInAsync());
        var account = (await sso.Accounts.FindByEmailAsync(Ada, Ct))!;
        Assert.Empty(account.Roles);

        Assert.Null((await links.VouchAsync(Ada, $"{account.UsedLink}", "x", await sso.ActorAsync(Cy), Ct)).Refused);
        await browser.SignInAsync();
        Assert.Equal([Roles.Finance], (await sso.Accounts.FindAsync(account.Id, Ct))!.Roles);
    }

    [Fact]
    public async Task Administrator_OfAProviderThatIsRemoved_IsNotLeft()
    {
        await using var sso = await SsoApp.StartAsync();
        await sso.AccountAsync(Ada, Roles.Administrator);
        using var browser = sso.Browser();
        await browser.SignInAsync();
        var (ada, changes) = (await sso.ActorAsync(Ada), Get<AccountChanges>(sso));
        Assert.Equal(3, await sso.Accounts.CountAsync(Permissions.RolesGive, Ct));
        Assert.Null((await changes.CloseAsync(RealApp.Admin, ada, Ct)).Refused);
        await Get<SessionEnds>(sso).RemoveAsync(SsoApp.Name, await sso.ActorAsync(RealApp.Other), Ct);
        Assert.Equal("host.last_administrator", CodeOf(await changes.CloseAsync(RealApp.Other, ada, Ct)));
        Assert.Equal(1, await sso.Accounts.CountAsync(Permissions.RolesGive, Ct));
    }

    // Whoever waits for their turn may be nobody when it comes.
    [Fact]
    public async Task Providers_OfWhoIsNoAdministratorAnyMore_AreNotDecided()
    {
        await using var sso = await SsoApp.StartAsync();
        await sso.Accounts.CreateAsync(Cy, "Cy", [Roles.Administrator], null, RealApp.Password, Ct);
        var (cy, other, requests) =
            (await sso.ActorAsync(Cy), await sso.ActorAsync(RealApp.Other), Get<ProviderRequests>(sso));
        var asked = (await requests.AskAsync("next", new("https://next.example", "guerdon"), cy, Ct)).ValueOrDefault!;
        var admin = await sso.ActorAsync(RealApp.Admin);
        Assert.Null((await Get<AccountChanges>(sso).TakeAsync(Cy, Roles.Administrator, admin, Ct)).Refused);
        Assert.Equal("openid.asker_gone", CodeOf(await requests.ApproveAsync(asked.Id, false, other, Ct)));
        Assert.Equal("host.not_allowed", CodeOf(await requests.ApproveAsync(asked.Id, false, cy, Ct)));
        Assert.Equal("host.not_allowed", CodeOf(await requests.DeclineAsync(asked.Id, "x", cy, Ct)));
        Assert.Equal("host.not_allowed", CodeOf(await Get<SessionEnds>(sso).RemoveAsync(SsoApp.Name, cy, Ct)));
        Assert.Equal("declined", (await requests.DeclineAsync(asked.Id, "x", other, Ct)).ValueOrDefault!.State);
    }

    // Who waits for the turn has one connection, and so has whoever's it is.
    [Fact]
    public async Task Decisions_ManyAtOnce_TakeOneConnectionEach()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var pool = new Npgsql.NpgsqlDataSourceBuilder(
            new Npgsql.NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = 4, Timeout = 5 }
                .ConnectionString).Build();
        var clock = TimeProvider.System;
        var accounts = new AccountDirectory(pool, clock, Options.Create(new SignInOptions()));
        var eyes = new FourEyes(accounts, Options.Create(new ApprovalOptions()), clock);
        var requests = new ProviderRequests(
            pool, eyes, secrets: null!, new ExternalRoles(pool, eyes, clock), clock);
        var actors = new List<Actor>();
        foreach (var email in new[] { RealApp.Admin, RealApp.Other })
            actors.Add(new(email, null)
            {
                Account = (await accounts.CreateAsync(
                    email, email, [Roles.Administrator], null, RealApp.Password, Ct))!.Value.Value,
            });
        var provider = new ProviderSettings("https://corp.example", "guerdon");
        var asks = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => requests.AskAsync("corp", provider, actors[0], Ct)));
        var asked = Assert.Single(asks.Select(one => one.ValueOrDefault!).DistinctBy(one => one.Id));
        var all = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => requests.ApproveAsync(asked.Id, false, actors[1], Ct)));
        Assert.All(all, one => Assert.Null(one.Refused));
    }

    private static T Get<T>(SsoApp sso)
        where T : notnull => sso.App.Services.GetRequiredService<T>();

    private static async Task<IReadOnlyCollection<Guid>> MakersAsync(SsoApp sso)
    {
        var id = (await sso.Accounts.FindByEmailAsync(Ada, Ct))!.Id.Value;
        return (await sso.Accounts.SignedInByAsync([id], Ct))[id].Makers;
    }

    private static string? CodeOf<T>(Result<T> result)
        where T : notnull => result.Refused?.Refusal.Code;
}
