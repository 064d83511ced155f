using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guerdon.Approvals;
using Guerdon.Database.Host;
using Guerdon.Identity;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Giving;
using Guerdon.Identity.Links;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.Ledger.Audit;
using Guerdon.Statements;
using Guerdon.Storage;
using Guerdon.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Guerdon.Database.Identity;

/// <summary>Accounts are opened by one, roles are given by two and taken by one, and an administrator is always left.
/// </summary>
public sealed partial class RoleRequestTests : IAsyncLifetime
{
    private readonly Dictionary<string, HttpClient> _clients = [];
    private RealApp _app = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await RealApp.StartAsync();
        foreach (var who in new[] { RealApp.Admin, RealApp.Other }) await SignUpAsync(who, null);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values) client.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Give_RoleAskedForByOne_IsGivenByAnother()
    {
        var link = Text(
            await DoneAsync(RealApp.Admin, "accounts", new { email = "Ines@example.com", name = "Inês" }), "link");
        await RefusedAsync(RealApp.Other, "accounts/ines@example.com/vouch", new { reason = "Met her" },
            "host.account_no_password");
        Assert.True(await _app.Services.GetRequiredService<OneTimeLinks>().UseAsync(
            link.Split('/')[^1], RealApp.Password, Ct));
        using (var client = _app.Client())
        using (var signedIn = await RealApp.SignInAsync(client, "ines@example.com", RealApp.Password))
            Assert.Equal(HttpStatusCode.SeeOther, signedIn.StatusCode);

        // Whoever made the link may have the account, until somebody else says whose it is.
        await SignUpAsync("cy@example.com", null, Roles.Administrator);
        var early = await AskAsync(RealApp.Other, "ines@example.com", Roles.Finance);
        await RefusedAsync(RealApp.Admin, $"role-requests/{Text(early, "id")}/approve", new { }, "host.own_role");
        Assert.Equal("nothing", await InboxAsync(RealApp.Admin, Text(early, "id")));
        await DoneAsync(RealApp.Other, $"role-requests/{Text(early, "id")}/decline", new { reason = "Not yet" });
        await RefusedAsync(
            RealApp.Admin, "accounts/ines@example.com/roles", new { role = "finance", reason = "x" },
            "host.linked_role");
        const string vouch = "accounts/ines@example.com/vouch";
        var used = Text(
            (await GetAsync(RealApp.Other, "accounts/ines@example.com")).GetProperty("account"), "usedLink");
        await RefusedAsync(RealApp.Admin, vouch, new { reason = "x", link = used }, "host.own_vouch");
        await RefusedAsync(RealApp.Other, vouch, new { link = used }, "host.reason_invalid");
        await RefusedAsync(RealApp.Other, vouch, new { reason = "x" }, "host.vouch_link");
        await RefusedAsync(
            RealApp.Other, vouch, new { reason = "x", link = $"otl_{Guid.NewGuid():N}" }, "host.vouch_link");
        var vouched = await DoneAsync(RealApp.Other, vouch, new { reason = "Met her", link = used });
        Assert.Equal(("", ""), (Text(vouched, "linkMaker"), Text(vouched, "usedLink")));
        await DoneAsync(RealApp.Other, vouch, new { reason = "Met her", link = used }); // again changes nothing

        var asked = await AskAsync(RealApp.Admin, "ines@example.com", Roles.Finance);
        var again = await AskAsync(RealApp.Other, "ines@example.com", Roles.Finance);
        Assert.Equal(Text(asked, "id"), Text(again, "id"));
        Assert.Equal("waiting", Text(again, "state"));
        Assert.Equal("decides", await InboxAsync(RealApp.Other, Text(asked, "id")));
        Assert.Equal("asked", await InboxAsync(RealApp.Admin, Text(asked, "id")));
        Assert.Empty(await RolesAsync("ines@example.com"));

        var path = $"role-requests/{Text(asked, "id")}/approve";
        await RefusedAsync(RealApp.Admin, path, new { }, "host.own_role");
        await RefusedAsync(RealApp.Admin, path, new { alone = true }, "host.own_role");
        await DoneAsync(RealApp.Other, path, new { });
        await DoneAsync(RealApp.Other, path, new { }); // the same again changes nothing
        Assert.Equal([Roles.Finance], await RolesAsync("ines@example.com"));
        Assert.Equal("nothing", await InboxAsync(RealApp.Other, Text(asked, "id")));
        await RefusedAsync(RealApp.Other, path.Replace("approve", "decline", StringComparison.Ordinal),
            new { reason = "Late" }, "host.role_request_decided");

        var given = (await GetAsync(RealApp.Admin, "accounts/ines@example.com")).GetProperty("roles")[0];
        Assert.Equal(
            (RealApp.Admin, RealApp.Other, "administrator", false),
            (Text(given, "givenBy"), Text(given, "agreedBy"), Text(given, "source"),
                given.GetProperty("givenAlone").GetBoolean()));
        await CleanAsync();
    }

    [Fact]
    public async Task Give_ToOneselfOrAnotherAccountOfOneself_IsRefused()
    {
        var person = Guid.CreateVersion7();
        var own = await SignUpAsync("one@example.com", person, Roles.Administrator);
        await SignUpAsync("too@example.com", person, Roles.Employee);
        await SignUpAsync("three@example.com", null, Roles.Administrator);

        foreach (var to in new[] { "one@example.com", "too@example.com", $"{own}" })
            await RefusedAsync(
                "one@example.com", $"accounts/{to}/roles", new { role = "finance", reason = "Mine" }, "host.own_role");

        // Who gets it does not decide it either, by whichever account, nor declines what somebody else asked for.
        var asked = await AskAsync("three@example.com", "too@example.com", Roles.Finance);
        var path = $"role-requests/{Text(asked, "id")}";
        await RefusedAsync("one@example.com", path + "/approve", new { }, "host.own_role");
        await RefusedAsync("one@example.com", path + "/decline", new { reason = "No" }, "host.own_role");
        Assert.Equal("nothing", await InboxAsync("one@example.com", Text(asked, "id")));

        // An account of nobody that gets it.
        var open = await AskAsync(RealApp.Admin, "three@example.com", Roles.Board);
        await RefusedAsync("three@example.com", $"role-requests/{Text(open, "id")}/approve", new { }, "host.own_role");
        Assert.Equal("nothing", await InboxAsync("three@example.com", Text(open, "id")));
        await DoneAsync(RealApp.Admin, $"role-requests/{Text(open, "id")}/decline", new { reason = "Withdrawn" });
    }

    [Fact]
    public async Task Give_ByWhoeverDoesNotGiveRoles_IsRefused()
    {
        await SignUpAsync("fin@example.com", null, Roles.Finance);
        await SignUpAsync("aud@example.com", null, Roles.Administrator, Roles.Auditor);
        var asked = await AskAsync(RealApp.Admin, "fin@example.com", Roles.Board);
        foreach (var who in new[] { "fin@example.com", "aud@example.com" })
        {
            await RefusedAsync(who, $"role-requests/{Text(asked, "id")}/approve", new { }, "host.not_allowed");
            await RefusedAsync(
                who, "accounts/fin@example.com/roles", new { role = "board", reason = "x" }, "host.not_allowed");
            await RefusedAsync(who, "accounts/fin@example.com/close", null, "host.not_allowed");
            await RefusedAsync(who, "accounts", new { email = "x@example.com", name = "x" }, "host.not_allowed");
        }
    }

    // The account that came with the installation is no other.
    [Fact]
    public async Task Give_ByTheOnlyAdministrator_IsOnRecordAsGivenAlone_WhereTheSettingAllowsIt()
    {
        await using var database = await TestDatabase.CreateAsync();
        var accounts = new AccountDirectory(database.Db, TimeProvider.System, Options.Create(new SignInOptions()));
        var (setting, person) = (new ApprovalOptions(), Guid.CreateVersion7());
        var eyes = new FourEyes(accounts, Options.Create(setting), TimeProvider.System);
        var requests = new RoleRequests(database.Db, eyes, TimeProvider.System);
        await FirstAdministrator.EnsureAsync(accounts, Ct);
        var ann = await accounts.CreateAsync("ann@example.com", "Ann", Roles.Founder, person, RealApp.Password, Ct);
        var ines = await accounts.CreateAsync(
            "ines@example.com", "Ines", [Roles.Employee], null, RealApp.Password, Ct);
        var by = new Actor("ann@example.com", person) { Account = ann!.Value.Value };

        Assert.Equal("host.role_no_decider", (await requests.AskAsync(
            "ines@example.com", Roles.Finance, "A test", by, Ct)).Refused!.Refusal.Code);
        setting.LoneAdministrator = true;
        var asked = (await requests.AskAsync("ines@example.com", Roles.Finance, "A test", by, Ct)).ValueOrDefault!;
        setting.LoneAdministrator = false;
        Assert.NotNull((await requests.ApproveAsync(asked.Id, alone: true, by, Ct)).Refused);
        setting.LoneAdministrator = true;
        Assert.NotNull((await requests.ApproveAsync(asked.Id, alone: false, by, Ct)).Refused);
        Assert.Null((await requests.ApproveAsync(asked.Id, alone: true, by, Ct)).Refused);
        Assert.True(await database.Db.ScalarAsync<bool>(
            "select given_alone from host.account_role where account_id = $1 and role = 'finance'", [ines!.Value.Value],
            Ct));
    }

    [Fact]
    public async Task Take_LastAdministrator_IsRefused_AlsoOfTwoAtOnce()
    {
        var both = await Task.WhenAll(
            PostAsync(RealApp.Admin, $"accounts/{RealApp.Other}/roles/administrator/take", null),
            PostAsync(RealApp.Other, $"accounts/{RealApp.Admin}/roles/administrator/take", null));
        Assert.Single(both, b => b.Status == HttpStatusCode.OK);
        var accounts = _app.Services.GetRequiredService<AccountDirectory>();
        var left = Assert.Single(
            await accounts.ListAsync(Ct), account => account.Roles.Contains(Roles.Administrator)).Email;
        foreach (var path in new[] { $"accounts/{left}/roles/administrator/take", $"accounts/{left}/close" })
            await RefusedAsync(left, path, null, "host.last_administrator");
        await RefusedAsync(left, $"accounts/{left}/roles/auditor/take", null, "host.role_not_held");
        await CleanAsync();
    }

    [Fact]
    public async Task Take_RoleOfAnotherSource_IsLeftToIt()
    {
        var id = await SignUpAsync("ines@example.com", null, Roles.Employee);
        await _app.Db.ExecuteAsync("""
            insert into host.account_role (account_id, role, source, given_at, given_by)
            values ($1, 'board', 'group:Directors', now(), 'Guerdon')
            """, [id.Value], Ct);
        await RefusedAsync(
            RealApp.Admin, "accounts/ines@example.com/roles/board/take", null, "host.role_given_elsewhere");
        await DoneAsync(RealApp.Admin, "accounts/ines@example.com/roles/employee/take", null);
        Assert.Equal([Roles.Board], await RolesAsync("ines@example.com"));
    }

    // A node whose clock is slow takes what another has just given; what was taken is not given back by an edit.
    [Fact]
    public async Task Take_RoleFromTheFuture_IsTaken_AndStaysTaken()
    {
        var id = await SignUpAsync("ines@example.com", null, Roles.Employee);
        await _app.Db.ExecuteAsync("""
            insert into host.account_role (account_id, role, source, given_at, given_by, agreed_by)
            values ($1, 'board', 'administrator', now() + interval '1 hour', 'ann', 'bob')
            """, [id.Value], Ct);
        await DoneAsync(RealApp.Admin, "accounts/ines@example.com/roles/board/take", null);
        Assert.Equal([Roles.Employee], await RolesAsync("ines@example.com"));
        foreach (var edit in new[] { "taken_at = null, taken_by = null", "taken_at = taken_at + interval '1 day'" })
            await Assert.ThrowsAsync<Npgsql.PostgresException>(() => _app.Db.ExecuteAsync(
                $"update host.account_role set {edit} where account_id = $1 and role = 'board'", [id.Value], Ct));
    }

    [Fact]
    public async Task Close_Account_EndsSignInTokensAndRoles_AndOpeningGivesNoneBack()
    {
        await SignUpAsync("ines@example.com", null, Roles.Finance);
        var asked = await AskAsync(RealApp.Admin, "ines@example.com", Roles.Board);
        await GetAsync("ines@example.com", "me");
        using var session = SessionTests.Bearer(_app, await SessionTests.SecretAsync(_app, "ines@example.com"));
        await DoneAsync(RealApp.Admin, "accounts/ines@example.com/close", null);
        await DoneAsync(RealApp.Admin, "accounts/ines@example.com/close", null); // again changes nothing
        using (var refused = await _clients["ines@example.com"].GetAsync("/api/v1/me", Ct))
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using (var client = _app.Client())
        using (var signedIn = await RealApp.SignInAsync(client, "ines@example.com", RealApp.Password))
            Assert.NotEqual("/", signedIn.Headers.Location?.ToString());
        await RefusedAsync(
            RealApp.Other, $"role-requests/{Text(asked, "id")}/approve", new { }, "host.role_request_decided");
        await RefusedAsync(
            RealApp.Admin, "accounts/ines@example.com/roles", new { role = "board", reason = "x" },
            "host.account_closed");

        await RefusedAsync(
            RealApp.Admin, "accounts", new { email = RealApp.Other, name = "x" }, "host.account_is_open");
        var opened = await DoneAsync(RealApp.Admin, "accounts", new { email = "ines@example.com", name = "Inês" });
        Assert.Empty(opened.GetProperty("account").GetProperty("roles").EnumerateArray());
        using (var still = await _clients["ines@example.com"].GetAsync("/api/v1/me", Ct))
            Assert.Equal(HttpStatusCode.Unauthorized, still.StatusCode); // its tokens are revoked
        using (var still = await session.GetAsync("/api/v1/me", Ct))
            Assert.Equal(HttpStatusCode.Unauthorized, still.StatusCode); // and its sessions have ended
        await CleanAsync();
    }

    [Theory]
    [InlineData("accounts", """{"email":"x","name":"n"}""", "host.account_invalid_address")]
    [InlineData("accounts", """{"email":"x@example.com","name":" "}""", "host.account_invalid_address")]
    [InlineData("accounts/nobody@example.com/close", "{}", "host.account_not_found")]
    [InlineData("accounts/other@example.com/roles", """{"role":"king","reason":"x"}""", "host.role_unknown")]
    [InlineData("accounts/other@example.com/roles", """{"role":"auditor"}""", "host.reason_invalid")]
    [InlineData("accounts/other@example.com/roles", """{"role":"board","reason":"x"}""", "host.role_held")]
    [InlineData("accounts/other@example.com/roles/king/take", "{}", "host.role_unknown")]
    [InlineData("role-requests/rol_1/approve", "{}", "host.role_request_not_found")]
    public async Task Requests_ThatMakeNoSense_AreRefused(string path, string body, string code) =>
        await RefusedAsync(RealApp.Admin, path, JsonElement.Parse(body), code);

    private async Task<AccountId> SignUpAsync(string email, Guid? person, params string[] roles)
    {
        var accounts = _app.Services.GetRequiredService<AccountDirectory>();
        var id = (await accounts.FindByEmailAsync(email, Ct))?.Id
            ?? (await accounts.CreateAsync(email, email, roles, person, RealApp.Password, Ct))!.Value;
        var token = await _app.Services.GetRequiredService<ApiTokens>().CreateAsync(id, "a test", Ct);
        _clients[email] = new HttpClient(new DecidingHandler(_app.Services)) { BaseAddress = _app.Address };
        _clients[email].DefaultRequestHeaders.Authorization = new("Bearer", token.Token);
        return id;
    }

    private Task<JsonElement> AskAsync(string who, string whom, string role) =>
        DoneAsync(who, $"accounts/{whom}/roles", new { role, reason = "A test" });

    private async Task<JsonElement> DoneAsync(string who, string path, object? body)
    {
        var (status, reply) = await PostAsync(who, path, body);
        Assert.True(status == HttpStatusCode.OK, $"{path}: {reply}");
        return reply;
    }

    private async Task RefusedAsync(string who, string path, object? body, string code)
    {
        var (_, reply) = await PostAsync(who, path, body);
        Assert.True(Text(reply, "title") == code, $"{path}: {reply}");
    }

    private async Task<(HttpStatusCode Status, JsonElement Reply)> PostAsync(string who, string path, object? body)
    {
        using var answer = await _clients[who].PostAsJsonAsync($"/api/v1/{path}", body ?? new { }, Ct);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Ct));
    }

    private async Task<JsonElement> GetAsync(string who, string path)
    {
        using var answer = await _clients[who].GetAsync($"/api/v1/{path}", Ct);
        var reply = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {reply}");
        return reply;
    }

    private async Task<IReadOnlyList<string>> RolesAsync(string email) =>
        (await _app.Services.GetRequiredService<AccountDirectory>().FindByEmailAsync(email, Ct))!.Roles;

    private async Task<string> InboxAsync(string who, string id)
    {
        var items = (await GetAsync(who, "approvals")).GetProperty("items").EnumerateArray()
            .Where(item => Text(item, "id") == id).ToList();
        if (items is not [var item]) return "nothing";
        Assert.Equal(("role", "/admin/access"), (Text(item, "kind"), Text(item, "link")));
        return item.GetProperty("youMay").GetBoolean() ? "decides" : "asked";
    }

    private async Task CleanAsync()
    {
        var findings = new List<Finding>();
        await foreach (var finding in VerifyCompany.RunAsync(_app.Db, null, new VerifyOptions(), Ct))
            findings.Add(finding);
        Assert.Empty(findings);
    }

    private static string Text(JsonElement body, string property) =>
        body.TryGetProperty(property, out var value) ? value.GetString() ?? "" : "";
}
