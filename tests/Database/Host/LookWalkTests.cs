using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Guerdon.Identity.Audit;
using Guerdon.Kernel;
using Guerdon.People.Employees;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Host;

/// <summary>Every address that shows what is somebody's says whose it is, so that they learn who looked.</summary>
public sealed class LookWalkTests(RunningApp running) : IClassFixture<RunningApp>
{
    private const string Root = "root@corp.example";

    // Of whoever asks, and nobody else.
    private static readonly string[] OwnPages =
        ["/claims", "/convert", "/keys", "/notices", "/requests", "/statement", "/tiers"];

    // What answers says it: the tests below ask each, but for a conversion, which is as a pay line is.
    private static readonly string[] Saying =
    [
        "/api/v1/claims/{id}/receipt", "/api/v1/conversions/{id}", "/api/v1/keys", "/api/v1/pay-lines/{id}",
        "/api/v1/tiers/requests", "/pay/{Id}", "/statement.csv",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IEnumerable<RouteEndpoint> Endpoints =>
        running.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private static string NameOf(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');

    // Endpoints and pages are found, not listed.
    [Fact]
    public void Reads_OfWhatIsSomebodys_SayWhose()
    {
        var unsaid = Endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is { } methods
                && methods.HttpMethods.Contains("GET")
                && endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy is { } policy
                && Permissions.Find(policy) is { IsOfPersons: true, TellsOfOthers: true }
                && endpoint.Metadata.GetMetadata<Access.ShowsOthersAttribute>() is null
                && !endpoint.RoutePattern.Parameters.Any(p => p.Name is "personOrEmail" or "Person" or "wallet"))
            .Select(NameOf).Distinct();
        Assert.Equal(OwnPages.Concat(Saying).Order(StringComparer.Ordinal), unsaid.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Looks_ThatNoAddressNames_AreEachCounted()
    {
        var person = (await running.App.Services.GetRequiredService<PeopleDirectory>()
            .FindAsync(RunningApp.Person, Ct))!.Id;
        var (claim, line) = await PaidClaimAsync();
        foreach (var (path, endpoint, ofEverybody) in new[]
        {
            ($"/api/v1/keys?person={RunningApp.Person}", "GET /api/v1/keys", false),
            ($"/statement.csv?person={person}", "GET /statement.csv", false),
            ($"/api/v1/claims/{claim}/receipt", "GET /api/v1/claims/{id}/receipt", false),
            ($"/api/v1/pay-lines/{line}", "GET /api/v1/pay-lines/{id}", false),
            ($"/pay/{line}", "GET /pay/{Id}", false),
            ("/api/v1/tiers/requests?all=true", "GET /api/v1/tiers/requests", true),
        })
        {
            foreach (var client in new[] { running.Admin, running.Employee }) // one's own is no look
                using (var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Ct))
                    Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
            await running.App.Services.GetRequiredService<ActLog>().FlushAsync(Ct);
            var look = Assert.Single(
                await SeenAsync(), one => one.GetProperty("endpoint").GetString() == endpoint);
            Assert.Equal(
                (Root, ofEverybody, 1L), (look.GetProperty("email").GetString(),
                    look.GetProperty("ofEverybody").GetBoolean(), look.GetProperty("times").GetInt64()));
        }
    }

    // It changes nothing, and shows what somebody has.
    [Fact]
    public async Task Quote_ForAnother_IsALookWhereItIsGiven()
    {
        using var answer = await running.Admin.PostAsJsonAsync(
            new Uri($"/api/v1/people/{RunningApp.Person}/conversions/quote", UriKind.Relative),
            new { form = "cash", tokensMilli = 1_000_000_000_000L }, Ct);
        await running.App.Services.GetRequiredService<ActLog>().FlushAsync(Ct);
        var seen = (await SeenAsync()).Count(
            look => look.GetProperty("endpoint").GetString()!.EndsWith("/conversions/quote", StringComparison.Ordinal));
        Assert.Equal(answer.IsSuccessStatusCode ? 1 : 0, seen);
    }

    // Whoever breaks off at the last byte has read all before it.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Look_ThatItsReaderBreaksOff_CountsOnceSomethingWasSent(bool isSent)
    {
        var who = isSent ? "sent@corp.example" : "unsent@corp.example";
        var http = new DefaultHttpContext
        {
            RequestServices = running.App.Services, User = new(new ClaimsIdentity([new("email", who)], "a test")),
        };
        http.Features.Set<IHttpResponseFeature>(new Answering(isSent));
        http.SetEndpoint(Endpoints.Single(endpoint => NameOf(endpoint) == "/api/v1/wallets/{personOrEmail}"));
        http.Request.Method = "GET";
        http.Request.RouteValues["personOrEmail"] = RunningApp.Person;
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => ActWatch.Follow(http, _ => throw new OperationCanceledException()));
        await running.App.Services.GetRequiredService<ActLog>().FlushAsync(Ct);
        Assert.Equal(isSent ? 1 : 0, await running.NumberAsync(
            $"select count(*) from host.act where kind = 'looked' and about_id is not null and who = '{who}'"));
    }

    private sealed class Answering(bool isSent) : HttpResponseFeature
    {
        public override bool HasStarted => isSent;
    }

    [Fact]
    public async Task Secret_InThePlaceOfAnId_IsNotWritten()
    {
        const string secret = "Zq3Zq3Zq3Zq3Zq3Zq3Zq3Zq3Zq3Zq3Zq3Zq3Zq3";
        foreach (var path in (string[])[$"tokens/grd_{secret}", $"keys/sk-guerdon-{secret}", $"keys/{secret}"])
            using (var answer = await running.Employee.DeleteAsync(new Uri($"/api/v1/{path}", UriKind.Relative), Ct))
                Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest);
        await running.App.Services.GetRequiredService<ActLog>().FlushAsync(Ct);
        const string written = """
            select concat_ws(' ', count(*) filter (where subject like '%=…'),
                             count(*) filter (where to_jsonb(act)::text like '%Zq3%'))
              from host.act where endpoint like 'DELETE %' and status in (400, 404)
            """;
        for (var tries = 0; tries < 100 && (string)await running.ValueAsync(written) != "3 0"; tries++)
            await Task.Delay(50, Ct); // an act is noted after its answer
        Assert.Equal("3 0", await running.ValueAsync(written));
    }

    private async Task<(string Claim, string Line)> PaidClaimAsync()
    {
        var today = running.App.Services.GetRequiredService<TimeProvider>().Today().Iso();
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in new[]
        {
            ("vendor", "OpenAI"), ("service", "ChatGPT Plus"), ("spentOn", today), ("amount", "20.00"),
            ("currency", "USD"), ("purpose", "Drafts"),
        }) form.Add(new StringContent(value), name);
        form.Add(new ByteArrayContent("%PDF-1.7\nof a look\n%%EOF\n"u8.ToArray()), "receipt", "receipt.pdf");
        using var filed = await running.Employee.PostAsync(new Uri("/api/v1/claims", UriKind.Relative), form, Ct);
        var reply = await RunningApp.JsonAsync(filed);
        Assert.True(filed.IsSuccessStatusCode, $"{reply}");
        var claim = reply.GetProperty("claim").GetProperty("id").GetString()!;
        using var approved = await running.Admin.PostAsJsonAsync(
            new Uri($"/api/v1/claims/{claim}/approve", UriKind.Relative), new { }, Ct);
        Assert.True(approved.IsSuccessStatusCode, await approved.Content.ReadAsStringAsync(Ct));
        var lines = await AskAsync("people/me/pay-lines");
        return (claim, Assert.Single(lines.GetProperty("payLines").EnumerateArray()).GetProperty("id").GetString()!);
    }

    private async Task<List<JsonElement>> SeenAsync() =>
        [.. (await AskAsync("people/me/looks")).GetProperty("looks").EnumerateArray()];

    private async Task<JsonElement> AskAsync(string path)
    {
        using var answer = await running.Employee.GetAsync(new Uri($"/api/v1/{path}", UriKind.Relative), Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
        return await RunningApp.JsonAsync(answer);
    }
}
