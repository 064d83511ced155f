using System.Net;
using System.Text;
using System.Text.Json;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Audit;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Host;

/// <summary>Every endpoint and every form that may change something is found among the acts, with who asked. Endpoints
/// and forms are found, not listed.</summary>
public sealed class ActWalkTests(RunningApp running) : IClassFixture<RunningApp>
{
    private const string Root = "root@corp.example";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IEnumerable<RouteEndpoint> Endpoints => running.App.Services.GetRequiredService<EndpointDataSource>()
        .Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null
            && e.Metadata.GetMetadata<IAuthorizeData>() is not null);

    private static string NameOf(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');

    [Fact]
    public async Task Endpoints_ThatMayChangeSomething_AreEachAmongTheActs()
    {
        var expected = new List<string>();
        foreach (var endpoint in Endpoints)
        {
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
            {
                if (endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null
                    || method is "GET" or "HEAD" or "OPTIONS" or "TRACE" or "CONNECT") continue;
                using var request = new HttpRequestMessage(
                    new HttpMethod(method), EndpointRequests.PathOf(endpoint.RoutePattern, null, null));
                if (method != "DELETE") request.Content = EndpointRequests.Nothing(endpoint);
                using var answer = await running.Admin.SendAsync(request, Ct);
                expected.Add($"{method} {NameOf(endpoint)}");
            }
        }

        Assert.True(expected.Count > 60, $"Only {expected.Count} were asked.");
        await IsNotedAsync(expected);
    }

    [Fact]
    public async Task Forms_OfEveryPage_AreEachAmongTheActs()
    {
        using var browser = await SignedInAsync();
        var token = FormPosts.In(await browser.GetStringAsync(new Uri("/admin/verify", UriKind.Relative), Ct)).First()
            .Fields["__RequestVerificationToken"];
        var expected = new List<string>();
        foreach (var endpoint in Endpoints)
        {
            foreach (var need in endpoint.Metadata.GetOrderedMetadata<FormNeedsAttribute>())
            {
                var word = need.Form == "*" ? "x" : need.Form;
                using var body = new FormUrlEncodedContent(
                    [new("__RequestVerificationToken", token), new("_handler", $"{word} y")]);
                using var answer = await browser.PostAsync(
                    EndpointRequests.PathOf(endpoint.RoutePattern, null, null), body, Ct);
                expected.Add($"form {word} of {NameOf(endpoint)}");
            }
        }

        Assert.True(expected.Count > 20, $"Only {expected.Count} were sent.");
        await IsNotedAsync(expected);
        // None had the token of a form that is spent once.
        await IsAsync(0L, "select count(*) from host.act where endpoint like 'form %' and kind <> 'refused'");
    }

    [Fact]
    public async Task Form_ThatItsPageRefuses_IsNotedAsRefused()
    {
        using var browser = await SignedInAsync();
        var form = FormPosts.In(await browser.GetStringAsync(new Uri("/admin/access", UriKind.Relative), Ct))
            .First(one => one.Fields.GetValueOrDefault(FormPosts.Handler) == "ask");
        var fields = new Dictionary<string, string>(form.Fields)
        {
            ["Ask.Email"] = "none@corp.example", ["Ask.Role"] = "people", ["Ask.Reason"] = "For a while.",
        };
        using var body = new FormUrlEncodedContent(fields);
        using var answer = await browser.PostAsync(new Uri("/admin/access", UriKind.Relative), body, Ct);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        await IsAsync(1L, $"""
            select count(*) from host.act where who = '{Root}' and kind = 'refused' and status = 422
               and endpoint = 'form ask of /admin/access'
            """);
    }

    [Fact]
    public async Task Statement_ThatChangesAndAnswers_IsOfItsAct()
    {
        using var made = await running.Employee.PostAsync(
            new Uri("/api/v1/keys", UriKind.Relative), new StringContent(
                """{"name":"to be revoked"}""", Encoding.UTF8, "application/json"), Ct);
        var key = (await RunningApp.JsonAsync(made)).GetProperty("id").GetString();
        using (var gone = await running.Employee.DeleteAsync(new Uri($"/api/v1/keys/{key}", UriKind.Relative), Ct))
            Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await IsAsync(1L, $$"""
            select count(*) from host.act where kind = 'write' and who = '{{RunningApp.Person}}'
               and endpoint = 'DELETE /api/v1/keys/{id}'
            """);
    }

    private async Task<HttpClient> SignedInAsync()
    {
        var browser = running.Client(null);
        using var signedIn = await RealApp.SignInAsync(browser, Root, RunningApp.Password);
        Assert.Equal(HttpStatusCode.SeeOther, signedIn.StatusCode);
        var cookie = (await RealApp.FormAsync(browser)).Cookie;
        browser.DefaultRequestHeaders.Add("Cookie", $"{cookie}; {RealApp.Cookie(signedIn, "guerdon")}");
        return browser;
    }

    // A write's row is in its transaction, and says who, how and by which right; what was written is known by it.
    [Fact]
    public async Task Write_ByToken_IsNotedInItsTransactionWithWhatItWrote()
    {
        Task<object> WroteAsync(string table, string more) => running.ValueAsync($"""
            select coalesce(string_agg(distinct concat_ws(' ', a.who, a.means, a.endpoint, a.permission), '; '), '')
              from kernel.change c join host.act a using (act_id)
             where c.table_name = '{table}' and a.kind = 'write' and a.roles like '%people%' and {more}
            """);
        Assert.Equal(
            $"{Root} token POST /api/v1/plans plans:write",
            await WroteAsync("approvals.input", "a.endpoint like '%plans%'"));
        Assert.Equal( // in effect by who approved it
            $"{Root} session POST /api/v1/inputs/{{id}}/approve inputs:approve",
            await WroteAsync("compensation.plan", "true"));
        Assert.Equal("", await running.ValueAsync("""
            select coalesce(string_agg(distinct table_name, ' '), '') from kernel.change
             where table_name like 'compensation.plan%' and act_id is null
            """));
    }

    [Fact]
    public async Task Refusals_AndSignIns_NameWhoAndNoSecret()
    {
        using (var refused = await running.Employee.PostAsync(
            new Uri("/api/v1/plans", UriKind.Relative), new StringContent("name: secret-plan"), Ct))
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using (var looked = await running.Employee.GetAsync(new Uri("/api/v1/payroll", UriKind.Relative), Ct))
            Assert.NotEqual(HttpStatusCode.OK, looked.StatusCode);
        using var browser = running.Client(null);
        using (await RealApp.SignInAsync(browser, RunningApp.Person, "wrong-and-secret")) { }
        using (await RealApp.SignInAsync(browser, "typed-secret", "x")) { }
        using (await RealApp.SignInAsync(browser, RunningApp.Person, RunningApp.Password)) { }
        using (var stranger = running.Client("grd_unknown-secret"))
        using (var answer = await stranger.GetAsync(new Uri("/api/v1/me", UriKind.Relative), Ct))
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);

        Task CountAsync(long expected, string where) =>
            IsAsync(expected, $"select count(*) from host.act where {where}");
        await CountAsync(1,
            $"kind = 'refused' and who = '{RunningApp.Person}' and endpoint = 'POST /api/v1/plans' and status = 403");
        await CountAsync(1,
            $"kind = 'refused' and who = '' and subject = '{RunningApp.Person}' and endpoint = 'POST /sign-in'");
        await CountAsync(1, "kind = 'refused' and who = '' and subject = '' and endpoint = 'POST /sign-in'");
        await CountAsync(1, $"kind = 'signed_in' and who = '{RunningApp.Person}'");
        await CountAsync(1, "kind = 'refused' and who = '' and endpoint = 'GET /api/v1/me'");
        await CountAsync(0, $"to_jsonb(act)::text similar to '%(secret|{RunningApp.Password})%'");
    }

    [Fact]
    public async Task Export_ByDayWhoAndEndpoint_HasThoseAlone()
    {
        using (await running.Employee.PostAsync(
            new Uri("/api/v1/token-value", UriKind.Relative),
            new StringContent("{}", Encoding.UTF8, "application/json"), Ct)) { }
        await IsAsync(1L, "select count(*) from host.act where endpoint = 'POST /api/v1/token-value' and status = 403");
        var plans = await ExportAsync($"who={Root}&endpoint=v1/plans&kind=write");
        var act = Assert.Single(plans.GetProperty("acts").EnumerateArray());
        Assert.Equal("POST /api/v1/plans", act.GetProperty("endpoint").GetString());
        Assert.Contains("approvals.input (", act.GetProperty("changes")[0].GetString(), StringComparison.Ordinal);
        var refused = await ExportAsync($"who={RunningApp.Person}&endpoint=token-value");
        Assert.All(refused.GetProperty("acts").EnumerateArray(),
            a => Assert.Equal(RunningApp.Person, a.GetProperty("who").GetString()));
        Assert.NotEqual(0, refused.GetProperty("acts").GetArrayLength());
        Assert.Equal(0, (await ExportAsync("from=2020-01-01&to=2020-01-02")).GetProperty("acts").GetArrayLength());

        var csv = await running.Admin.GetStringAsync(new Uri("/api/v1/acts?format=csv", UriKind.Relative), Ct);
        var rows = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("at,kind,who", rows[0], StringComparison.Ordinal);
        Assert.Contains(rows, row => row.Contains("\"POST /api/v1/plans\"", StringComparison.Ordinal));
        foreach (var wrong in (string[])["kind=x", "format=xml", "from=2026-11-02&to=2026-11-02"])
        {
            using var answer = await running.Admin.GetAsync(new Uri($"/api/v1/acts?{wrong}", UriKind.Relative), Ct);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Looks_AtAnother_AreNotedAndAtOneselfAreNot()
    {
        foreach (var client in new[] { running.Admin, running.Employee })
            foreach (var path in (string[])[$"wallets/{RunningApp.Person}", $"wallets/{RunningApp.Person}", "people"])
                using (await client.GetAsync(new Uri($"/api/v1/{path}", UriKind.Relative), Ct)) { }
        await IsAsync($"{Root} {RunningApp.Person} GET /api/v1/wallets/{{personOrEmail}} 2", """
            select coalesce(string_agg(distinct concat_ws(' ', a.who, p.email, a.endpoint, s.times), '; '), '')
              from host.act a join people.v_person p on p.person_id = a.about_id
             cross join (select sum(times) as times from host.act where about_id is not null) s where a.kind = 'looked'
            """);
        await IsAsync(1L, $"""
            select count(*) from host.act where kind = 'looked' and about_id is null and endpoint = 'GET /api/v1/people'
               and who = '{Root}'
            """);
    }

    private async Task<JsonElement> ExportAsync(string query)
    {
        using var answer = await running.Admin.GetAsync(new Uri($"/api/v1/acts?{query}", UriKind.Relative), Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await RunningApp.JsonAsync(answer);
    }

    // What wrote nothing is noted after its answer, so that it may be there a moment later.
    private async Task IsAsync(object expected, string sql)
    {
        for (var tries = 0; ; tries++)
        {
            await FlushedAsync();
            var value = await running.ValueAsync(sql);
            if (value.Equals(expected) || tries == 100)
            {
                Assert.Equal(expected, value);
                return;
            }

            await Task.Delay(50, Ct);
        }
    }

    private Task<int> FlushedAsync() => running.App.Services.GetRequiredService<ActLog>().FlushAsync(Ct);

    private async Task IsNotedAsync(List<string> expected)
    {
        var missing = expected;
        for (var tries = 0; tries < 100 && missing.Count > 0; tries++)
        {
            await FlushedAsync();
            var noted = (string)await running.ValueAsync(
                $"select coalesce(string_agg(distinct endpoint, E'\\n'), '') from host.act where who = '{Root}'");
            missing = [.. expected.Except(noted.Split('\n'))];
            if (missing.Count > 0) await Task.Delay(50, Ct);
        }

        Assert.Equal("", string.Join('\n', missing));
    }
}
