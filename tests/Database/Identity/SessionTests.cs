using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Guerdon.Database.Grants;
using Guerdon.Database.Host;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Sessions;
using Guerdon.Identity.Tokens;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Guerdon.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Identity;

/// <summary>A session is a row: it can be seen and ended, and it ends by itself.</summary>
public sealed class SessionTests
{
    private static readonly DateTimeOffset Morning = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);

    private readonly TurnedClock _clock = new() { Now = Morning };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SignOut_EndsTheSession_NotOnlyTheCookie()
    {
        await using var app = await RealApp.StartAsync();
        using var client = app.Client();
        var session = await app.SessionAsync();
        Assert.Equal(HttpStatusCode.OK, await AskAsync(client, session, HttpMethod.Get, "/api/v1/me"));
        var (cookies, token) = await StepUpTests.FormAsync(client, session);
        using (var request = Request(HttpMethod.Post, "/sign-out", cookies))
        {
            request.Content = new FormUrlEncodedContent([new("__RequestVerificationToken", token)]);
            using var answer = await client.SendAsync(request, Ct);
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(client, session, HttpMethod.Get, "/api/v1/me"));
    }

    [Theory]
    [InlineData("11:59", 200)]
    [InlineData("12:00", 401)] // not used for half a day
    [InlineData("11:00 11:00", 200)]
    [InlineData("11:00 11:00 01:59", 200)]
    [InlineData("11:00 11:00 02:00", 401)] // a day after it was begun
    public async Task Session_EndsByItself(string steps, int expected)
    {
        await using var app = await RealApp.StartAsync(_clock);
        var secret = await SecretAsync(app, RealApp.Admin);
        using var client = Bearer(app, secret);
        var status = HttpStatusCode.OK;
        foreach (var step in steps.Split(' '))
        {
            Assert.Equal(HttpStatusCode.OK, status);
            _clock.Now += TimeSpan.Parse(step, null);
            status = await AskAsync(client, null, HttpMethod.Get, "/api/v1/me");
        }

        Assert.Equal(expected, (int)status);
    }

    // Another site can make a browser send something; the session must not last longer by it.
    [Fact]
    public async Task Use_ThatIsRefusedAsAnothers_IsNotNoted()
    {
        await using var app = await RealApp.StartAsync(_clock);
        using var client = app.Client();
        var session = await app.SessionAsync();
        _clock.Now += TimeSpan.FromHours(2);
        using (var foreign = Request(HttpMethod.Post, "/api/v1/tokens", session))
        {
            foreign.Headers.Add("Sec-Fetch-Site", "cross-site");
            foreign.Content = JsonContent.Create(new { name = "x" });
            using var answer = await client.SendAsync(foreign, Ct);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        Assert.Equal(Morning, await SeenAsync(app));
        await AskAsync(client, session, HttpMethod.Get, "/api/v1/me");
        Assert.Equal(_clock.Now, await SeenAsync(app));
        _clock.Now += TimeSpan.FromSeconds(30); // not with each request
        await AskAsync(client, session, HttpMethod.Get, "/api/v1/me");
        Assert.Equal(_clock.Now - TimeSpan.FromSeconds(30), await SeenAsync(app));
    }

    [Fact]
    public async Task List_ShowsOwnSessions_AndEachCanBeEnded()
    {
        await using var app = await RealApp.StartAsync();
        using var first = Bearer(app, await SecretAsync(app, RealApp.Admin));
        using var second = Bearer(app, await SecretAsync(app, RealApp.Admin));
        using var others = Bearer(app, await SecretAsync(app, RealApp.Other));
        var list = (await first.GetFromJsonAsync<JsonElement>("/api/v1/sessions", Ct)).EnumerateArray().ToList();
        Assert.Equal(2, list.Count);
        Assert.All(list, one => Assert.Equal("127.0.0.1", one.GetProperty("address").GetString()));
        var another = list.Single(one => !one.GetProperty("isThis").GetBoolean()).GetProperty("id").GetString();

        Assert.Equal(HttpStatusCode.NotFound,
            await AskAsync(others, null, HttpMethod.Delete, $"/api/v1/sessions/{another}"));
        Assert.Equal(HttpStatusCode.NoContent,
            await AskAsync(first, null, HttpMethod.Delete, $"/api/v1/sessions/{another}"));
        Assert.Equal(HttpStatusCode.NotFound,
            await AskAsync(first, null, HttpMethod.Delete, $"/api/v1/sessions/{another}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(second, null, HttpMethod.Get, "/api/v1/me"));

        Assert.Equal(HttpStatusCode.NoContent, await AskAsync(first, null, HttpMethod.Delete, "/api/v1/sessions/this"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(first, null, HttpMethod.Get, "/api/v1/me"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(others, null, HttpMethod.Get, "/api/v1/me"));
    }

    [Fact]
    public async Task Everywhere_EndsAll_AlsoAPageThatIsOpen()
    {
        await using var app = await RealApp.StartAsync();
        var person = await PersonAsync(app, "lia@example.com");
        var session = await app.SessionAsync("lia@example.com");
        using var client = app.Client();
        using var live = Request(HttpMethod.Get, $"/live/wallets/wal_{person:N}", session);
        using var page = await client.SendAsync(live, HttpCompletionOption.ResponseHeadersRead, Ct);
        await using var events = await page.Content.ReadAsStreamAsync(Ct);
        Assert.True(await events.ReadAsync(new byte[1_000], Ct) > 0);

        using var everywhere = Bearer(app, await SecretAsync(app, "lia@example.com"));
        Assert.Equal(HttpStatusCode.NoContent, await AskAsync(everywhere, null, HttpMethod.Delete, "/api/v1/sessions"));
        using var within = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await events.ReadAsync(new byte[1_000], within.Token) > 0)
        {
            // what was on its way
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(client, session, HttpMethod.Get, "/api/v1/me"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(everywhere, null, HttpMethod.Get, "/api/v1/me"));
    }

    [Fact]
    public async Task Anothers_AreEndedByWhoeverClosesAccounts_AndNobodyElse()
    {
        await using var app = await RealApp.StartAsync();
        await PersonAsync(app, "lia@example.com");
        using var hers = Bearer(app, await SecretAsync(app, "lia@example.com"));
        using var admin = Bearer(app, await SecretAsync(app, RealApp.Admin));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(
            hers, null, HttpMethod.Delete, $"/api/v1/accounts/{RealApp.Admin}/sessions"));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(
            admin, null, HttpMethod.Delete, "/api/v1/accounts/nobody@example.com/sessions"));
        Assert.Equal(HttpStatusCode.NoContent, await AskAsync(
            admin, null, HttpMethod.Delete, "/api/v1/accounts/lia@example.com/sessions"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(hers, null, HttpMethod.Get, "/api/v1/me"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(admin, null, HttpMethod.Get, "/api/v1/me"));
    }

    [Fact]
    public async Task Password_IsChanged_EndsSessionsOfThatAccountAlone()
    {
        await using var app = await RealApp.StartAsync();
        using var client = app.Client();
        var (mine, others) = (await app.SessionAsync(), await app.SessionAsync(RealApp.Other));
        var accounts = app.Services.GetRequiredService<AccountDirectory>();
        var id = (await accounts.FindByEmailAsync(RealApp.Admin, Ct))!.Id;
        await app.Services.GetRequiredService<NewPasswords>().SetAsync(id, "another long password", Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(client, mine, HttpMethod.Get, "/api/v1/me"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(client, others, HttpMethod.Get, "/api/v1/me"));
    }

    // In the commit of whatever else ends somebody's access.
    [Fact]
    public async Task EndAll_InATransaction_IsUndoneWithIt()
    {
        await using var app = await RealApp.StartAsync();
        using var client = Bearer(app, await SecretAsync(app, RealApp.Admin));
        var (sessions, id) = (app.Services.GetRequiredService<OpenSessions>(), await AccountAsync(app, RealApp.Admin));
        await using (var connection = await app.Db.OpenConnectionAsync(Ct))
        {
            await using (await connection.BeginTransactionAsync(Ct))
                await sessions.EndAllAsync(id, SessionEnd.Password, connection, Ct);
            Assert.Equal(HttpStatusCode.OK, await AskAsync(client, null, HttpMethod.Get, "/api/v1/me"));
            await using var transaction = await connection.BeginTransactionAsync(Ct);
            await sessions.EndAllAsync(id, SessionEnd.Password, connection, Ct);
            await transaction.CommitAsync(Ct);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(client, null, HttpMethod.Get, "/api/v1/me"));
    }

    [Fact]
    public async Task Sessions_OfOneAccount_AreBounded()
    {
        await using var app = await RealApp.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 130).Select(_ => SecretAsync(app, RealApp.Admin)));
        var last = await SecretAsync(app, RealApp.Admin);
        var open = await app.Db.ScalarAsync<long>(
            "select count(*) from host.session where ended_at is null", [], Ct);
        Assert.Equal(OpenSessions.MostPerAccount, open);
        using var client = Bearer(app, last);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(client, null, HttpMethod.Get, "/api/v1/me"));

        // Nor does whoever signs in again and again fill the table with what is over.
        await app.Db.ExecuteAsync(
            """
            insert into host.session (session_id, account_id, hash, kind, made_at, confirmed_at, seen_at, address,
                agent, ended_at, ended_by, ended_why)
            select gen_random_uuid(), account_id, sha256(i::text::bytea), kind, made_at, made_at, made_at, '',
                '', made_at, 'x', 'owner'
              from (select * from host.session limit 1) one, generate_series(1, 1200) i
            """, [], Ct);
        await SecretAsync(app, RealApp.Admin);
        Assert.InRange(await app.Db.ScalarAsync<long>(
            "select count(*) from host.session where ended_at is not null", [], Ct), 900, SessionRows.MostOver + 1);
    }

    // A row says who ended it, and why.
    [Fact]
    public async Task End_IsOnRecord()
    {
        await using var app = await RealApp.StartAsync();
        using var client = Bearer(app, await SecretAsync(app, RealApp.Admin));
        await AskAsync(client, null, HttpMethod.Delete, "/api/v1/sessions/this");
        Assert.Equal($"owner {RealApp.Admin} True", await WhyAsync());
        using var all = Bearer(app, await SecretAsync(app, RealApp.Admin));
        await AskAsync(all, null, HttpMethod.Delete, "/api/v1/sessions");
        Assert.Equal($"owner {RealApp.Admin} True", await WhyAsync());
        await SecretAsync(app, RealApp.Other);
        using var admin = Bearer(app, await SecretAsync(app, RealApp.Admin));
        await AskAsync(admin, null, HttpMethod.Delete, $"/api/v1/accounts/{RealApp.Other}/sessions");
        Assert.Equal($"administrator {RealApp.Admin} True", await WhyAsync());
        await app.Services.GetRequiredService<NewPasswords>().SetAsync(
            await AccountAsync(app, RealApp.Admin), "another long password", Ct);
        Assert.Equal("password Guerdon False", await WhyAsync());
        for (var i = 0; i <= OpenSessions.MostPerAccount; i++) await SecretAsync(app, RealApp.Admin);
        Assert.Equal("crowd Guerdon False", await WhyAsync());

        async Task<string> WhyAsync() => (await app.Db.ScalarAsync<string>(
            """
            select concat(ended_why, ' ', ended_by,
                case when ended_by_account is null then ' False' else ' True' end)
              from host.session where ended_at is not null order by ended_at desc limit 1
            """, [], Ct))!;
    }

    [Fact]
    public async Task Everywhere_EndsTokensToo_WhereThatIsAsked()
    {
        await using var app = await RealApp.StartAsync();
        var tokens = app.Services.GetRequiredService<ApiTokens>();
        foreach (var path in new[] { "/api/v1/sessions", $"/api/v1/accounts/{RealApp.Other}/sessions" })
        {
            var by = path == "/api/v1/sessions" ? RealApp.Other : RealApp.Admin;
            var token = await tokens.CreateAsync(await AccountAsync(app, RealApp.Other), "x", Ct);
            using var program = Bearer(app, token.Token);
            using var person = Bearer(app, await SecretAsync(app, by));
            Assert.Equal(HttpStatusCode.NoContent, await AskAsync(person, null, HttpMethod.Delete, path));
            Assert.Equal(HttpStatusCode.OK, await AskAsync(program, null, HttpMethod.Get, "/api/v1/me"));
            using var again = Bearer(app, await SecretAsync(app, by));
            Assert.Equal(
                HttpStatusCode.NoContent, await AskAsync(again, null, HttpMethod.Delete, path + "?tokens=true"));
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(program, null, HttpMethod.Get, "/api/v1/me"));
        }
    }

    // A cookie is sealed and another kind of session: its secret alone opens nothing elsewhere.
    [Fact]
    public async Task Secret_OfABrowser_IsNoBearer()
    {
        await using var app = await RealApp.StartAsync();
        var opened = await app.Services.GetRequiredService<OpenSessions>().OpenAsync(
            await AccountAsync(app, RealApp.Admin), new(SessionKind.Browser, "", ""),
            TimeProvider.System.GetUtcNow(), Ct);
        using var client = Bearer(app, opened.Secret);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(client, null, HttpMethod.Get, "/api/v1/me"));
        Assert.Equal(0, await app.Db.ScalarAsync<long>(
            "select count(*) from host.session s where s::text like '%' || $1 || '%'", [opened.Secret], Ct));
    }

    internal static async Task<AccountId> AccountAsync(RealApp app, string email) =>
        (await app.Services.GetRequiredService<AccountDirectory>().FindByEmailAsync(email, Ct))!.Id;

    /// <summary>Signs in as <c>guerdon login --password-stdin</c> does.</summary>
    internal static async Task<string> SecretAsync(RealApp app, string email)
    {
        var opened = await app.Services.GetRequiredService<OpenSessions>().OpenAsync(
            await AccountAsync(app, email), new(SessionKind.CommandLine, "127.0.0.1", "a test"),
            app.Services.GetRequiredService<TimeProvider>().GetUtcNow(), Ct);
        return opened.Secret;
    }

    internal static HttpClient Bearer(RealApp app, string secret)
    {
        var client = app.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", secret);
        return client;
    }

    internal static HttpRequestMessage Request(HttpMethod method, string path, string? session)
    {
        var request = new HttpRequestMessage(method, path);
        if (session is not null) request.Headers.Add("Cookie", session);
        return request;
    }

    internal static async Task<HttpStatusCode> AskAsync(
        HttpClient client, string? session, HttpMethod method, string path)
    {
        using var request = Request(method, path, session);
        using var answer = await client.SendAsync(request, Ct);
        return answer.StatusCode;
    }

    internal static async Task<Guid> PersonAsync(RealApp app, string email)
    {
        var csv = "email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay,total_pay,currency\n"
            + $"{email},Lia,Ops,Engineer,L4,US,CC,2020-01-01,,1,1,USD\n";
        using var file = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(csv));
        Assert.Empty((await ImportPeople.RunAsync(file, false, app.Db, TimeProvider.System, Ct)).Errors);
        await app.Services.GetRequiredService<AccountDirectory>().CreateAsync(
            email, "Lia", [Roles.Employee], null, RealApp.Password, Ct);
        return (await app.Services.GetRequiredService<PeopleDirectory>().FindAsync(email, Ct))!.Id.Value;
    }

    internal static async Task<DateTimeOffset> SeenAsync(RealApp app) => (await app.Db.ScalarAsync<DateTimeOffset>(
        "select max(seen_at) from host.session", [], Ct)).ToUniversalTime();
}
