using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Guerdon.Storage;
using Guerdon.Web.Shared;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Host;

/// <summary>Every answer has the headers that keep a browser from taking it for what it is not: of every endpoint, and
/// of every way in which a request ends before it reaches one.</summary>
public sealed class SecurityHeaderTests(RunningApp running) : IClassFixture<RunningApp>
{
    private const string Tls = "Strict-Transport-Security";

    // Their least: an answer may be stricter, and say more of caches.
    private static readonly (string Name, string Part)[] Always =
    [
        ("Content-Security-Policy", "frame-ancestors 'none'"), ("Content-Security-Policy", "default-src 'none'"),
        ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "-"),
        ("Cross-Origin-Opener-Policy", "same-origin"), ("Permissions-Policy", "camera=()"), ("Cache-Control", ""),
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Endpoints_AskedByAnybody_EachAnswerWithAllOfThem()
    {
        var (bad, kinds, asked) = (new List<string>(), new HashSet<int>(), 0);
        foreach (var endpoint in running.App.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>())
        {
            var path = EndpointRequests.PathOf(endpoint.RoutePattern, null, null);
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                if (method == "CONNECT") continue; // which a client sends to proxies only
                foreach (var client in (HttpClient[])[running.Nobody, running.Employee])
                {
                    if (client == running.Employee && path.Contains("/live/", StringComparison.Ordinal)) continue;
                    using var request = new HttpRequestMessage(new HttpMethod(method), path);
                    using var answer = await client.SendAsync(
                        request, HttpCompletionOption.ResponseHeadersRead, Ct);
                    kinds.Add((int)answer.StatusCode);
                    asked++;
                    bad.AddRange(Missing(answer).Select(it => $"{method} {path} {(int)answer.StatusCode}: {it}"));
                }
            }
        }

        Assert.True(asked > 200, $"Only {asked} were asked.");
        Assert.Empty(new[] { 200, 302, 400, 401, 403, 404 }.Except(kinds));
        Assert.Equal("", string.Join('\n', bad));
    }

    /// <summary>How a request may end: the status, and what makes it end so.</summary>
    public static TheoryData<int, string, string, string> Ends => new()
    {
        { 200, "a page", "GET", "/sign-in" },
        { 200, "a file", "GET", AssetFiles.Address("site.css") },
        { 302, "a redirect", "GET", "/admin" },
        { 404, "no page", "GET", "/nothing" },
        { 404, "no endpoint", "GET", "/api/v1/nothing" },
        { 405, "no such method", "POST", "/scim/v2/Schemas" },
        { 401, "no account", "GET", "/api/v1/me" },
        { 401, "no directory", "GET", "/scim/v2/Users" },
        { 413, "too long", "POST", "/sign-in" },
        { 413, "too long for an endpoint that is not there", "POST", "/nowhere" },
        { 415, "no charset", "POST", "/sign-in" },
        { 401, "no key", "POST", "/v1/messages" },
        { 401, "wrong key", "GET", "/v1/models" },
        { 404, "not served", "POST", "/v1/nothing" },
        { 426, "no socket", "GET", "/v1/responses" },
        { 500, "a fault", "GET", "/api/v1/me" },
        { 503, "no right", "GET", "/api/v1/me" },
        { 503, "gateway without its keys", "POST", "/v1/messages" },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Answers_HoweverTheyEnd_HaveAllOfThem(int status, string how, string method, string path)
    {
        await using var app = await RealApp.StartAsync(("Public:Address", "https://guerdon.example.com"));
        using var client = app.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        switch (how)
        {
            case "too long" or "too long for an endpoint that is not there":
                request.Content = new ByteArrayContent(new byte[(1 << 20) + 1]);
                break;
            case "no charset":
                request.Content = new StringContent("email=a");
                request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("text/plain; charset=utf-7");
                break;
            case "no socket":
                request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
                break;
            case "wrong key" or "gateway without its keys":
                request.Headers.Authorization = new("Bearer", "sk-guerdon-" + new string('0', 64));
                if (how != "wrong key")
                    await app.OwnerDb.ExecuteAsync("alter table gateway.key rename to gone", [], Ct);
                break;
            case "a fault" or "no right":
                request.Headers.Authorization = new("Bearer", "grd_" + new string('0', 64));
                await app.OwnerDb.ExecuteAsync(
                    how == "a fault" ? "alter table host.token rename to gone"
                        : "revoke select on host.token from guerdon_app", [], Ct);
                break;
        }

        using var answer = await client.SendAsync(request, Ct);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("", string.Join('\n', Missing(answer)));
        Assert.Contains("max-age=31536000", Assert.Single(answer.Headers.GetValues(Tls)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_ThatIsNone_IsRefusedWithAllOfThem()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, running.Address.Port, Ct);
        await socket.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes("GET /sign-in HTTP/1.1\r\nHost: a..b\r\nConnection: close\r\n\r\n"), Ct);
        using var reader = new StreamReader(socket.GetStream());
        var said = await reader.ReadToEndAsync(Ct);
        Assert.StartsWith("HTTP/1.1 400", said, StringComparison.Ordinal);
        Assert.Equal("", string.Join('\n', Always
            .Where(header => !said.Contains($"\n{header.Name}: ", StringComparison.OrdinalIgnoreCase)
                || !said.Contains(header.Part, StringComparison.Ordinal))
            .Select(header => header.Name)));
        Assert.DoesNotContain(Tls, said, StringComparison.OrdinalIgnoreCase); // it is reached without TLS
    }

    // What a provider answered is relayed as it is: only what it did not say is added.
    [Theory]
    [InlineData(400, "{")]
    [InlineData(200, """{"model":"gpt-5-mini","messages":[{"role":"user","content":"x"}],"max_completion_tokens":9}""")]
    [InlineData(200, """{"model":"gpt-5-mini","messages":[{"role":"user","content":"x"}],"stream":true}""")]
    public async Task Gateway_WithAKey_HasAllOfThemBesideWhatTheProviderSays(int status, string body)
    {
        await running.FundAsync(1_000_000);
        using var answer = await running.Caller.PostAsync(
            new Uri("/v1/chat/completions", UriKind.Relative),
            new StringContent(body, Encoding.UTF8, "application/json"), Ct);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("", string.Join('\n', Missing(answer)));
        Assert.Equal(
            body.Contains("stream", StringComparison.Ordinal) ? "text/event-stream" : "application/json",
            answer.Content.Headers.ContentType?.MediaType);
        if (status == 200) Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
    }

    // Each once, and with what it must say at least.
    private static IEnumerable<string> Missing(HttpResponseMessage answer)
    {
        foreach (var (name, part) in Always)
        {
            var values = answer.Headers.TryGetValues(name, out var all) ? all.ToArray() : [];
            if (name == "Cache-Control") values = values.Length == 0 ? values : [string.Join(", ", values)];
            if (values is not [var value]) yield return $"{name} stands there {values.Length} times";
            else if (!value.Contains(part, StringComparison.Ordinal)) yield return $"{name}: {value}";
        }
    }
}
