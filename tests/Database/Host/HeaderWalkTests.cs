using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Host;

/// <summary>
/// Heads that no well-behaved client sends, over plain sockets: no header gives a 500, to a stranger, a browser that is
/// signed in, or a program. A client's library would mend most of them.
/// </summary>
public sealed class HeaderWalkTests(RunningApp running) : IClassFixture<RunningApp>
{
    private static readonly string[] Names =
    [
        "Accept", "Accept-Encoding", "Accept-Language", "Access-Control-Request-Headers",
        "Access-Control-Request-Method", "anthropic-beta", "anthropic-version", "api-key", "Authorization", "baggage",
        "Connection", "Content-Encoding",
        "Content-Length", "Content-Type", "Cookie", "Expect", "Forwarded", "Host", "If-Match", "If-Modified-Since",
        "If-None-Match", "Last-Event-ID", "Origin", "Range", "Referer", "Sec-Fetch-Site", "TE", "traceparent",
        "tracestate", "Transfer-Encoding", "Upgrade", "Via", "x-api-key", "X-Forwarded-For", "X-Forwarded-Host",
        "X-Forwarded-Proto", "x-goog-api-key", "X-HTTP-Method-Override", "X-Guerdon",
    ];

    // Of bytes, so that what is no text at all can be sent too.
    private static readonly string[] Values =
    [
        "", " ", "\0", "a\0b", "\u00e9", "\u00ff\u00fe", "\u00ed\u00a0\u0080", "%00", "'", "\"", "=", ";", ",,,", "-1",
        "9223372036854775807", "9223372036854775808", "9999-12-31", "*", "null", new('x', 7_000),
    ];

    private static readonly (string Name, string[] Values)[] Own =
    [
        ("Host",
        [
            "localhost:99999", "a..b", ".", "~", "a'b", "xn--", "xn--a", "[::1", "[::1]:99999", "a_b", "-", "a:b:c",
            "localhost:", "999.999.999.999", "[fe80::1%25eth0]", "user@host", "a b", new('y', 300),
        ]),
        ("Authorization", ["Bearer", "Bearer ", "Bearer grd_\u00e9", "Bearer grd_" + new string('0', 64), "Basic x"]),
        ("Content-Type",
        [
            "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"",
            "application/x-www-form-urlencoded; charset=utf-7", "application/json; charset=\"", "a/b;charset=x",
        ]),
        ("Cookie",
        [
            "guerdon=chunks-99999999", "guerdon=chunks--1", "guerdon=CfDJ8" + new string('A', 500), "guerdon.form=x",
            "guerdon.device=!", "guerdon.device=CfDJ8A", "guerdon.device=" + new string('A', 1_001),
        ]),
        ("Content-Encoding", ["gzip", "br", "zstd", "deflate", "gzip, gzip"]),
        ("Transfer-Encoding", ["chunked", "gzip, chunked"]), ("Range", ["bytes=0-", "bytes=-1", "bytes=5-1"]),
        ("If-Modified-Since", ["Fri, 31 Dec 9999 23:59:59 GMT"]), ("Expect", ["100-continue"]),
        ("Upgrade", ["websocket", "h2c"]), ("X-Forwarded-For", ["1.2.3.4:99999", "[::1", "unknown, a"]),
        ("traceparent", ["00-00000000000000000000000000000000-0000000000000000-00"]),
    ];

    private static readonly (string Line, string? Type, string Body)[] Asked =
    [
        ("GET /", null, ""), ("GET /admin", null, ""), ("GET /sign-in", null, ""), ("GET /api/v1/me", null, ""),
        ("GET /nothing", null, ""), ("GET /errors/web.not_found", null, ""), ("GET /readyz", null, ""),
        ("GET /v1/models", null, ""), ("OPTIONS /v1/messages", null, ""),
        ("POST /sign-in", "application/x-www-form-urlencoded", "email=a&password=b"),
        ("POST /admin/grants", "application/x-www-form-urlencoded", "_handler=x"),
        ("POST /api/v1/tokens", "application/json", "{\"name\":\"\"}"),
        ("POST /v1/messages", "application/json", "{\"model\":\"claude-haiku-4-5\"}"),
    ];

    // Of those that an endpoint itself, or what stands before it, may look at.
    private static readonly string[] ReadAnywhere =
    [
        "Accept", "Accept-Encoding", "Content-Type", "Content-Encoding", "Host", "Idempotency-Key", "If-Match",
        "If-None-Match", "If-Modified-Since", "Range", "Origin",
    ];

    private static readonly string[] OddAnywhere =
    [
        "", "\u00ed\u00a0\u0080", "\"", "W/\"", "*;q=NaN, ;;=", ",,,", "gzip", "9223372036854775808", "9999-12-31",
        "a\0b", new('x', 7_000),
    ];

    private const int HungUp = 0;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Heads_OddValues_NeverGive500()
    {
        var token = running.Admin.DefaultRequestHeaders.Authorization;
        string[] callers = ["", $"Authorization: {token}", $"Cookie: {await SessionAsync()}"];
        var (bad, sent) = (new ConcurrentBag<string>(), 0);
        var heads = from name in Names
                    from value in Values.Concat(Own.Where(o => o.Name == name).SelectMany(o => o.Values))
                    from asked in Asked
                    select (name, value, asked);
        await Parallel.ForEachAsync(heads, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Ct },
            async (head, ct) =>
            {
                var (name, value, asked) = head;
                var caller = callers[Interlocked.Increment(ref sent) % callers.Length];
                var mayPromise = name is "Content-Length" or "Transfer-Encoding" or "Expect";
                var status = await SendAsync(HeadOf(name, value, asked, caller) + asked.Body, mayPromise, ct);
                if (status >= 500 || (status == HungUp && !mayPromise))
                    bad.Add($"{asked.Line} {name}: {Short(value)} ({Short(caller)}): {status}");
            });

        Assert.True(sent > 10_000, $"Only {sent} requests were made.");
        Assert.True(bad.IsEmpty, $"{bad.Count}\n{string.Join('\n', bad.Order().Take(40))}");
    }

    [Fact]
    public async Task Heads_OddValuesAtEveryEndpoint_NeverGive500()
    {
        var token = running.Admin.DefaultRequestHeaders.Authorization;
        string[] callers = [$"Authorization: {token}", $"Cookie: {await SessionAsync()}"];
        var (bad, sent) = (new ConcurrentBag<string>(), 0);
        var heads = from endpoint in Endpoints()
                    from asked in LinesOf(endpoint)
                    from name in ReadAnywhere
                    from value in OddAnywhere
                    select (name, value, asked);
        await Parallel.ForEachAsync(heads, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Ct },
            async (head, ct) =>
            {
                var (name, value, asked) = head;
                var caller = callers[Interlocked.Increment(ref sent) % callers.Length];
                var status = await SendAsync(HeadOf(name, value, asked, caller) + asked.Body, false, ct);
                if (EndpointRequests.IsFault(status) || status == HungUp)
                    bad.Add($"{asked.Line} {name}: {Short(value)} ({Short(caller)}): {status}");
            });

        Assert.True(sent > 10_000, $"Only {sent} requests were made.");
        Assert.True(bad.IsEmpty, $"{bad.Count}\n{string.Join('\n', bad.Order().Take(40))}");
    }

    // What streams without an end is left out; so is what any method may ask for.
    private IEnumerable<RouteEndpoint> Endpoints() => running.App.Services.GetRequiredService<EndpointDataSource>()
        .Endpoints.OfType<RouteEndpoint>()
        .Where(e => !e.RoutePattern.RawText!.Contains("/live/", StringComparison.Ordinal));

    private static IEnumerable<(string Line, string? Type, string Body)> LinesOf(RouteEndpoint endpoint)
    {
        var query = EndpointRequests.QueryOf([.. EndpointRequests.ParametersOf(endpoint)], null, null);
        var to = EndpointRequests.PathOf(endpoint.RoutePattern, null, null) + query;
        foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            if (method is "GET" or "HEAD" or "DELETE") yield return ($"{method} {to}", null, "");
            else if (method is "POST" or "PUT") yield return ($"{method} {to}", "application/json", "{}");
    }

    [Theory]
    [InlineData("GET /admin HTTP/1.0\r\nAccept: text/html\r\n\r\n", 302)]
    [InlineData("GET /sign-in HTTP/1.0\r\nAccept: text/html\r\n\r\n", 200)]
    [InlineData("GET /sign-in HTTP/1.1\r\nHost:\r\nAccept: text/html\r\nConnection: close\r\n\r\n", 200)]
    [InlineData("GET /sign-in HTTP/1.1\r\nHost: a..b\r\nAccept: text/html\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET /api/v1/me HTTP/1.1\r\nHost: xn--\r\nConnection: close\r\n\r\n", 400)]
    public async Task Host_MissingOrNone_IsTheConnectionsOrRefused(string head, int status) =>
        Assert.Equal(status, await SendAsync(head, false, Ct));

    private static string HeadOf(
        string name, string value, (string Line, string? Type, string Body) asked, string caller)
    {
        var head = new StringBuilder($"{asked.Line} HTTP/1.1\r\n{name}: {value}\r\n");
        Add("Host", "localhost");
        Add("Accept", "text/html");
        Add("Connection", "close");
        if (asked.Type is not null) Add("Content-Type", asked.Type);
        if (name is not ("Content-Length" or "Transfer-Encoding")) Add("Content-Length", $"{asked.Body.Length}");
        if (caller.Length > 0 && !caller.StartsWith($"{name}:", StringComparison.Ordinal)) head.Append($"{caller}\r\n");
        return head.Append("\r\n").ToString();

        void Add(string its, string usual)
        {
            if (its != name) head.Append($"{its}: {usual}\r\n");
        }
    }

    // The status of the answer. Where the head may promise more than is sent, we hang up, and the server may too.
    private async Task<int> SendAsync(string request, bool mayPromise, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, running.Address.Port), limit.Token);
        var answer = new StringBuilder();
        try
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(request), limit.Token);
            if (mayPromise)
            {
                await Task.Delay(100, limit.Token);
                socket.Shutdown(SocketShutdown.Send);
            }

            var buffer = new byte[256];
            while (await socket.ReceiveAsync(buffer, limit.Token) is > 0 and var read)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
                if (answer.Length > 32 && !IsContinue(answer)) break;
            }
        }
        catch (SocketException)
        {
            // Hung up; what came before it counts.
        }

        var words = answer.ToString().Replace("HTTP/1.1 100 Continue\r\n\r\n", "", StringComparison.Ordinal).Split(' ');
        return words.Length > 1 ? int.Parse(words[1], CultureInfo.InvariantCulture) : HungUp;
    }

    private static bool IsContinue(StringBuilder answer) =>
        answer.ToString() == "HTTP/1.1 100 Continue\r\n\r\n";

    private static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;

    private async Task<string> SessionAsync()
    {
        using var client = running.Client(null);
        using var answer = await RealApp.SignInAsync(client, "root@corp.example", RunningApp.Password);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return RealApp.Cookie(answer, "guerdon")!;
    }
}
