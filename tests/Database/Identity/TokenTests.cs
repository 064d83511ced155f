using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guerdon.Database.Grants;
using Guerdon.Database.Host;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Identity;

/// <summary>What a token may do: what its scopes name, of what its owner may, until it ends.</summary>
public sealed class TokenTests
{
    private readonly TurnedClock _clock = new() { Now = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero) };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Token_WithScopes_OpensNothingElse_AndMakesNoneThatIsWider()
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

        // Neither wider nor longer, nor without scopes at all.
        Assert.Equal("host.token_too_wide", await RefusedAsync(
            narrow, new { name = "wide", scopes = new[] { Permissions.PeopleRead } }));
        Assert.Equal("host.token_too_wide", await RefusedAsync(narrow, new { name = "long", endsAt = end.AddDays(1) }));
        Assert.Equal("host.token_scopes_invalid", await RefusedAsync(
            narrow, new { name = "all", scopes = new[] { Access.AllScopes } }));
        var child = await CreateAsync(narrow, new { name = "child" });
        Assert.Equal(end, child.GetProperty("endsAt").GetDateTimeOffset());
        using var heir = SessionTests.Bearer(app, child.GetProperty("token").GetString()!);
        Assert.Equal(HttpStatusCode.OK, await GetAsync(heir, "prices"));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(heir, "people"));

        _clock.Now = end;
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(narrow, "prices"));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(heir, "prices"));
    }

    [Fact]
    public async Task Requests_ThatMakeNoSense_AreRefused()
    {
        await using var app = await RealApp.StartAsync(_clock);
        using var owner = SessionTests.Bearer(app, await SessionTests.SecretAsync(app, RealApp.Admin));
        Assert.Equal("host.token_scopes_invalid", await RefusedAsync(
            owner, new { name = "x", scopes = new[] { "people:own" } }));
        Assert.Equal("host.token_scopes_invalid", await RefusedAsync(
            owner, new { name = "x", scopes = Array.Empty<string>() }));
        Assert.Equal("host.token_end_invalid", await RefusedAsync(owner, new { name = "x", endsAt = _clock.Now }));
        Assert.Equal(_clock.Now.AddDays(365),
            (await CreateAsync(owner, new { name = "x" })).GetProperty("endsAt").GetDateTimeOffset());
    }

    // Roles are read with each request: what was taken from the owner is gone from the token.
    [Fact]
    public async Task Token_IsNeverWiderThanItsOwnerIsNow()
    {
        await using var app = await RealApp.StartAsync(_clock);
        using var owner = SessionTests.Bearer(app, await SessionTests.SecretAsync(app, RealApp.Admin));
        var made = await CreateAsync(owner, new { name = "all" });
        using var all = SessionTests.Bearer(app, made.GetProperty("token").GetString()!);
        Assert.Equal(HttpStatusCode.OK, await GetAsync(all, "people"));
        await app.Db.ExecuteAsync(
            """
            update host.account_role set taken_at = $2, taken_by = 'a test'
             where role in ('people', 'finance') and account_id = $1
            """, [(await SessionTests.AccountAsync(app, RealApp.Admin)).Value, _clock.Now.AddDays(1)], Ct);
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync(all, "people"));
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
        foreach (var role in Roles.Names.Where(Permissions.ApproveMoney))
            await Assert.ThrowsAsync<ArgumentException>(() =>
                accounts.CreateServiceAsync("ci@example.com", "CI", [role], "a test", Ct));
        Assert.Equal([Roles.Finance], Roles.Names.Where(Permissions.ApproveMoney));
        var id = (await accounts.CreateServiceAsync("ci@example.com", "CI", [Roles.People], "a test", Ct))!.Value;
        Assert.Null(await accounts.CreateServiceAsync("ci@example.com", "CI", [Roles.People], "a test", Ct));
        await accounts.SetPasswordAsync(id, RealApp.Password, Ct);
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
