using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Guerdon.Database.Host;
using Guerdon.Kernel;
using Guerdon.Tests;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Guerdon.Database.Identity;

/// <summary>
/// What another site has an administrator's browser send is refused at every endpoint, however the path is written.
/// </summary>
public sealed class CrossSiteTests
{
    private const string Own = "https://pay.guerdon.example";
    private static readonly string[] Unsafe = ["POST", "PUT", "PATCH", "DELETE"];

    private static readonly (string Name, string Value)[][] Foreign =
    [
        [("Origin", "https://evil.example")],
        [("Origin", "https://evil.guerdon.example"), ("Sec-Fetch-Site", "same-site")],
        [("Origin", "https://pay.guerdon.example:8443")],
        [("Origin", "http://pay.guerdon.example")],
        [("Origin", "null")],
        [("Origin", $"{Own}, {Own}")],
        [("Sec-Fetch-Site", "cross-site")],
        [("Sec-Fetch-Site", "same-site")],
        [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"), ("X-Guerdon", "1")],
    ];

    private static readonly (string? Type, string Text)[] Bodies =
    [
        ("application/json", """{"reason":"x","plan":"x","period":"2026-01","name":"x"}"""),
        ("text/plain", """{"reason":"x","plan":"x","period":"2026-01","name":"x"}"""),
        ("application/x-www-form-urlencoded", "email=a%40b&password=x&reason=x"),
        (null, ""),
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Endpoints_ForeignRequestWithSession_AreRefusedAndChangeNothing()
    {
        await using var app = await RealApp.StartAsync(("Public:Address", Own));
        using var client = app.Client();
        var session = await app.SessionAsync();
        var before = await DatabaseState.ReadAsync(app.Db, Ct, DatabaseState.OfAServer);
        var (tried, passed) = (0, new List<string>());
        var requests =
            from endpoint in app.Endpoints
            from method in MethodsOf(endpoint)
            from headers in Foreign
            from body in Bodies
            select (endpoint, method, headers, body);
        foreach (var (endpoint, method, headers, body) in requests)
        {
            var path = Odd(endpoint.RoutePattern);
            using var answer = await SendAsync(client, method, path, session, headers, body);
            tried++;
            var (status, text) = (answer.StatusCode, await answer.Content.ReadAsStringAsync(Ct));
            var isRefused = IsGateway(endpoint)
                ? (int)status >= 400
                : status == HttpStatusCode.Forbidden && text.Contains("host.cross_site", StringComparison.Ordinal);
            if (!isRefused) passed.Add($"{method} {path} {string.Join(' ', headers)} {body.Type}: {status}");
        }

        Assert.Empty(passed);
        Assert.True(tried > 2_000, $"only {tried} requests were made");
        Assert.Equal(before, await DatabaseState.ReadAsync(app.Db, Ct, DatabaseState.OfAServer));
    }

    [Fact]
    public async Task Api_SessionAlone_NeedsTheHeaderInEveryCase()
    {
        await using var app = await RealApp.StartAsync(("Public:Address", Own));
        using var client = app.Client();
        var session = await app.SessionAsync();
        var passed = new List<string>();
        foreach (var endpoint in app.Endpoints.Where(e => e.Metadata.GetMetadata<ForPrograms>() is not null))
            foreach (var method in MethodsOf(endpoint).Where(_ => !IsGateway(endpoint)))
            {
                using var answer = await SendAsync(client, method, Odd(endpoint.RoutePattern), session, [], Bodies[0]);
                if (answer.StatusCode != HttpStatusCode.Forbidden)
                    passed.Add($"{method} {endpoint.RoutePattern.RawText}");
            }

        Assert.Empty(passed);
    }

    // The same endpoint, asked by our own page: the state that the tests above compare does change.
    [Fact]
    public async Task Api_OwnOrigin_PassesAndChangesTheState()
    {
        await using var app = await RealApp.StartAsync(("Public:Address", Own));
        using var client = app.Client();
        var session = await app.SessionAsync();
        var before = await DatabaseState.ReadAsync(app.Db, Ct, DatabaseState.OfAServer);
        (string, string)[] own = [("Origin", Own), ("Sec-Fetch-Site", "same-origin"), ("X-Guerdon", "1")];

        using var answer = await SendAsync(
            client, "POST", "/API/v1/gateway-policy/close", session, own, ("application/json", """{"reason":"x"}"""));

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
        Assert.NotEqual(before, await DatabaseState.ReadAsync(app.Db, Ct, DatabaseState.OfAServer));
    }

    [Fact]
    public async Task Api_StrangerInOddCase_GetsAProblemAndPagesSendToSignIn()
    {
        await using var app = await RealApp.StartAsync();
        using var client = app.Client();
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        foreach (var path in new[] { "/API/v1/me", "/api/V1/People", "/aPi/v1/openapi.json" })
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Ct);
            Assert.Equal((HttpStatusCode.Unauthorized, "application/problem+json"),
                (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        }

        using var nothing = await client.GetAsync(new Uri("/API/v1/nothing", UriKind.Relative), Ct);
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"),
            (nothing.StatusCode, nothing.Content.Headers.ContentType?.MediaType));
        using var page = await client.GetAsync(new Uri("/ADMIN", UriKind.Relative), Ct);
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        Assert.Equal("/sign-in?ReturnUrl=%2FADMIN", page.Headers.Location!.ToString());
        Assert.True(page.Headers.CacheControl?.NoStore);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, string method, string path, string session, (string Name, string Value)[] headers,
        (string? Type, string Text) body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        request.Headers.Add("Cookie", session);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (body.Type is not null)
            request.Content = new StringContent(body.Text, Encoding.UTF8, new MediaTypeHeaderValue(body.Type));
        return await client.SendAsync(request, Ct);
    }

    private static IEnumerable<string> MethodsOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods
            ? methods.Intersect(Unsafe)
            : Unsafe;

    // Personal keys alone sign in there: a cookie is nothing to it.
    private static bool IsGateway(RouteEndpoint endpoint) =>
        endpoint.Metadata.Any(m => m.GetType().Name == "ShortCircuitMetadata");

    // Every second letter of what is literal is a capital.
    private static string Odd(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment =>
        string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => string.Concat(literal.Content.Select((c, i) =>
                i % 2 == 0 ? char.ToUpperInvariant(c) : c)),
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart { ParameterPolicies.Count: > 0 } => "1",
            _ => "x",
        }))));
}
