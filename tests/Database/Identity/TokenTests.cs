using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guerdon.Database.Grants;
using Guerdon.Database.Host;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Sessions;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Guerdon.Database.Identity;

/// <summary>What a token may do: what its scopes name, of what its owner may, until it ends.</summary>
public sealed class TokenTests
{
    private readonly TurnedClock _clock = new() { Now = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero) };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Token_WithScopes_OpensNothingElse_AndEnds()
    {
        await using var app = await RealApp.StartAsync(_clock);
        using var owner = SessionTests.Bearer(app, await SessionTests.SecretAsync(app, RealApp.Admin));
        var end = _clock.Now.AddDays(30);
        var made = await CreateAsync(owner, new
        {
            name = "narrow", scopes = new[] { Permissions.AccountUse, Permissions.PricesRead }, endsAt = end,
        });
        using var narrow = SessionTests.Bearer(app, made.GetProperty("token").GetString()!);
        Assert.Equal(HttpStatusCode.OK, await GetAsync(narrow, "prices"));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(narrow, "people"));
        Assert.Equal([Permissions.AccountUse, Permissions.PricesRead], (await narrow.GetFromJsonAsync<JsonElement>(
            "/api/v1/me", Ct)).GetProperty("permissions").EnumerateArray().Select(p => p.GetString()));

        _clock.Now = end;
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(narrow, "prices"));
    }

    // A token that made another would live on in it; so would a session that was left, for a year.
    [Fact]
    public async Task Tokens_AreMadeSoonAfterASignIn_AndByNoToken()
    {
        await using var app = await RealApp.StartAsync(_clock);
        using var owner = SessionTests.Bearer(app, await SessionTests.SecretAsync(app, RealApp.Admin));
        var made = await CreateAsync(owner, new { name = "all" });
        using var program = SessionTests.Bearer(app, made.GetProperty("token").GetString()!);
        Assert.Equal("host.step_up", await RefusedAsync(program, new { name = "child" }));
        _clock.Now += Access.ConfirmedFor + TimeSpan.FromSeconds(1);
        Assert.Equal("host.step_up", await RefusedAsync(owner, new { name = "late" }));
    }

    [Fact]
    public async Task Requests_ThatMakeNoSense_AreRefused()
    {
        await using var app = await RealApp.StartAsync(_clock);
        using var owner = SessionTests.Bearer(app, await SessionTests.SecretAsync(app, RealApp.Admin));
        foreach (var scopes in new string?[][]
        {
            ["people:own"], [], [null], [Permissions.PeopleRead, null], [Access.AllScopes],
            [.. Enumerable.Repeat(Permissions.PeopleRead, 101)],
        })
            Assert.Contains(
                await RefusedAsync(owner, new { name = "x", scopes }),
                new[] { "host.token_scopes_invalid", "host.request_invalid" }); // as every list's bounds
        using var other = SessionTests.Bearer(app, await EmployeeAsync(app));
        Assert.Equal("host.token_too_wide", await RefusedAsync(
            other, new { name = "x", scopes = new[] { Permissions.LedgerRead } }));
        foreach (var endsAt in new[] { _clock.Now, _clock.Now.AddDays(365).AddSeconds(1), DateTimeOffset.MaxValue })
            Assert.Contains(
                await RefusedAsync(owner, new { name = "x", endsAt }),
                new[] { "host.token_end_invalid", "host.time_invalid" }); // as every time beyond the calendar
        Assert.Equal(_clock.Now.AddDays(365),
            (await CreateAsync(owner, new { name = "x" })).GetProperty("endsAt").GetDateTimeOffset());
        Assert.Equal(_clock.Now.AddDays(365), (await CreateAsync(
            owner, new { name = "x", endsAt = _clock.Now.AddDays(365) })).GetProperty("endsAt").GetDateTimeOffset());
    }

    // An empty list is no list of all: neither the code nor the table takes one.
    [Fact]
    public async Task Scopes_None_CannotBeStored()
    {
        await using var app = await RealApp.StartAsync(_clock);
        var account = await SessionTests.AccountAsync(app, RealApp.Admin);
        var tokens = app.Services.GetRequiredService<ApiTokens>();
        await Assert.ThrowsAsync<ArgumentException>(() => tokens.CreateAsync(account, "x", new([], null), Ct));
        var e = await Assert.ThrowsAsync<PostgresException>(() => app.Db.ExecuteAsync(
            """
            with made as (
                insert into host.token (token_id, account_id, name, hash, created_at)
                values (gen_random_uuid(), $1, 'x', sha256('x'), $2) returning token_id)
            insert into host.token_terms (token_id, scopes, shown) select token_id, '{}'::text[], 'x' from made
            """, [account.Value, _clock.Now], Ct));
        Assert.Equal(PostgresErrorCodes.CheckViolation, e.SqlState);
    }

    // Roles are read with each request: what was taken from the owner is gone from the token.
    [Fact]
    public async Task Token_IsNeverWiderThanItsOwnerIsNow()
    {
        await using var app = await RealApp.StartAsync(_clock);
        using var owner = SessionTests.Bearer(app, await SessionTests.SecretAsync(app, RealApp.Admin));
        var made = await CreateAsync(owner, new { name = "all" });
        using var all = SessionTests.Bearer(app, made.GetProperty("token").GetString()!);
        Assert.Equal(HttpStatusCode.OK, await GetAsync(all, "grants/runs"));
        await app.Db.ExecuteAsync(
            """
            update host.account_role set taken_at = $2, taken_by = 'a test'
             where role in ('people', 'finance') and account_id = $1
            """, [(await SessionTests.AccountAsync(app, RealApp.Admin)).Value, _clock.Now.AddDays(1)], Ct);
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(all, "grants/runs"));
    }

    [Fact]
    public async Task Use_IsNotedToTheMinute()
    {
        await using var app = await RealApp.StartAsync(_clock);
        using var owner = SessionTests.Bearer(app, await SessionTests.SecretAsync(app, RealApp.Admin));
        var token = (await CreateAsync(owner, new { name = "x" })).GetProperty("token").GetString()!;
        using var program = SessionTests.Bearer(app, token);
        Assert.Equal(JsonValueKind.Null, (await OneAsync(owner)).GetProperty("usedAt").ValueKind);
        var first = _clock.Now;
        await GetAsync(program, "prices");
        _clock.Now += TimeSpan.FromSeconds(59);
        await GetAsync(program, "prices");
        Assert.Equal(first, (await OneAsync(owner)).GetProperty("usedAt").GetDateTimeOffset());
        _clock.Now += TimeSpan.FromSeconds(1);
        await GetAsync(program, "prices");
        Assert.Equal(_clock.Now, (await OneAsync(owner)).GetProperty("usedAt").GetDateTimeOffset());
        Assert.Equal(token[..12], (await OneAsync(owner)).GetProperty("begins").GetString());
    }

    [Fact]
    public async Task Service_HasTokensAlone_AndApprovesNothing()
    {
        await using var app = await RealApp.StartAsync(_clock);
        var accounts = app.Services.GetRequiredService<AccountDirectory>();
        var unfit = Roles.Names.Where(role => !Permissions.FitPrograms(role)).ToArray();
        Assert.Equal(
            new[] { Roles.Administrator, Roles.Board, Roles.Employee, Roles.Finance, Roles.Manager }.Order(),
            unfit.Order());
        foreach (var role in unfit)
            await Assert.ThrowsAsync<ArgumentException>(() =>
                accounts.CreateServiceAsync("ci@example.com", "CI", [role], "a test", Ct));
        Assert.Equal([Roles.Finance], Roles.Names.Where(Permissions.ApproveMoney));
        var id = (await accounts.CreateServiceAsync("ci@example.com", "CI", [Roles.People], "a test", Ct))!.Value;
        Assert.Null(await accounts.CreateServiceAsync("ci@example.com", "CI", [Roles.People], "a test", Ct));
        await app.Services.GetRequiredService<NewPasswords>().SetAsync(id, RealApp.Password, Ct);
        using var client = app.Client();
        using var answer = await client.PostAsJsonAsync(
            "/api/v1/login/password", new { email = "ci@example.com", password = RealApp.Password }, Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);

        // Even where the role is given by another way.
        await app.Db.ExecuteAsync(
            """
            insert into host.account_role (account_id, role, source, given_at, given_by)
            values ($1, 'finance', 'a test', $2, 'a test')
            """, [id.Value, _clock.Now], Ct);
        var token = await app.Services.GetRequiredService<ApiTokens>().CreateAsync(id, "ci", Ct);
        using var program = SessionTests.Bearer(app, token.Token);
        Assert.Equal(HttpStatusCode.OK, await GetAsync(program, "people"));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(program, "payroll"));
        Assert.Equal(2, await accounts.CountAsync(Permissions.GrantsApprove, Ct)); // nobody waits for it
    }

    // Neither at first, nor when somebody of that address comes, or gets it.
    [Fact]
    public async Task Service_IsNobodyOfTheCompany()
    {
        await using var app = await RealApp.StartAsync(_clock);
        var accounts = app.Services.GetRequiredService<AccountDirectory>();
        await SessionTests.PersonAsync(app, "lia@example.com");
        Assert.Null(await accounts.CreateServiceAsync("LIA@example.com", "CI", [Roles.People], "a test", Ct));
        var id = (await accounts.CreateServiceAsync("ci@example.com", "CI", [Roles.People], "a test", Ct))!.Value;
        await SessionTests.PersonAsync(app, "ci@example.com");
        Assert.Equal(0, await app.Db.ScalarAsync<long>(
            "select count(*) from host.account where account_id = $1 and person_id is not null", [id.Value], Ct));
        Assert.Null((await accounts.FindAsync(id, Ct))!.PersonId);
        Assert.Null(await accounts.PersonOfAsync(new("ci@example.com", null) { Account = id.Value }, Ct));
    }

    private static async Task<string> EmployeeAsync(RealApp app)
    {
        await SessionTests.PersonAsync(app, "lia@example.com");
        return await SessionTests.SecretAsync(app, "lia@example.com");
    }

    private static async Task<JsonElement> OneAsync(HttpClient client) =>
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/tokens", Ct))[0];

    private static async Task<JsonElement> CreateAsync(HttpClient client, object body)
    {
        using var answer = await client.PostAsJsonAsync("/api/v1/tokens", body, Ct);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await RunningApp.JsonAsync(answer);
    }

    private static async Task<string?> RefusedAsync(HttpClient client, object body)
    {
        using var answer = await client.PostAsJsonAsync("/api/v1/tokens", body, Ct);
        return (await RunningApp.JsonAsync(answer)).GetProperty("title").GetString();
    }

    private static async Task<HttpStatusCode> GetAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri($"/api/v1/{path}", UriKind.Relative), Ct);
        return answer.StatusCode;
    }
}
