using System.Net.Http.Json;
using System.Text.Json;
using Guerdon.Database.Host;
using Guerdon.Identity.Accounts;
using Guerdon.Identity.Audit;
using Guerdon.Identity.Logins;
using Guerdon.Identity.Sessions;
using Guerdon.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Identity;

/// <summary>Each way to sign in leaves an act: who got in, whose account was tried, and what was held off.</summary>
public sealed class SignInActTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // What needs no account and changes something signs in or out, or the gateway's keys are asked there. Endpoints are
    // found, not listed.
    [Fact]
    public async Task Endpoints_ThatAnybodyMaySendTo_AreWatched()
    {
        await using var app = await RealApp.StartAsync();
        var anybodys = app.Endpoints.Where(one => one.Metadata.GetMetadata<IAllowAnonymous>() is not null).ToList();
        // A page that has a form takes a permission.
        Assert.DoesNotContain(anybodys, one => one.Metadata.GetMetadata<FormNeedsAttribute>() is not null);
        var open = anybodys.Where(one => one.Metadata.GetMetadata<ComponentTypeMetadata>() is null
            && one.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { } methods
            && methods.Any(method => method is "POST" or "PUT" or "PATCH" or "DELETE")
            && one.Metadata.All(mark => mark.GetType().Name != "ShortCircuitMetadata")
            && one.RoutePattern.RawText != "/sign-in/passkey/options").ToList(); // a challenge, and nothing is written
        Assert.True(open.Count >= 6, $"Only {open.Count} were found.");
        // What nobody looks at refuses all that changes something.
        using var client = app.Client();
        foreach (var one in open.Where(one => one.Metadata.GetMetadata<Watched>() is null))
            foreach (var method in one.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                var path = EndpointRequests.PathOf(one.RoutePattern, null, null);
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                using var answer = await client.SendAsync(request, Ct);
                Assert.Equal($"{method} {path} MethodNotAllowed", $"{method} {path} {answer.StatusCode}");
            }
    }

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/api/v1/login/password")]
    public async Task Tries_WithAPassword_LeaveTheSameActs_ByPageAndByCommandLine(string way)
    {
        await using var app = await RealApp.StartAsync(("SignIn:TriesPerMinute", "3"));
        using var client = app.Client();
        await TryAsync(RealApp.Admin, RealApp.Password);
        await TryAsync("typed-secret", "x");
        await TryAsync(new string('x', 1_000), "x");
        for (var tries = 0; tries < 4; tries++) await TryAsync(RealApp.Admin, "wrong-and-secret");

        await AssertAsync(app, $"POST {way}", $"""
            refused 400 1; refused 401 1; refused 401 subject {RealApp.Admin} 3;
            signed_in 200 {RealApp.Admin} subject {RealApp.Admin} 1;
            throttled 429 subject {RealApp.Admin} 1
            """);
        Assert.Equal(0, await app.Db.ScalarAsync<long>(
            $"select count(*) from host.act where to_jsonb(act)::text similar to '%(secret|{RealApp.Password})%'",
            [], Ct));

        async Task TryAsync(string email, string password)
        {
            using var answer = way.StartsWith("/api", StringComparison.Ordinal)
                ? await client.PostAsJsonAsync(way, new { email, password }, Ct)
                : await RealApp.SignInAsync(client, email, password);
        }
    }

    [Fact]
    public async Task Code_OfACommandLine_LeavesAnActWhereItEnds_AndNoneWhileItWaits()
    {
        await using var app = await RealApp.StartAsync();
        using var client = app.Client();
        var account = await SessionTests.AccountAsync(app, RealApp.Admin);
        var begun = await PostAsync("login", new { });
        var device = begun.GetProperty("device").GetString();
        Assert.Equal("host.login_pending", await AskAsync());
        Assert.Equal("host.login_slow_down", await AskAsync());
        await app.SessionAsync(); // since it asked
        var session = new SessionId(await app.Db.ScalarAsync<Guid>("select session_id from host.session", [], Ct));
        var logins = app.Services.GetRequiredService<LoginRequests>();
        Assert.True(await logins.ConfirmAsync(begun.GetProperty("code").GetString(), account, session, Ct));
        await app.Db.ExecuteAsync("update host.login_request set asked_at = null", [], Ct); // it waited
        Assert.Null(await AskAsync());
        Assert.Equal("host.login_over", await AskAsync());
        await AssertAsync(app, "POST /api/v1/login/poll",
            $"refused 400 1; signed_in 200 {RealApp.Admin} 1; throttled 429 1");

        for (var begins = 0; begins < LoginRequests.MostPerAddress; begins++) await PostAsync("login", new { });
        Assert.Equal("host.login_too_many", TitleOf(await PostAsync("login", new { })));
        await AssertAsync(app, "POST /api/v1/login", $"""
            answered 200 {LoginRequests.MostPerAddress + 1}; throttled 429 1
            """);

        async Task<string?> AskAsync() => TitleOf(await PostAsync("login/poll", new { device }));

        async Task<JsonElement> PostAsync(string path, object body)
        {
            using var answer = await client.PostAsJsonAsync($"/api/v1/{path}", body, Ct);
            return await RunningApp.JsonAsync(answer);
        }
    }

    private static string? TitleOf(JsonElement answer) =>
        answer.TryGetProperty("title", out var title) ? title.GetString() : null;

    // They are noted after their answers, so that they may be there a moment later.
    private static async Task AssertAsync(RealApp app, string endpoint, string expected)
    {
        expected = expected.ReplaceLineEndings(" ");
        for (var tries = 0; ; tries++)
        {
            await app.Services.GetRequiredService<ActLog>().FlushAsync(Ct);
            var noted = await app.Db.ScalarAsync<string>("""
                select string_agg(concat_ws(' ', kind, status, nullif(who, ''), 'subject ' || nullif(subject, ''),
                                            times), '; ' order by kind, status, subject)
                  from (select kind, status, who, subject, sum(times) as times from host.act where endpoint = $1
                         group by kind, status, who, subject) a
                """, [endpoint], Ct);
            if (noted == expected || tries == 60)
            {
                Assert.Equal(expected, noted);
                return;
            }

            await Task.Delay(50, Ct);
        }
    }
}
