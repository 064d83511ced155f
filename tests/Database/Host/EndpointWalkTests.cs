using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Stipend.Kernel;

namespace Stipend.Database.Host;

/// <summary>
/// Every endpoint of the real application, given what nobody should send: no input gives a 500, what is refused changes
/// nothing, and every refusal says what to do. Endpoints are found, not listed: a new one is walked from its first day.
/// </summary>
public sealed class EndpointWalkTests(RunningApp running) : IClassFixture<RunningApp>
{
    private static readonly string[] Left = ["/live/", "/assets/"]; // streams without an end; files by their hash

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IEnumerable<RouteEndpoint> Endpoints => running.App.Services.GetRequiredService<EndpointDataSource>()
        .Endpoints.OfType<RouteEndpoint>().Where(e => !Left.Any(e.RoutePattern.RawText!.Contains));

    [Fact]
    public async Task Api_EdgeValues_NeverGive500AndChangeNothing()
    {
        var (bad, sent) = (new ConcurrentBag<string>(), 0);
        foreach (var endpoint in Endpoints.Where(IsApi))
        {
            foreach (var (who, client) in new[] { ("admin", running.Admin), ("employee", running.Employee) })
            {
                var before = await running.RowsAsync();
                var accepted = 0;
                await Parallel.ForEachAsync(RequestsOf(endpoint), new ParallelOptions
                {
                    MaxDegreeOfParallelism = 4, CancellationToken = Ct,
                }, async (make, ct) =>
                {
                    Interlocked.Increment(ref sent);
                    using var request = make();
                    var what = $"{who} {request.Method} {Short(request.RequestUri!.OriginalString)}"
                        + $" {await BodyOfAsync(request)}";
                    using var response = await client.SendAsync(request, ct);
                    if ((int)response.StatusCode < 400) Interlocked.Increment(ref accepted);
                    if (await WrongAsync(response) is { } wrong) bad.Add($"{what}\n    {wrong}");
                });
                if (accepted == 0 && await running.RowsAsync() != before)
                    bad.Add($"{who} {endpoint.DisplayName}: all was refused, and rows changed");
            }
        }

        Assert.True(sent > 5_000, $"Only {sent} requests were made.");
        Assert.True(bad.IsEmpty, Told(bad));
    }

    [Theory]
    [InlineData("9999-12-31", "9999-12-31T23:59:59Z")]
    [InlineData("0001-01-01", "0001-01-01T00:00:00Z")]
    public async Task Api_DaysAtTheCalendarsEnds_AreRefusedWhereverOneComesIn(string day, string instant)
    {
        var walked = new List<string>();
        foreach (var endpoint in Endpoints.Where(IsApi))
        {
            // What is there for every method answers that nothing is: no day comes in.
            if (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is not [var method, ..]) continue;
            var query = ParametersOf(endpoint).ToList();
            var body = endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
            var sample = body is null ? null : EdgeValues.JsonOf(body).First();
            var path = PathOf(endpoint.RoutePattern, null, null);
            foreach (var (name, type) in DatesOf(endpoint.Metadata.GetMetadata<MethodInfo>()!, body))
            {
                var edge = type == typeof(DateOnly) ? day : instant;
                var inQuery = query.Contains(name);
                var json = inQuery || sample is null ? sample : With(sample, name, edge);
                using var request = Make(method, path + QueryOf(query, inQuery ? name : null, edge),
                    json is null ? null : Encoding.UTF8.GetBytes(json), json is null ? null : "application/json")();
                using var response = await running.Admin.SendAsync(request, Ct);
                var problem = await RunningApp.JsonAsync(response);
                Assert.True(problem.TryGetProperty("title", out var title) && title.GetString() == "host.time_invalid",
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
        var bad = new ConcurrentBag<string>();
        foreach (var endpoint in Endpoints.Where(e => !IsApi(e)))
            foreach (var client in new[] { running.Admin, running.Employee, running.Nobody })
                await Parallel.ForEachAsync(RequestsOf(endpoint), Ct, async (make, ct) =>
                {
                    using var request = make();
                    var what = $"{request.Method} {Short(request.RequestUri!.OriginalString)}"
                        + $" {await BodyOfAsync(request)}";
                    using var response = await client.SendAsync(request, ct);
                    if ((int)response.StatusCode is 500 or 501 or > 504) bad.Add($"{what}\n    {response.StatusCode}");
                });

        Assert.True(bad.IsEmpty, Told(bad));
    }

    [Fact]
    public async Task Headers_OddOnes_NeverGive500()
    {
        foreach (var (name, value) in new[]
        {
            ("Accept", new string('a', 8_000)), ("Cookie", "stipend=%E9%00; theme=\"" + new string('x', 4_000)),
            ("Authorization", "Bearer stp_" + new string('0', 5_000)), ("Authorization", "Bearer"),
            ("Accept-Language", "%00"), ("If-None-Match", "\""),
            ("Cookie", "stipend.form=x; stipend=CfDJ8" + new string('A', 2_000)), ("X-Stipend", "2"),
        })
        {
            foreach (var path in new[] { "/", "/sign-in", "/api/v1/me", "/api/v1/people?limit=1", "/v1/models" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.TryAddWithoutValidation(name, value);
                using var response = await running.Nobody.SendAsync(request, Ct);
                Assert.True((int)response.StatusCode < 500, $"{path} with {name}: {response.StatusCode}");
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
        var all = RefusalList.Of(RefusalList.AssembliesOf(Assembly.Load("stipend")));
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
        if (status >= 500) return $"{status}";
        if (status < 400) return null;
        var path = response.RequestMessage!.RequestUri!.OriginalString;
        // Kestrel itself refuses such a path, before anything of ours; that document's own handler answers in text.
        if (path.Split('?')[0].Contains("%00", StringComparison.Ordinal)) return null;
        if (path.Contains("/openapi.json", StringComparison.Ordinal)) return null;
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return $"{status} is no problem document";
        var problem = await RunningApp.JsonAsync(response);
        var isWhole = problem.TryGetProperty("nextStep", out var next) && next.GetString()!.Length > 0
            && problem.TryGetProperty("detail", out var detail) && detail.GetString()!.Length > 0;
        return isWhole ? null : $"{status} does not say what to do: {problem}";
    }

    private IEnumerable<Func<HttpRequestMessage>> RequestsOf(RouteEndpoint endpoint)
    {
        var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"];
        methods = [.. methods.Where(method => method != "CONNECT")]; // which a client sends to proxies only
        var query = ParametersOf(endpoint).ToList();
        foreach (var method in methods)
        {
            var path = PathOf(endpoint.RoutePattern, null, null);
            var known = QueryOf(query, null, null);
            foreach (var name in endpoint.RoutePattern.Parameters.Select(p => p.Name))
                foreach (var edge in EdgeValues.InAddresses)
                    yield return Make(method, PathOf(endpoint.RoutePattern, name, edge) + known);
            foreach (var name in query)
                foreach (var edge in EdgeValues.InAddresses)
                    yield return Make(method, path + QueryOf(query, name, edge));
            yield return Make(method, path + "?%00=%00&&=&a[=%zz");
            if (method is "GET" or "HEAD" or "DELETE") continue;
            foreach (var (body, media) in BodiesOf(endpoint))
                yield return Make(method, path + known, body, media);
        }
    }

    private static IEnumerable<(byte[] Body, string? Media)> BodiesOf(RouteEndpoint endpoint)
    {
        var type = endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;
        foreach (var body in EdgeValues.Bodies) yield return (body, type is null ? "text/plain" : "application/json");
        foreach (var media in EdgeValues.MediaTypes) yield return ("{\"a\":1}"u8.ToArray(), media);
        if (type is not null && type != typeof(IFormCollection))
            foreach (var json in EdgeValues.JsonOf(type))
                yield return (Encoding.UTF8.GetBytes(json), "application/json");
        if (type is not null || ExampleOf(endpoint.RoutePattern.RawText!) is not { } text) yield break;
        foreach (var changed in EdgeValues.TextsOf(text)) yield return (Encoding.UTF8.GetBytes(changed), "text/plain");
    }

    private static string? ExampleOf(string route)
    {
        const string usage = "at,in,out\n2026-11-01T09:30:00Z,100,50\n1793525400,10,5\n";
        const string vesting = """
            {"object_type":"VESTING_TERMS","id":"t","name":"t","description":"","allocation_type":"CUMULATIVE_ROUNDING",
             "vesting_conditions":[{"id":"s","quantity":"0","trigger":{"type":"VESTING_START_DATE"},
             "next_condition_ids":["m"]},{"id":"m","portion":{"numerator":"1","denominator":"48"},"trigger":
             {"type":"VESTING_SCHEDULE_RELATIVE","period":{"type":"MONTHS","length":1,"occurrences":48,
             "day_of_month":"01"},"relative_to_condition_id":"s"},"next_condition_ids":[]}]}
            """;
        const string report = """
            {"object":"page","data":[{"object":"bucket","start_time":1793404800,"end_time":1793491200,"results":[
             {"object":"organization.usage.completions.result","input_tokens":10,"output_tokens":5,
              "input_cached_tokens":1,"num_model_requests":1,"model":"gpt-4o"}]}],"has_more":false}
            """;
        const string prices = "model,provider,input,output,context_tokens\nm-1,openai,1.5,3,1000\n";
        return route switch
        {
            _ when route.Contains("plans", StringComparison.Ordinal) => Read("plan-full.yaml"),
            _ when route.Contains("gateway-policy", StringComparison.Ordinal) => Read("policy.yaml"),
            _ when route.Contains("payroll", StringComparison.Ordinal) => Read("payroll.yaml"),
            _ when route.Contains("conversion-terms", StringComparison.Ordinal) => Read("conversion.yaml"),
            _ when route.Contains("offers", StringComparison.Ordinal) => Read("offer.yaml"),
            _ when route.Contains("people/import", StringComparison.Ordinal) => Read("people.csv"),
            _ when route.Contains("awards/import", StringComparison.Ordinal) =>
                $"person,award,amount_usd,reason\n{RunningApp.Person},star,250.50,Shipped\n",
            _ when route.Contains("usage/import", StringComparison.Ordinal) => usage,
            _ when route.Contains("vesting/check", StringComparison.Ordinal) => vesting,
            _ when route.Contains("reconciliation/reports", StringComparison.Ordinal) => report,
            _ when route.Contains("prices/proposals", StringComparison.Ordinal) => prices,
            _ => null,
        };

        static string Read(string name) => File.ReadAllText(RunningApp.Example(name));
    }

    // Names that a handler takes from the query, its parameter objects' members too.
    private static IEnumerable<string> ParametersOf(RouteEndpoint endpoint)
    {
        var inPath = endpoint.RoutePattern.Parameters.Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var handler = endpoint.Metadata.GetMetadata<MethodInfo>();
        var names = (handler?.GetParameters() ?? []).SelectMany(p =>
            p.GetCustomAttribute<AsParametersAttribute>() is null
                ? IsValue(p.ParameterType) ? [p.Name!] : []
                : p.ParameterType.GetProperties().Where(m => IsValue(m.PropertyType)).Select(m => m.Name));
        return names.Select(n => char.ToLowerInvariant(n[0]) + n[1..]).Where(n => !inPath.Contains(n));

        static bool IsValue(Type type) => type == typeof(string) || type == typeof(string[])
            || (Nullable.GetUnderlyingType(type) ?? type) is { IsPrimitive: true }
                or { Name: "DateOnly" or "DateTimeOffset" };
    }

    private static IEnumerable<(string Name, Type Type)> DatesOf(MethodInfo handler, Type? body)
    {
        var members = handler.GetParameters().Where(p => p.GetCustomAttribute<AsParametersAttribute>() is not null)
            .Select(p => p.ParameterType).Append(body).OfType<Type>().SelectMany(t => t.GetProperties())
            .Select(m => (m.Name, Type: m.PropertyType));
        return handler.GetParameters().Select(p => (Name: p.Name!, Type: p.ParameterType)).Concat(members)
            .Select(p => (char.ToLowerInvariant(p.Name[0]) + p.Name[1..], Nullable.GetUnderlyingType(p.Type) ?? p.Type))
            .Where(p => p.Item2 == typeof(DateOnly) || p.Item2 == typeof(DateTimeOffset));
    }

    private static string With(string sample, string name, string value)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(sample)!;
        json[name] = value;
        return json.ToJsonString();
    }

    private static string QueryOf(List<string> names, string? one, string? edge)
    {
        var pairs = names.Select(n => (n, Value: n == one ? edge : EdgeValues.Known(n)))
            .Where(p => p.Value is not null)
            .Select(p => $"{p.n}={(p.n == one ? p.Value : Uri.EscapeDataString(p.Value!))}").ToList();
        return pairs.Count == 0 ? "" : "?" + string.Join('&', pairs);
    }

    private static string PathOf(RoutePattern pattern, string? one, string? edge)
    {
        var path = new StringBuilder();
        foreach (var segment in pattern.PathSegments)
        {
            path.Append('/');
            foreach (var part in segment.Parts)
                path.Append(part switch
                {
                    RoutePatternLiteralPart literal => literal.Content,
                    RoutePatternParameterPart p when p.Name == one => edge,
                    RoutePatternParameterPart p => Uri.EscapeDataString(IdIn(pattern.RawText!, p.Name)),
                    _ => "x",
                });
        }

        return path.Length == 0 ? "/" : path.ToString();
    }

    private static string IdIn(string route, string name)
    {
        if (name is not ("id" or "token" or "link")) return EdgeValues.Known(name) ?? "1";
        var prefixes = new (string In, string Prefix)[]
        {
            ("grants/runs", "run"), ("proposals", "ppl"), ("reconciliation", "rec"), ("conversions", "cnv"),
            ("pay-lines", "pay"), ("claims", "clm"), ("keys", "key"), ("tiers", "trq"), ("facts", "vfa"),
            ("links", "lnk"), ("tokens", "tok"),
        };
        var prefix = prefixes.FirstOrDefault(p => route.Contains(p.In, StringComparison.Ordinal)).Prefix ?? "x";
        return $"{prefix}_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b";
    }

    private Func<HttpRequestMessage> Make(
        string method, string address, byte[]? body = null, string? media = null) => () =>
    {
        // As it stands: a Uri would mend what is wrong with it.
        var raw = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var server = running.Address.GetLeftPart(UriPartial.Authority);
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server + address, raw));
        if (body is null) return request;
        request.Content = new ByteArrayContent(body);
        if (media is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", media);
        return request;
    };

    private static async Task<string> BodyOfAsync(HttpRequestMessage request) => request.Content is null ? ""
        : $"[{request.Content.Headers.ContentType}] "
            + Short(Encoding.UTF8.GetString(await request.Content.ReadAsByteArrayAsync(Ct)));

    private static string Short(string text) => text.Length > 400 ? text[..400] + "…" : text;

    private string Told(ConcurrentBag<string> bad)
    {
        var errors = running.Logged.Split('\n').Where(line => line.Contains("Exception", StringComparison.Ordinal)
            || line.TrimStart().StartsWith("at Stipend.", StringComparison.Ordinal)).TakeLast(4_000);
        var file = Path.Combine(Path.GetTempPath(), "stipend-walk.txt");
        File.WriteAllText(file, string.Join('\n', bad.Order()) + "\n\n" + string.Join('\n', errors));
        return string.Create(CultureInfo.InvariantCulture, $"{bad.Count} wrong answers; {file} has all.\n")
            + string.Join('\n', bad.Take(20));
    }
}
