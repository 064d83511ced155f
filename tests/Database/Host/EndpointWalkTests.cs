using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Guerdon.Kernel;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Host;

/// <summary>
/// Every endpoint of the real application, given what nobody should send: no input gives a 500, what is refused changes
/// nothing, and every refusal says what to do. Endpoints are found, not listed: a new one is walked from its first day.
/// </summary>
public sealed partial class EndpointWalkTests(RunningApp running) : IClassFixture<RunningApp>
{
    private static readonly string[] Left = ["/live/", "/assets/"]; // streams without an end; files by their hash

    private readonly EndpointRequests _requests = new(running.Address);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IEnumerable<RouteEndpoint> Endpoints => running.App.Services.GetRequiredService<EndpointDataSource>()
        .Endpoints.OfType<RouteEndpoint>().Where(e => !Left.Any(e.RoutePattern.RawText!.Contains) && !EndsAll(e));

    // With tokens=true it revokes those that the walk itself is made with.
    private static bool EndsAll(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText == "/api/v1/sessions"
        && endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is ["DELETE"];

    [Fact]
    public async Task Api_EdgeValues_NeverGive500AndChangeNothing()
    {
        var (bad, sent) = (new ConcurrentBag<string>(), 0);
        var line = await running.NumberAsync("select max(seq) from kernel.change");
        foreach (var endpoint in Endpoints.Where(IsApi))
        {
            foreach (var (who, client) in new[] { ("admin", running.Admin), ("employee", running.Employee) })
            {
                var before = await running.RowsAsync();
                var accepted = 0;
                await Parallel.ForEachAsync(_requests.RequestsOf(endpoint), new ParallelOptions
                {
                    MaxDegreeOfParallelism = 4, CancellationToken = Ct,
                }, async (make, ct) =>
                {
                    Interlocked.Increment(ref sent);
                    using var request = make();
                    var what = $"{who} {request.Method} {EndpointRequests.Short(request.RequestUri!.OriginalString)}"
                        + $" {await EndpointRequests.BodyOfAsync(request)}";
                    using var response = await client.SendAsync(request, ct);
                    if ((int)response.StatusCode < 400) Interlocked.Increment(ref accepted);
                    if (await WrongAsync(response) is { } wrong) bad.Add($"{what}\n    {wrong}");
                });
                if (accepted == 0 && await running.RowsAsync() != before)
                    bad.Add($"{who} {endpoint.DisplayName}: all was refused, and rows changed");
            }
        }

        Assert.True(sent > 5_000, $"Only {sent} requests were made.");
        Assert.True(bad.IsEmpty, running.Told(bad));
        Assert.Equal("", await running.ValueAsync($"""
            select coalesce(string_agg(distinct table_name, ' '), '') from kernel.change
             where seq > {line} and act_id is null and op <> 'batch' and table_name <> 'host.act_head'
            """)); // whatever was written is somebody's act
    }

    // Beyond the calendar that is taken, and in forms that somebody else reads as another day.
    [Theory]
    [InlineData("9999-12-31", "9999-12-31T23:59:59Z", "host.time_invalid")]
    [InlineData("0001-01-01", "0001-01-01T00:00:00Z", "host.time_invalid")]
    [InlineData("1899-12-31", "1899-12-31T23:59:59Z", "host.time_invalid")]
    [InlineData("11/12/2026", "11/12/2026 09:30", "host.request_invalid")]
    [InlineData("12 Nov 2026", "12 Nov 2026 09:30:00 GMT", "host.request_invalid")]
    [InlineData("2026-11", "2026-11", "host.request_invalid")]
    [InlineData("2026-11-31", "2026-11-31T09:30:00Z", "host.request_invalid")]
    [InlineData("2026-11-30T00:00:00", "20261130T093000Z", "host.request_invalid")]
    [InlineData("\uff12\uff10\uff12\uff16-11-30", "\u0662\u0660\u0662\u0666-11-30T09:30:00Z", "host.request_invalid")]
    [InlineData("\u200f2026-11-30", "\u200f2026-11-30T09:30:00Z", "host.request_invalid")]
    [InlineData("1764460800", "1764460800", "host.request_invalid")]
    public async Task Api_DaysThatAreNone_AreRefusedWhereverOneComesIn(string day, string instant, string code)
    {
        var walked = new List<string>();
        foreach (var endpoint in Endpoints.Where(IsApi))
        {
            // What is there for every method answers that nothing is: no day comes in.
            if (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is not [var method, ..]) continue;
            var query = EndpointRequests.ParametersOf(endpoint).ToList();
            var body = endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
            var sample = body is null ? null : EdgeValues.JsonOf(body).First();
            var path = EndpointRequests.PathOf(endpoint.RoutePattern, null, null);
            foreach (var (name, type) in EndpointRequests.DatesOf(endpoint.Metadata.GetMetadata<MethodInfo>()!, body))
            {
                var edge = type == typeof(DateOnly) ? day : instant;
                var inQuery = query.Contains(name);
                var json = inQuery || sample is null ? sample : EndpointRequests.With(sample, name, edge);
                var asked = path + EndpointRequests.QueryOf(
                    query, inQuery ? name : null, Uri.EscapeDataString(edge));
                using var request = _requests.Make(method, asked,
                    json is null ? null : Encoding.UTF8.GetBytes(json), json is null ? null : "application/json")();
                using var response = await running.Admin.SendAsync(request, Ct);
                var problem = await RunningApp.JsonAsync(response);
                Assert.True(problem.TryGetProperty("title", out var title) && title.GetString() == code,
                    $"{request.RequestUri} {json}: {(int)response.StatusCode} {problem}");
                Assert.Contains(name, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
                walked.Add($"{path} {name}");
            }
        }

        Assert.True(walked.Count >= 12, string.Join('\n', walked));
    }

    [Fact]
    public async Task Others_EdgeValues_NeverGive500()
    {
        var (bad, queries) = (new ConcurrentBag<string>(), 0);
        foreach (var endpoint in Endpoints.Where(e => !IsApi(e)))
        {
            if (endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
                queries += EndpointRequests.ParametersOf(endpoint).Count();
            foreach (var client in new[] { running.Admin, running.Employee, running.Nobody })
                await Parallel.ForEachAsync(_requests.RequestsOf(endpoint), Ct, async (make, ct) =>
                {
                    using var request = make();
                    var what = $"{request.Method} {EndpointRequests.Short(request.RequestUri!.OriginalString)}"
                        + $" {await EndpointRequests.BodyOfAsync(request)}";
                    using var response = await client.SendAsync(request, ct);
                    if (EndpointRequests.IsFault((int)response.StatusCode))
                        bad.Add($"{what}\n    {response.StatusCode}");
                });
        }

        Assert.True(queries > 10, $"Pages take only {queries} values from their queries.");
        Assert.True(bad.IsEmpty, running.Told(bad));
    }

    [Fact]
    public async Task Headers_OddOnes_NeverGive500()
    {
        foreach (var (name, value) in new[]
        {
            ("Accept", new string('a', 8_000)), ("Cookie", "guerdon=%E9%00; theme=\"" + new string('x', 4_000)),
            ("Authorization", "Bearer grd_" + new string('0', 5_000)), ("Authorization", "Bearer"),
            ("Accept-Language", "%00"), ("If-None-Match", "\""),
            ("Cookie", "guerdon.form=x; guerdon=CfDJ8" + new string('A', 2_000)), ("X-Guerdon", "2"),
        })
        {
            foreach (var path in new[] { "/", "/sign-in", "/api/v1/me", "/api/v1/people?limit=1", "/v1/models" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.TryAddWithoutValidation(name, value);
                using var response = await running.Nobody.SendAsync(request, Ct);
                Assert.False(
                    EndpointRequests.IsFault((int)response.StatusCode), $"{path} with {name}: {response.StatusCode}");
            }
        }
    }

    [Theory]
    [InlineData("keys", """{"name":"a\u0000b"}""", "name has a NUL character at 2")]
    [InlineData("keys", """{"name":"a\ud800"}""", "name has half a character")]
    [InlineData("tokens", """{"name":"\u0000"}""", "name has a NUL character at 1")]
    [InlineData("gateway-policy/close", """{"reason":"x\u0000"}""", "reason has a NUL character at 2")]
    public async Task Api_TextThatNothingCanHold_Is422AndNamesTheField(string path, string body, string says)
    {
        using var response = await running.Admin.PostAsync(
            $"/api/v1/{path}", new StringContent(body, Encoding.UTF8, "application/json"), Ct);

        var problem = await RunningApp.JsonAsync(response);
        Assert.Equal(422, (int)response.StatusCode);
        Assert.Equal("host.text_invalid", problem.GetProperty("title").GetString());
        Assert.StartsWith(says, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_EveryRefusal_HasItsPage()
    {
        var all = RefusalList.Of(RefusalList.AssembliesOf(Assembly.Load("guerdon")));
        Assert.True(all.Count > 100, $"{all.Count}");
        foreach (var (_, refusal) in all)
        {
            using var response = await running.Nobody.GetAsync($"/errors/{refusal.Code}", Ct);
            Assert.Equal(200, (int)response.StatusCode);
            var told = await RunningApp.JsonAsync(response);
            Assert.Equal(refusal.Code, told.GetProperty("code").GetString());
            Assert.Equal(refusal.NextStep, told.GetProperty("nextStep").GetString());
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, "/errors/people.person_not_found");
        request.Headers.Accept.ParseAdd("text/html");
        using var page = await running.Nobody.SendAsync(request, Ct);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains("people.person_not_found", await page.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        using var none = await running.Nobody.GetAsync("/errors/no.such", Ct);
        Assert.Equal(404, (int)none.StatusCode);
    }

    private static bool IsApi(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal);

    // What is wrong with an answer of the API, or null.
    private static async Task<string?> WrongAsync(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        if (EndpointRequests.IsFault((int)response.StatusCode)) return $"{status}";
        if (status < 400) return null;
        var path = response.RequestMessage!.RequestUri!.OriginalString;
        // Kestrel itself refuses such a path, before anything of ours; that document's own handler answers in text.
        if (path.Split('?')[0].Contains("%00", StringComparison.Ordinal)) return null;
        if (path.Contains("/openapi.json", StringComparison.Ordinal)) return null;
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return $"{status} is not a problem document";
        var problem = await RunningApp.JsonAsync(response);
        var isWhole = problem.TryGetProperty("nextStep", out var next) && next.GetString()!.Length > 0
            && problem.TryGetProperty("detail", out var detail) && detail.GetString()!.Length > 0;
        if (!isWhole) return $"{status} does not say what to do: {problem}";
        return TypeName().IsMatch($"{problem}") ? $"{status} names a type of the program: {problem}" : null;
    }

    [GeneratedRegex(@"\b(?:Guerdon|System)\.[A-Z]")]
    private static partial Regex TypeName();
}
